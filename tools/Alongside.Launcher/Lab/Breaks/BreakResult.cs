using System.Text.Json.Serialization;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary>What became of one session that something happened to. Times in milliseconds, from what happened (or from waking) until the viewer shows exactly what the screen shows since then.</summary>
/// <param name="Case">What happened.</param>
/// <param name="Works">The picture came back at all.</param>
/// <param name="Holds">And in time.</param>
/// <param name="LimitMs">The time there was, slack included.</param>
/// <param name="Path">Which way it takes then: <c>direct</c> or <c>relay</c>.</param>
internal sealed record BreakResult(string Case, bool Works, bool Holds, int LimitMs, string? Path)
{
    /// <summary>Of a path that died.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? FallbackMs { get; init; }

    /// <summary>Of an address that changed, or of a sleep.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ResumeMs { get; init; }

    /// <summary>Why it did not work, in words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trouble { get; init; }
}

[JsonSerializable(typeof(List<BreakResult>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class BreakJson : JsonSerializerContext;
