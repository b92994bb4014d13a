using System.Xml;
using System.Xml.Linq;

namespace Alongside.Launcher.Test;

/// <summary>Reads the result files of <c>dotnet test --logger trx --blame-hang</c>: the results, and which tests had begun and not ended.</summary>
public static class TrxResults
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    /// <param name="path">The results.</param>
    /// <param name="folder">Where the lists of begun tests are, in folders of their own.</param>
    public static SuiteResult Read(string path, string folder)
    {
        if (!File.Exists(path))
        {
            return SuiteResult.Broken("No result file was written.");
        }

        try
        {
            return Read(XDocument.Load(path), Stuck(folder));
        }
        catch (XmlException e)
        {
            return SuiteResult.Broken($"The result file can't be read: {e.Message}");
        }
    }

    /// <summary>Which tests these failures are of, as <c>dotnet test --filter</c> wants it: all cases of each method.</summary>
    public static string FilterOf(IEnumerable<string> failures) =>
        string.Join('|', failures.Select(failure => "FullyQualifiedName=" + failure[..failure.AsSpan().IndexOfAny('(', ':')]).Distinct());

    /// <param name="file">The results.</param>
    /// <param name="stuck">Tests that had not ended when the run was ended for taking too long.</param>
    internal static SuiteResult Read(XDocument file, params IReadOnlyList<string> stuck)
    {
        int passed = 0;
        var failures = new List<string>();
        foreach (var test in file.Descendants(Trx + "UnitTestResult"))
        {
            string outcome = test.Attribute("outcome")?.Value ?? "none";
            if (outcome == "Passed")
            {
                passed++;
                continue;
            }

            string? message = test.Descendants(Trx + "Message").FirstOrDefault()?.Value;
            string? trace = test.Descendants(Trx + "StackTrace").FirstOrDefault()?.Value.Split('\n').FirstOrDefault(l => l.Contains(" in ", StringComparison.Ordinal));
            failures.Add($"{test.Attribute("testName")?.Value}: {(outcome == "NotExecuted" ? "skipped. " : "")}{message?.Trim()}\n{trace}".TrimEnd());
        }

        if (file.Descendants(Trx + "RunInfo").Any(said => said.Value.Contains("inactivity time", StringComparison.Ordinal)))
        {
            failures.AddRange(stuck.DefaultIfEmpty("A test, which one is not known").Select(name => $"{name}: did not end, nor did any beside it, for minutes. What would have come after it was not run."));
            return new SuiteResult(passed, failures) { IsCutShort = true };
        }

        // A crash of the test process, or an error outside of a test.
        string? summary = file.Descendants(Trx + "ResultSummary").FirstOrDefault()?.Attribute("outcome")?.Value;
        if (failures.Count == 0 && summary is not "Completed" and not "Passed")
        {
            return SuiteResult.Broken($"The run's outcome is \"{summary ?? "none"}\".", passed);
        }

        if (passed == 0 && failures.Count == 0)
        {
            return SuiteResult.Broken("No test ran.");
        }

        return new SuiteResult(passed, failures);
    }

    /// <summary>The runner leaves its list more than once.</summary>
    private static string[] Stuck(string folder) => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "Sequence_*.xml", SearchOption.AllDirectories)
            .SelectMany(list => XDocument.Load(list).Descendants("Test"))
            .Where(test => test.Attribute("Completed")?.Value == "False")
            .Select(test => test.Attribute("DisplayName")?.Value ?? "?")
            .Distinct(),
    ];
}
