using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Running;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Tests;

/// <summary>What the fuzzer found once stays fixed: <c>tests/vectors/fuzz/TARGET/*.case</c>.</summary>
public sealed class FoundCases
{
    private static readonly string Folder = Path.Combine(Vectors.Root, "tests", "vectors", "fuzz");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.case", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder, file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Is_survived(string file)
    {
        var target = Assert.Single(Target.All, target => target.Name == Path.GetDirectoryName(file));

        Assert.Null(Runner.Run(target, Case.Read(File.ReadAllBytes(Path.Combine(Folder, file))))?.What);
    }
}
