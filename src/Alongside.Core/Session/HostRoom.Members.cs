namespace Alongside.Core.Session;

/// <summary>Who comes into the room, goes, and is away for a while.</summary>
public sealed partial class HostRoom
{
    /// <summary>A viewer came in or came back: whatever ran with it on the relay is broken.</summary>
    public void Arrived(long now, ushort member)
    {
        newcomers.Arrived(now, member);
        if (!sessions.TryGetValue(member, out var session))
        {
            return;
        }

        if (GoesOnAlone(session))
        {
            path.Of(member).RelayIsBack();
            session.ClosedRelayAt = null;
            return;
        }

        session.Break(now);
        Bury();
        session.Arrived();
    }

    public void Left(long now, ushort member, bool gone)
    {
        newcomers.Left(member, gone);
        if (sessions.TryGetValue(member, out var session))
        {
            if (GoesOnAlone(session))
            {
                session.ClosedRelayAt = gone ? now : null;
            }
            else
            {
                session.Break(now);
                if (gone && session.Phase != SessionPhase.Live)
                {
                    session.End(now, ByeReason.Left, "They left.");
                }
            }
        }

        Bury();
    }

    /// <summary>The relay to everybody is gone; it comes back with <see cref="Arrived"/> for each. Who is there by a direct way stays.</summary>
    public void PathBroken(long now)
    {
        newcomers.Clear();
        foreach (var session in sessions.Values)
        {
            if (!GoesOnAlone(session))
            {
                session.Break(now);
            }
        }

        Bury();
    }

    /// <summary>Who is here goes before who may come back: of those, the one who has been away the longest is waited for no more.</summary>
    private void MakeRoom(long now)
    {
        var members = sessions.Values.Where(session => session.Phase is not (SessionPhase.Handshake or SessionPhase.Ended));
        if (members.Count() > options.MaxViewers)
        {
            members.Where(session => !session.IsHere).MinBy(session => session.AwaySince)?.End(now, ByeReason.Left, "They were away, and others came.");
        }
    }
}
