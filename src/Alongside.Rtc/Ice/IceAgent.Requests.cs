using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

// What the peer asks (RFC 8445, 7.3), and from where it turns out to be asking.
public sealed partial class IceAgent
{
    private const int MaxEarly = 16;

    private static ReadOnlySpan<StunAttribute> Known =>
    [
        StunAttribute.Username, StunAttribute.MessageIntegrity, StunAttribute.MessageIntegritySha256, StunAttribute.Priority, StunAttribute.UseCandidate, StunAttribute.Realm,
        StunAttribute.Nonce,
    ];

    /// <summary>Checks of a peer whose credentials have not arrived: the checks were faster.</summary>
    private readonly List<Early> early = [];
    private long refused;

    /// <summary>A STUN packet that came to a base.</summary>
    /// <returns>Whether it was for this agent.</returns>
    public bool Handle(long now, int baseId, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        if (!StunMessage.TryParse(packet, out var message) || message.Method != StunMethod.Binding)
        {
            return false;
        }

        switch (message.Class)
        {
            case StunClass.Request:
                HandleRequest(now, baseId, from, message);
                break;
            case StunClass.Success or StunClass.Error:
                HandleAnswer(now, baseId, from, message);
                break;
            default:
                // An indication keeps a NAT open; it proves nothing.
                return true;
        }

        Update(now);
        return true;
    }

    private void HandleRequest(long now, int baseId, TransportAddress from, in StunMessage message)
    {
        // Who cannot sign with our password gets no answer: that would only tell a stranger that somebody is here.
        var g = GenerationOf(message);
        if (g is null || !message.HasRightFingerprint || !message.IsIntact(g.LocalKey))
        {
            refused++;
            return;
        }

        if (!IsNamed(message, g) && !g.ByPath.ContainsKey((baseId, from)))
        {
            // A peer that begins anew may check from new ports before it has heard of our new names, as Chrome does: an answer would bind it to a pair
            // that is half old, which it would not leave.
            return;
        }

        if (message.FirstUnknown(Known) is not 0 and var unknown)
        {
            Answer(baseId, from, message, g, StunError.UnknownAttribute, unknown);
            return;
        }

        if (HasRoleConflict(message, out bool yields))
        {
            if (!yields)
            {
                Answer(baseId, from, message, g, StunError.RoleConflict);
                return;
            }

            SwitchRole(toControlling: !IsControlling);
        }

        Answer(baseId, from, message, g, 0);
        message.TryReadU32(StunAttribute.Priority, out uint priority);
        bool nominates = message.Has(StunAttribute.UseCandidate);
        message.TryReadU32(StunAttribute.Nomination, out uint number);
        if (g != generation)
        {
            if (g.ByPath.TryGetValue((baseId, from), out var old))
            {
                old.Requested(now);
            }

            return;
        }

        if (generation.Remote is null && !options.IsLite)
        {
            if (early.Count < MaxEarly)
            {
                early.Add(new(baseId, from, priority, nominates, number));
            }

            return;
        }

        Requested(now, new(baseId, from, priority, nominates, number));
    }

    /// <summary>A request that is surely the peer's.</summary>
    private void Requested(long now, Early request)
    {
        if (locals.Find(local => local.BaseId == request.Base && local.Candidate.Type is CandidateType.Host or CandidateType.Relayed) is not { } local
            || FindOrLearn(request.From, request.Priority, local.Candidate.Transport) is not { } remote || Pair(local, remote) is not { } pair)
        {
            return;
        }

        pair.Requested(now);
        if (options.IsLite)
        {
            pair.State = PairState.Succeeded;
        }
        else if (pair.State != PairState.Succeeded)
        {
            if (pair.State == PairState.Failed)
            {
                pair.Reset();
            }

            Trigger(pair);
        }

        if (request.Nominates && !IsControlling)
        {
            Nominated(now, pair, request.Nomination);
        }
    }

    /// <summary>The candidate a request came from: told, or found out by it (7.3.1.3).</summary>
    private IceCandidate? FindOrLearn(TransportAddress from, uint priority, CandidateTransport transport)
    {
        if (generation.Remotes.Find(known => known.Address == from && known.HostName is null) is { } told)
        {
            return told;
        }

        if (generation.Remotes.Count >= MaxRemotes)
        {
            return null;
        }

        var learnt = new IceCandidate(
            $"prflx{generation.Remotes.Count}", transport == CandidateTransport.Udp ? transport : CandidateTransport.TcpActive, Math.Clamp(priority, 1, IceCandidate.MaxPriority), from,
            CandidateType.PeerReflexive);
        generation.Remotes.Add(learnt);
        return learnt;
    }

    private void TakeEarly(long now)
    {
        foreach (var request in early)
        {
            Requested(now, request);
        }

        early.Clear();
    }

    /// <summary>RFC 8445, 7.3.1.1: two who both lead, or both follow; the larger tie-breaker leads.</summary>
    private bool HasRoleConflict(in StunMessage message, out bool yields)
    {
        yields = false;
        var same = IsControlling ? StunAttribute.IceControlling : StunAttribute.IceControlled;
        if (!message.TryReadU64(same, out ulong theirs))
        {
            return false;
        }

        yields = !options.IsLite && (tieBreaker >= theirs != IsControlling);
        return true;
    }

    /// <summary>Whose names the request bears: `ours:theirs`.</summary>
    private IceGeneration? GenerationOf(in StunMessage message)
    {
        if (!message.TryFind(StunAttribute.Username, out var name) || !name.Contains((byte)':'))
        {
            return null;
        }

        var ours = name[..name.IndexOf((byte)':')];
        return ours.SequenceEqual(generation.LocalName) ? generation : before is not null && ours.SequenceEqual(before.LocalName) ? before : null;
    }

    /// <summary>Whether who asks bears a name that the peer has told: werift keeps the one from before its restart.</summary>
    private bool IsNamed(in StunMessage message, IceGeneration g)
    {
        message.TryFind(StunAttribute.Username, out var name);
        var theirs = name[(name.IndexOf((byte)':') + 1)..];
        return g.Remote is null || theirs.SequenceEqual(g.RemoteName) || (g == generation && before is not null && theirs.SequenceEqual(before.RemoteName));
    }

    private void Answer(int baseId, TransportAddress from, in StunMessage request, IceGeneration g, int error, ushort unknown = 0)
    {
        var packet = output.Reserve(128);
        if (packet.IsEmpty)
        {
            return;
        }

        var writer = new StunWriter(packet, StunMethod.Binding, error == 0 ? StunClass.Success : StunClass.Error, request.TransactionId);
        if (error == 0)
        {
            writer.WriteXorAddress(StunAttribute.XorMappedAddress, from);
        }
        else
        {
            writer.WriteError(error, "");
            if (unknown != 0)
            {
                writer.Write(StunAttribute.UnknownAttributes, [(byte)(unknown >> 8), (byte)unknown]);
            }
        }

        writer.WriteIntegrity(g.LocalKey);
        writer.WriteFingerprint();
        output.Commit((baseId, from), writer.Length);
    }

    private readonly record struct Early(int Base, TransportAddress From, uint Priority, bool Nominates, uint Nomination);
}
