using Alongside.Rtc.Ice;

namespace Alongside.Net.Doctor;

/// <summary>What was tried from this machine, and what came of it. What it means is said elsewhere.</summary>
public sealed record NetworkFindings
{
    public required Uri Server { get; init; }

    /// <summary>Why the server's pages cannot be had; null: they can.</summary>
    public string? ServerTrouble { get; init; }

    /// <summary>Milliseconds until it answered.</summary>
    public double? ServerTook { get; init; }

    /// <summary>Why a WebSocket to the relay cannot be had, which sessions go over; null: it can, or the server is not there at all.</summary>
    public string? RelayTrouble { get; init; }

    /// <summary>What sessions over the relay get; null: not measured.</summary>
    public RelayMeasure? RelayIs { get; init; }

    /// <summary>What UDP to the server is like; null: not measured, or there is none.</summary>
    public UdpMeasure? UdpIs { get; init; }

    /// <summary>The server's UDP ports for STUN.</summary>
    public IReadOnlyList<int> StunPorts { get; init; } = [];

    /// <summary>Whether STUN was asked at all.</summary>
    public bool AskedStun { get; init; }

    public NatKind Nat { get; init; }

    public IReadOnlyList<IceCandidate> Candidates { get; init; } = [];

    /// <summary>How the routers answered that were asked for a port.</summary>
    public IReadOnlyList<string> Routers { get; init; } = [];

    /// <summary>Whether a router opened one.</summary>
    public bool HasMapping { get; init; }
}
