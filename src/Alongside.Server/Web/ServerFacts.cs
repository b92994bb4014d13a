using System.Text.Json.Serialization;

namespace Alongside.Server.Web;

/// <summary>`GET /api/server`.</summary>
/// <param name="Url">The address people use for this server.</param>
/// <param name="Stun">UDP ports at which questions of STUN are answered; two, so that who asks both learns more of the network between.</param>
/// <param name="Fingerprint">SHA-256 of its certificate in base64url, when no public authority vouches for it.</param>
public sealed record ServerFacts(string Name, string Version, string Url, string? Fingerprint, IReadOnlyList<int> Stun, IReadOnlyList<Download> Downloads);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerFacts))]
[JsonSerializable(typeof(Ready))]
internal sealed partial class WebJson : JsonSerializerContext;

/// <summary>The one line of `--json`.</summary>
[method: JsonConstructor]
internal sealed record Ready([property: JsonPropertyName("ready")] bool IsReady, string Url);
