using System.Text.Json.Serialization;

namespace Alongside.Host.Doctor.Running;

/// <summary>One running host as it says itself: what travels over its socket, and a member of <c>hosts</c> of `doctor --json`. Nothing in it is secret. Of another version, members may be missing.</summary>
internal sealed record HostReport
{
    public int Process { get; init; }

    /// <summary>Why nothing else is known of it; null: it has answered.</summary>
    public string? Trouble { get; init; }

    public string Version { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The server both sides meet on.</summary>
    public string Server { get; init; } = "";

    /// <summary>The X display, or the VNC server whose desktop it is.</summary>
    public string? Shares { get; init; }

    /// <summary>Since it was started.</summary>
    public double Seconds { get; init; }

    /// <summary>The server is reached, and this host is in its room.</summary>
    public bool HasServer { get; init; }

    public GuestReport[] Guests { get; init; } = [];
}

/// <summary>One viewer of it.</summary>
internal sealed record GuestReport
{
    public int Number { get; init; }

    /// <summary>What they call themselves.</summary>
    public string Name { get; init; } = "";

    /// <summary>arriving, asking, live, away.</summary>
    public string State { get; init; } = "";

    /// <summary>view, control, clipboard.</summary>
    public string[] May { get; init; } = [];

    /// <summary>Since they came in.</summary>
    public double Seconds { get; init; }

    public double? AwaySeconds { get; init; }

    /// <summary>relay, direct, or another protocol and the address it comes from; null: there is none now.</summary>
    public string? Path { get; init; }

    public double? PathSeconds { get; init; }

    /// <summary>Milliseconds there and back by the server.</summary>
    public double? RelayMs { get; init; }

    /// <summary>Milliseconds there and back by the direct path.</summary>
    public double? DirectMs { get; init; }

    /// <summary>Of what left by the direct path in the last ten to twenty seconds: 0 to 1.</summary>
    public double? Loss { get; init; }

    /// <summary>Bits a second that the path takes, as far as it was tried.</summary>
    public long? Rate { get; init; }

    /// <summary>Milliseconds that a key and its picture are on the way and painted for.</summary>
    public double? KeyToPictureMs { get; init; }

    /// <summary>Why the session is not on a direct path, in words; null: it is.</summary>
    public string? Why { get; init; }

    /// <summary>What lies between this machine and the world, as the sockets of the direct path were told: none, endpoint-independent, symmetric, some, blocked, unknown; null: none was looked for.</summary>
    public string? Nat { get; init; }

    /// <summary>Until a direct path is looked for again.</summary>
    public double? LooksAgainSeconds { get; init; }

    /// <summary>Pairs of addresses that were tried for the direct path, and those of them that answered.</summary>
    public int Tried { get; init; }

    public int Answered { get; init; }

    /// <summary>The most telling of them, the one in use first.</summary>
    public PairTried[] Pairs { get; init; } = [];

    /// <summary>What would help, in words.</summary>
    public string[] Advice { get; init; } = [];
}

/// <summary>An address here and one there. Kinds: host, server-reflexive, peer-reflexive, relayed.</summary>
/// <param name="State">in-use, works, waiting, trying, failed.</param>
/// <param name="Asked">Questions that left, and how many were answered; how many of theirs came.</param>
internal sealed record PairTried(
    string Local, string LocalKind, string Remote, string RemoteKind, bool Tcp, string State, string? Failure, int Asked, int Answers, int Heard, double? Ms);

/// <summary>What `doctor --json` says of running hosts alone.</summary>
internal sealed record HostReports(HostReport[] Hosts);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HostReport))]
[JsonSerializable(typeof(HostReports))]
internal sealed partial class RunningJson : JsonSerializerContext;
