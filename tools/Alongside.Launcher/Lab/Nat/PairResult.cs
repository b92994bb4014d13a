using System.Text.Json.Serialization;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>What became of one pair. Times in milliseconds from the opening of the link in the browser, as the page itself says them (<c>alongside.report()</c>).</summary>
/// <param name="A">What the host is behind.</param>
/// <param name="B">What the viewer is behind.</param>
/// <param name="Works">A picture came.</param>
/// <param name="Path">Which way it takes in the end: <c>direct</c> or <c>relay</c>.</param>
internal sealed record PairResult(string A, string B, bool Works, string Path, int? FirstPictureMs, int? DirectMs, double? RttRelayMs, double? RttDirectMs)
{
    /// <summary>A TURN server relays, not ours.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Turn { get; init; }

    /// <summary>Why it did not work, in words.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trouble { get; init; }
}

[JsonSerializable(typeof(List<PairResult>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class PairJson : JsonSerializerContext;
