using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

/// <summary>Where a candidate's address is from (RFC 8445, 5.1.1).</summary>
public enum CandidateType : byte
{
    Host,
    ServerReflexive,
    PeerReflexive,
    Relayed,
}

/// <summary>Over what a candidate is reached. Of TCP (RFC 6544) we listen only: an active candidate is one that connects to us.</summary>
public enum CandidateTransport : byte
{
    Udp,
    TcpPassive,
    TcpActive,
}

/// <summary>One address at which an agent may be reached.</summary>
/// <param name="Foundation">The same for candidates of one kind from one place.</param>
/// <param name="Related">Behind what a reflexive or relayed address lies; for people who look for what is wrong.</param>
/// <param name="HostName">A name that stands for the address and still has to be resolved (`…​.local`, as browsers hide their addresses); then there is no address yet.</param>
public sealed record IceCandidate(
    string Foundation, CandidateTransport Transport, uint Priority, TransportAddress Address, CandidateType Type, TransportAddress? Related = null, string? HostName = null)
{
    public const uint MaxPriority = 0x7FFF_FFFF;

    /// <summary>RFC 8445, 5.1.2.1, for the one component that there is.</summary>
    /// <param name="preference">Of several of a kind: 0 to 65535, more is better.</param>
    public static uint MakePriority(CandidateType type, CandidateTransport transport, ushort preference)
    {
        uint kind = (type, transport) switch
        {
            (CandidateType.Relayed, _) => 0,
            (_, not CandidateTransport.Udp) => 80,
            (CandidateType.Host, _) => 126,
            (CandidateType.PeerReflexive, _) => 110,
            _ => 100,
        };
        return (kind << 24) | ((uint)preference << 8) | 255;
    }

    /// <summary>RFC 8445, 6.1.2.3.</summary>
    public static ulong PairPriority(uint controlling, uint controlled) =>
        ((ulong)Math.Min(controlling, controlled) << 32) + (2 * (ulong)Math.Max(controlling, controlled)) + (controlling > controlled ? 1u : 0u);
}
