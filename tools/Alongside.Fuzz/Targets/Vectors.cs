using System.Text.Json;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets;

/// <summary>Seeds from <c>tests/vectors</c>, wherever in the clone this program runs.</summary>
internal static class Vectors
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every <c>hex</c> of one list of a JSON file, each a case of one message.</summary>
    public static IEnumerable<Case> Hex(string file, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "tests", "vectors", file)));
        return [.. document.RootElement.GetProperty(list).EnumerateArray()
            .Where(vector => vector.TryGetProperty("hex", out _))
            .Select(vector => One(Convert.FromHexString(vector.GetProperty("hex").GetString()!)))];
    }

    /// <summary>Every <c>json</c> of one list of a JSON file.</summary>
    public static IEnumerable<string> Text(string file, string list)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Root, "tests", "vectors", file)));
        return [.. document.RootElement.GetProperty(list).EnumerateArray().Select(vector => vector.GetProperty("json").GetString()!)];
    }

    public static Case One(params byte[] message) => new([message]);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Alongside.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This program runs from a clone of Alongside.");
    }
}
