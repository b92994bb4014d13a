using Alongside.Core.Link;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>Direct ways to the host (docs/protocol/direct.md, "Link"): the host begins them, the driver answers.</summary>
public sealed partial class ViewerSession
{
    /// <summary>What the driver has to say about the way.</summary>
    public void Signal(long now, int way, ControlMessage signal)
    {
        path.Now = now;
        if (!hasEnded && path.Of(host).Way == way)
        {
            Say(now, signal);
        }
    }

    /// <summary>The way's channel is open.</summary>
    public void WayOpened(long now, int way)
    {
        path.Of(host).Opened(now, way);
        Pump();
    }

    /// <summary>The way is dead, or not to be had.</summary>
    public void WayFailed(long now, int way, string why)
    {
        path.Of(host).Fail(now, way, why);
        Pump();
    }

    /// <summary>What the host said of the way may not be: an address that is none, or the like.</summary>
    public void WayWrong(long now, int way, string reason)
    {
        if (!hasEnded && path.Of(host).Way == way)
        {
            End(now, ByeReason.Protocol, reason);
        }
    }

    /// <summary>A message that came over a way.</summary>
    public void HandleDirect(long now, int way, ReadOnlySpan<byte> message)
    {
        if (hasEnded)
        {
            return;
        }

        path.Now = now;
        try
        {
            path.Of(host).HandleDirect(now, way, message);
        }
        catch (ProtocolException wrong)
        {
            End(now, ByeReason.Protocol, wrong.Message);
        }

        Pump();
    }

    void ILinkOwner.Deliver(long now, ushort member, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || hasEnded)
        {
            return;
        }

        if (payload[0] == 0x21)
        {
            HandleStream(now, payload);
        }
        else
        {
            peer.Handle(now, payload);
            Drain(now);
        }
    }

    void ILinkOwner.PathChanged(long now, ushort member, bool isDirect)
    {
    }

    void ILinkOwner.WayEnded(long now, ushort member, int way, string why) => events.Enqueue(new(ViewerEventKind.WayEnded, Text: why, Way: way));

    void ILinkOwner.Stranded(long now, ushort member, string why)
    {
        bool hasRelay = !path.Of(member).IsAlone;
        path.Of(member).Reset(now);
        isHere = false;
        events.Enqueue(new(ViewerEventKind.Broken, Text: why));
        if (hasRelay)
        {
            Restart(now);
        }
    }

    long? ILinkOwner.RelayRoundTrip(ushort member) => null;

    private void Signalled(long now, ControlMessage said)
    {
        if (!hasDirect)
        {
            return;
        }

        var link = path.Of(host);
        int way = said is ControlMessage.Direct direct ? direct.Way : ((ControlMessage.Candidate)said).Way;
        if (way != link.Way && !link.IsNew(way))
        {
            // Of a way that is over.
            return;
        }

        if (said is ControlMessage.Direct && link.IsNew(way))
        {
            if (link.Way != 0)
            {
                throw new ProtocolException("The host began a way beside another.");
            }

            link.Begin(way);
            signals.Begin(way);
        }

        bool isMeant = said is ControlMessage.Direct offer ? signals.Accepts(offer) : signals.Accepts((ControlMessage.Candidate)said);
        if (isMeant)
        {
            events.Enqueue(new(ViewerEventKind.WaySignal, Control: said, Way: way));
        }
    }
}
