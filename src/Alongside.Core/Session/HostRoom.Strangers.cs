namespace Alongside.Core.Session;

/// <summary>Those who have not proven who they are, and those who failed to.</summary>
public sealed partial class HostRoom
{
    private readonly Newcomers newcomers = new();

    /// <summary>Handshakes that came to nothing: one a second is told of, so that nobody fills a log with them.</summary>
    private RateLimit failures = new(burst: 1, perSecond: 1);
    private int unsaid;

    void ISessionOwner.HandshakeFailed(long now, HostSession session, string why, bool isBusy)
    {
        if (isBusy)
        {
            newcomers.Waits(now, session.Member);
        }

        if (failures.TryTake(now))
        {
            events.Enqueue(new(HostEventKind.Ended, session.Number, session.Member, Text: unsaid == 0 ? why : $"{why} {unsaid} more handshakes came to nothing before."));
            unsaid = 0;
        }
        else
        {
            unsaid++;
        }

        if (session.Phase == SessionPhase.Handshake)
        {
            ended.Add(session);
        }
    }

    private void PutOutWhoIsLate(long now)
    {
        while (newcomers.TryTakeLate(now, out ushort late))
        {
            if (!sessions.TryGetValue(late, out var session) || session.Phase == SessionPhase.Handshake)
            {
                PutOut(late);
            }
        }
    }

    /// <summary>They guessed, or did not say in time who they are.</summary>
    private void PutOut(ushort member) => events.Enqueue(new(HostEventKind.Remove, sessions.TryGetValue(member, out var session) ? session.Number : 0, member));
}
