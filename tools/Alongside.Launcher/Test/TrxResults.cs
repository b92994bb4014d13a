using System.Xml;
using System.Xml.Linq;

namespace Alongside.Launcher.Test;

/// <summary>Reads the result files of <c>dotnet test --logger trx</c>.</summary>
public static class TrxResults
{
    private static readonly XNamespace Trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    public static SuiteResult Read(string path)
    {
        if (!File.Exists(path))
        {
            return SuiteResult.Broken("No result file was written.");
        }

        try
        {
            return Read(XDocument.Load(path));
        }
        catch (XmlException e)
        {
            return SuiteResult.Broken($"The result file can't be read: {e.Message}");
        }
    }

    /// <summary>Which tests these failures are of, as <c>dotnet test --filter</c> wants it: all cases of each method.</summary>
    public static string FilterOf(IEnumerable<string> failures) =>
        string.Join('|', failures.Select(failure => "FullyQualifiedName=" + failure[..failure.AsSpan().IndexOfAny('(', ':')]).Distinct());

    internal static SuiteResult Read(XDocument file)
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
}
