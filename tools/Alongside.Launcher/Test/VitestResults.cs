using System.Text.Json;

namespace Alongside.Launcher.Test;

/// <summary>Reads the result files of <c>vitest run --reporter=json</c>.</summary>
public static class VitestResults
{
    public static SuiteResult Read(string path)
    {
        if (!File.Exists(path))
        {
            return SuiteResult.Broken("No result file was written.");
        }

        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return SuiteResult.Broken($"The result file can't be read: {e.Message}");
        }
    }

    /// <summary>In which files these failures are.</summary>
    public static string[] FilesOf(IEnumerable<string> failures) => [.. failures.Select(failure => failure[..failure.IndexOf(':', StringComparison.Ordinal)]).Distinct()];

    internal static SuiteResult Read(JsonElement root)
    {
        int passed = 0;
        var failures = new List<string>();
        foreach (var file in root.GetProperty("testResults").EnumerateArray())
        {
            string name = Path.GetFileName(file.GetProperty("name").GetString()) ?? "?";
            int before = failures.Count;
            foreach (var test in file.GetProperty("assertionResults").EnumerateArray())
            {
                string status = test.GetProperty("status").GetString() ?? "none";
                if (status == "passed")
                {
                    passed++;
                }
                else
                {
                    failures.Add($"{name}: {test.GetProperty("fullName").GetString()}: {(status == "failed" ? "" : status + ". ")}{First(test)}");
                }
            }

            if (file.GetProperty("status").GetString() != "passed" && failures.Count == before)
            {
                failures.Add($"{name}: {(file.TryGetProperty("message", out var message) ? message.GetString() : "failed outside of a test")}");
            }
        }

        if (passed == 0 && failures.Count == 0)
        {
            return SuiteResult.Broken("No test ran.");
        }

        if (failures.Count == 0 && !root.GetProperty("success").GetBoolean())
        {
            return SuiteResult.Broken("An error happened outside of the tests.", passed);
        }

        return new SuiteResult(passed, failures);
    }

    private static string First(JsonElement test) =>
        test.TryGetProperty("failureMessages", out var messages) && messages.GetArrayLength() > 0
            ? string.Join('\n', (messages[0].GetString() ?? "").Split('\n').Take(12))
            : "";
}
