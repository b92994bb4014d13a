using Alongside.Core.Link;
using Alongside.Core.Secure;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// Direct ways to viewers (docs/protocol/direct.md, "Link"): when one is looked for, what is said of it through the secure channel, and what comes over it.
/// <code>
/// first picture painted ─> WayBegins ─> [the driver describes itself] ─> Signal ─> viewer
/// viewer ─> WaySignal ─> [the driver finds a path, its channel opens] ─> WayOpened ─> PathSwitch
/// </code>
/// </summary>
public sealed partial class HostRoom : ILinkOwner
{
    /// <summary>Who closes their relay and is silent on their direct path within that time has left, in microseconds.</summary>
    private const long LeavingTime = 15_000_000;

    /// <summary>Never used again in this room, so that what comes late of one is known for what it is.</summary>
    private int lastWay;

    /// <summary>What the driver has to say to the viewer about the way: <see cref="ControlMessage.Direct"/> or <see cref="ControlMessage.Candidate"/>.</summary>
    public void Signal(long now, ushort member, int way, ControlMessage signal)
    {
        if (sessions.TryGetValue(member, out var session) && session.IsHere && path.Of(member).Way == way)
        {
            session.Say(now, signal);
        }
    }

    /// <summary>For tests: how a viewer is reached.</summary>
    internal PathSwitch Link(ushort member) => path.Of(member);

    /// <summary>Somebody is here by a direct way alone: the relay is away.</summary>
    public bool HoldsWithoutRelay => sessions.Values.Any(session => session.IsHere && path.Of(session.Member).IsAlone);

    /// <summary>The way's channel is open. Returns whose it is.</summary>
    public int? WayOpened(long now, ushort member, int way)
    {
        // One that opens late has nothing to do with the one that is looked for now.
        if (sessions.TryGetValue(member, out var session) && path.Of(member).Way == way)
        {
            session.Search.Opened(now);
            path.Of(member).Opened(now, way);
            return session.Number;
        }

        return null;
    }

    /// <summary>The way is dead, or not to be had.</summary>
    public void WayFailed(long now, ushort member, int way, string why)
    {
        if (sessions.ContainsKey(member))
        {
            path.Of(member).Fail(now, way, why);
        }
    }

    /// <summary>What the viewer said of the way may not be: an address that is none, or the like.</summary>
    public void WayWrong(long now, ushort member, int way, string reason)
    {
        if (sessions.TryGetValue(member, out var session) && path.Of(member).Way == way)
        {
            session.End(now, ByeReason.Protocol, reason);
        }

        Bury();
    }

    /// <summary>A message that came over a way.</summary>
    public void HandleDirect(long now, ushort member, int way, ReadOnlySpan<byte> message)
    {
        path.Now = now;
        if (sessions.TryGetValue(member, out var session))
        {
            try
            {
                path.Of(member).HandleDirect(now, way, message);
            }
            catch (ProtocolException wrong)
            {
                session.End(now, ByeReason.Protocol, wrong.Message);
            }
        }

        Bury();
    }

    /// <summary>This machine has other addresses than before: what did not work may work now.</summary>
    public void AddressesChanged(long now)
    {
        foreach (var session in sessions.Values)
        {
            session.Search.AddressesChanged(now);
        }
    }

    void ILinkOwner.Deliver(long now, ushort member, ReadOnlySpan<byte> payload)
    {
        if (sessions.TryGetValue(member, out var session))
        {
            session.Handle(now, payload);
        }
    }

    void ILinkOwner.PathChanged(long now, ushort member, bool isDirect)
    {
        if (sessions.TryGetValue(member, out var session))
        {
            session.Outbox.PathChanged(now);
            session.PathSince = now;
        }
    }

    void ILinkOwner.WayEnded(long now, ushort member, int way, string why)
    {
        if (sessions.TryGetValue(member, out var session))
        {
            session.Search.Ended(now);
        }

        events.Enqueue(new(HostEventKind.WayEnded, session?.Number ?? 0, member, Text: why, Way: way));
    }

    void ILinkOwner.Stranded(long now, ushort member, string why)
    {
        if (sessions.TryGetValue(member, out var session))
        {
            session.Break(now);
            if (session.ClosedRelayAt is { } closed && now - closed < LeavingTime)
            {
                // A bye over a path that is closed right behind it may not arrive.
                session.End(now, ByeReason.Left, "They left.");
            }
        }
        else
        {
            path.Of(member).Reset(now);
        }
    }

    long? ILinkOwner.RelayRoundTrip(ushort member) => sessions.TryGetValue(member, out var session) ? session.Outbox.Pacing.BaseDelay : null;

    void ISessionOwner.HasPainted(long now, HostSession session)
    {
        if (session.UnderstandsDirect)
        {
            session.Search.Allow(now);
        }
    }

    void ISessionOwner.Signalled(long now, HostSession session, ControlMessage signal)
    {
        if (!session.UnderstandsDirect)
        {
            return;
        }

        var (way, isMeant) = signal switch
        {
            ControlMessage.Direct direct => (direct.Way, session.Signals.Accepts(direct)),
            ControlMessage.Candidate candidate => (candidate.Way, session.Signals.Accepts(candidate)),
            _ => (0, false),
        };
        if (isMeant && way == path.Of(session.Member).Way)
        {
            events.Enqueue(new(HostEventKind.WaySignal, session.Number, session.Member, Way: way, Signal: signal));
        }
    }

    void ISessionOwner.Unlinked(long now, HostSession session) => path.Of(session.Member).Reset(now);

    private bool GoesOnAlone(HostSession session) => session.IsHere && path.Of(session.Member).TryGoOnAlone();

    private SecurePeer NewPeer(ushort member) =>
        SecurePeer.Host(new MemberBook(book, () => PutOut(member)), [.. Capability.Known, .. ways is not null ? (ReadOnlySpan<ushort>)[Capability.Direct] : []], random, handshakes);

    private void LookForWays(long now)
    {
        foreach (var session in sessions.Values)
        {
            if (WayDeadline(session) is not { } due || due > now)
            {
                continue;
            }

            var link = path.Of(session.Member);
            if (session.Search.HasTakenTooLong(now))
            {
                link.Fail(now, link.Way, "It took too long to find.");
            }
            else if (session.Search.IsDue(now))
            {
                session.Search.Began(now);
                session.Signals.Begin(++lastWay);
                link.MayAsk = session.AnswersOnRelay;
                link.MayMark = session.KnowsMarks;
                link.Begin(lastWay);
                events.Enqueue(new(HostEventKind.WayBegins, session.Number, session.Member, Way: lastWay));
            }
        }
    }

    /// <summary>Those who take a direct path are told what else is known of it.</summary>
    private void TellOfLines(long now)
    {
        foreach (var session in sessions.Values)
        {
            var link = path.Of(session.Member);
            if (!link.IsDirect)
            {
                session.Line.Forget();
            }
            else if (session.Line.IsDue(now) && session.Line.Take(now, ways!.Counts(session.Member, link.Way), link.RelayTook) is { } line)
            {
                session.Say(now, line);
            }
        }
    }

    /// <summary>When a way is to be begun or given up.</summary>
    private long? WayDeadline(HostSession session)
    {
        if (ways is null || !session.IsHere || session.Phase != SessionPhase.Live || !session.UnderstandsDirect)
        {
            return null;
        }

        var link = path.Of(session.Member);
        bool canAct = link.Way != 0 ? !link.IsGivenUp : link.IsIdle && lastWay < ushort.MaxValue;
        return canAct ? session.Search.NextDeadline : null;
    }
}
