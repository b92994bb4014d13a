using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Bench.Click;
using Alongside.Bench.Compare;
using Alongside.Bench.Desktop.Report;
using Alongside.Bench.Screens;
using Alongside.Bench.VncDecode;

namespace Alongside.Bench.Report;

/// <summary>What was measured last, as it lies in <c>docs/benchmarks</c>: each measurement writes its own file, and the page is made of those that are there.</summary>
internal sealed class Findings(string root)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static Findings OfThisClone { get; } = new(Programs.Root());

    public string Folder => Path.Combine(root, "docs", "benchmarks");

    public string Page => Path.Combine(root, "docs", "benchmarks.md");

    public string DesktopFile => Path.Combine(Folder, "desktop.json");

    public string CompareFile => Path.Combine(Folder, "compare.json");

    public string ClickFile => Path.Combine(Folder, "click.json");

    public string DecodeFile => Path.Combine(Folder, "vnc-decode.json");

    public Measurement? Desktop => Read<Measurement>(DesktopFile);

    public Comparison[] Comparisons => Read<Comparison[]>(CompareFile) ?? [];

    public DecodeRow[] Decodes => Read<DecodeRow[]>(DecodeFile) ?? [];

    public ClickReport? Click => Read<ClickReport>(ClickFile);

    /// <summary>What people wrote about numbers that were not reached; empty when nothing.</summary>
    public string Reasons => Path.Combine(Folder, "reasons.md") is var file && File.Exists(file) ? File.ReadAllText(file).Trim() : "";

    public static T? Read<T>(string file) => File.Exists(file) ? JsonSerializer.Deserialize<T>(File.ReadAllText(file), Json) : default;

    public static void Write<T>(string file, T value)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        File.WriteAllText(file + ".part", JsonSerializer.Serialize(value, Json) + "\n");
        File.Move(file + ".part", file, overwrite: true);
    }
}
