using System.Text.RegularExpressions;

namespace Alongside.Core.Tests.Structure;

/// <summary>Habits that a machine can see (CONTRIBUTING.md).</summary>
public sealed class Tidiness
{
    private static readonly string Root = RepositoryRoot.Find();

    private static IEnumerable<string> Sources =>
        new[] { "src", "tests", "tools", "bench", "web/src" }
            .Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => Regex.IsMatch(file, @"\.(cs|tsx?)$") && !Regex.IsMatch(file, @"/(bin|obj|node_modules|dist)/"));

    [Fact]
    public void No_folder_is_named_by_kind()
    {
        var kinds = new Regex(@"/(helpers?|utils?|managers?|services|dtos?|common|misc)/", RegexOptions.IgnoreCase);
        Assert.DoesNotContain(Sources.Select(file => Path.GetRelativePath(Root, file)), file => kinds.IsMatch(file));
    }

    [Fact]
    public void A_file_above_400_lines_explains_itself_at_its_top()
    {
        var unexplained = Sources
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => (file, lines: File.ReadAllLines(file)))
            .Where(source => source.lines.Length > 400 && !source.lines.Take(40).Any(line => line.TrimStart().StartsWith("// Long because", StringComparison.Ordinal)))
            .Select(source => $"{Path.GetRelativePath(Root, source.file)}: {source.lines.Length}");
        Assert.Empty(unexplained);
    }

    [Fact]
    public void Nothing_is_swallowed_and_nothing_sleeps()
    {
        var hidden = new Regex(@"catch\s*(\([^)]*\))?\s*\{\s*\}|NotImplementedException|#region");
        var found = Sources
            .Where(file => !file.EndsWith("/Tidiness.cs", StringComparison.Ordinal))
            .Where(file => hidden.IsMatch(File.ReadAllText(file)) || (!IsBench(file) && File.ReadAllText(file).Contains("Thread.Sleep", StringComparison.Ordinal)))
            .Select(file => Path.GetRelativePath(Root, file));
        Assert.Empty(found);
    }

    /// <summary>A measurement waits on purpose: between presses, or for as long as it measures.</summary>
    private static bool IsBench(string file) => file.StartsWith(Path.Combine(Root, "bench") + '/', StringComparison.Ordinal);
}
