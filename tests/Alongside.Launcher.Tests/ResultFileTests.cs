using System.Text.Json;
using System.Xml.Linq;
using Alongside.Launcher.Test;

namespace Alongside.Launcher.Tests;

public sealed class ResultFileTests
{
    [Fact]
    public void Trx_counts_what_passed_and_names_what_did_not()
    {
        var result = Trx("Failed", ("A", "Passed", ""), ("B", "Failed", "expected 1"), ("C", "NotExecuted", "too hard"));

        Assert.Equal(1, result.Passed);
        Assert.Collection(
            result.Failures,
            failure => Assert.StartsWith("B: expected 1", failure, StringComparison.Ordinal),
            failure => Assert.StartsWith("C: skipped. too hard", failure, StringComparison.Ordinal));
    }

    [Fact]
    public void A_trx_of_a_crash_is_a_failure_though_all_that_ran_passed() =>
        Assert.Single(Trx("Failed", ("A", "Passed", "")).Failures);

    [Fact]
    public void A_trx_without_tests_is_a_failure() => Assert.Single(Trx("Completed").Failures);

    [Fact]
    public void A_test_that_is_stuck_is_named_and_all_are_run_again()
    {
        var folder = Directory.CreateTempSubdirectory("alongside-results");
        var run = Directory.CreateDirectory(Path.Combine(folder.FullName, "a")).FullName;
        foreach (string copy in (string[])["Sequence_1.xml", "Sequence_2.xml"])
        {
            File.WriteAllText(Path.Combine(run, copy), """<TestSequence><Test DisplayName="A" Completed="True" /><Test DisplayName="B" Completed="False" /></TestSequence>""");
        }

        string file = Path.Combine(folder.FullName, "a.trx");
        TrxFile("Failed", "The specified inactivity time of 4 minutes has elapsed.", ("A", "Passed", "")).Save(file);
        var first = TrxResults.Read(file, run);
        folder.Delete(recursive: true);

        Assert.StartsWith("B: did not end", Assert.Single(first.Failures), StringComparison.Ordinal);
        Assert.True(first is { Passed: 1, IsCutShort: true, IsWorthAnother: true });
        Assert.Equal(new SuiteResult(3, []), first.Then(new SuiteResult(3, [])));
    }

    [Fact]
    public void A_missing_file_is_a_failure()
    {
        Assert.Single(TrxResults.Read("/nowhere/results.trx", "/nowhere").Failures);
        Assert.Single(VitestResults.Read("/nowhere/results.json").Failures);
    }

    [Fact]
    public void A_runner_that_fails_without_a_failed_test_is_a_failure()
    {
        var passed = new SuiteResult(5, []);

        Assert.Empty(passed.WithExitCode(0).Failures);
        Assert.Single(passed.WithExitCode(139).Failures);
        Assert.Single(new SuiteResult(5, ["B"]).WithExitCode(1).Failures);
    }

    [Fact]
    public void A_few_failures_are_worth_another_run_and_what_fails_then_counts()
    {
        var first = new SuiteResult(5, ["N.C.A(x: 1): no", "N.C.A(x: 2): no", "N.C.B: no"]);

        Assert.True(first.IsWorthAnother);
        Assert.Equal("FullyQualifiedName=N.C.A|FullyQualifiedName=N.C.B", TrxResults.FilterOf(first.Failures));
        var both = first.Then(new SuiteResult(2, ["N.C.B: no"]));
        Assert.Equal((7, "N.C.B: no"), (both.Passed, Assert.Single(both.Failures)));
    }

    [Fact]
    public void Many_failures_and_a_crash_are_not_worth_another_run()
    {
        Assert.False(new SuiteResult(5, ["a", "b", "c", "d", "e", "f"]).IsWorthAnother);
        Assert.False(new SuiteResult(5, []).IsWorthAnother);
        Assert.False(new SuiteResult(5, []).WithExitCode(139).IsWorthAnother);
        Assert.False(Trx("Failed", ("A", "Passed", "")).IsWorthAnother);
        Assert.False(TrxResults.Read("/nowhere/results.trx", "/nowhere").IsWorthAnother);
    }

    [Fact]
    public void Vitest_counts_what_passed_and_names_what_did_not()
    {
        var result = Vitest("""
            {"success":false,"testResults":[{"name":"/x/a.test.ts","status":"failed","assertionResults":[
              {"fullName":"adds","status":"passed"},
              {"fullName":"subtracts","status":"failed","failureMessages":["expected 1"]},
              {"fullName":"divides","status":"skipped"}]}]}
            """);

        Assert.Equal(1, result.Passed);
        Assert.Equal(["a.test.ts: subtracts: expected 1", "a.test.ts: divides: skipped. "], result.Failures);
    }

    [Fact]
    public void A_vitest_file_that_could_not_be_loaded_is_a_failure() => Assert.Equal(
        ["a.test.ts: no such import"],
        Vitest("""{"success":false,"testResults":[{"name":"/x/a.test.ts","status":"failed","message":"no such import","assertionResults":[]}]}""").Failures);

    [Fact]
    public void A_vitest_run_that_failed_outside_of_tests_is_a_failure() => Assert.Single(
        Vitest("""{"success":false,"testResults":[{"name":"a","status":"passed","assertionResults":[{"fullName":"adds","status":"passed"}]}]}""").Failures);

    private static SuiteResult Vitest(string json)
    {
        using var document = JsonDocument.Parse(json);
        return VitestResults.Read(document.RootElement);
    }

    private static SuiteResult Trx(string outcome, params (string Name, string Outcome, string Message)[] tests) => TrxResults.Read(TrxFile(outcome, "", tests));

    private static XDocument TrxFile(string outcome, string said, params (string Name, string Outcome, string Message)[] tests)
    {
        XNamespace trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";
        return new XDocument(new XElement(
            trx + "TestRun",
            new XElement(trx + "Results", tests.Select(test => new XElement(
                trx + "UnitTestResult",
                new XAttribute("testName", test.Name),
                new XAttribute("outcome", test.Outcome),
                new XElement(trx + "Message", test.Message)))),
            new XElement(trx + "ResultSummary", new XAttribute("outcome", outcome), new XElement(trx + "RunInfo", new XElement(trx + "Text", said)))));
    }
}
