using Alongside.Core.Link;

namespace Alongside.Core.Session;

/// <summary>How the sessions of a room are now, for who asks. Changes nothing.</summary>
public sealed partial class HostRoom
{
    /// <summary>Everybody who is here, arrives, or is expected back, as they came.</summary>
    public IReadOnlyList<SessionReport> Report(long now) =>
    [
        .. sessions.Values.Where(session => !session.HasEnded).Select(session => ReportOf(now, session))
            .Concat(foreigners.Values.Select(guest => ReportOf(now, guest))).OrderBy(report => report.Number),
    ];

    private static SessionReport ReportOf(long now, ForeignGuest guest) =>
        new(guest.Number, 0, guest.Name, guest.Grant, guest.IsIn ? SessionStage.Live : SessionStage.Asking, now - guest.Since) { Via = guest.Via, PathAge = now - guest.Since };

    private SessionReport ReportOf(long now, HostSession session)
    {
        var link = path.Of(session.Member);
        var pacing = session.Outbox.Pacing;
        bool isHere = session.IsHere;
        return new(session.Number, session.Member, session.Name, session.Grant, StageOf(session), now - session.Since)
        {
            AwayFor = session.AwaySince is { } since ? now - since : null,
            Direct = DirectStageOf(session, link),
            Way = link.Way,
            PathAge = now - session.PathSince,
            RelayRoundTrip = !isHere ? null : link.IsDirect ? link.RelayTook : pacing.BaseDelay,
            DirectRoundTrip = isHere && link.Way != 0 ? ways?.RoundTrip(session.Member, link.Way) : null,
            Loss = isHere && link.IsDirect ? session.Line.Loss : null,
            Rate = isHere && !pacing.IsGuess ? pacing.Rate : null,
            Shown = isHere && pacing.LastShown is > 0 and var shown ? shown : null,
            LooksAgainIn = isHere && session.Search.LooksAgainAt is { } at ? Math.Max(0, at - now) : null,
        };
    }

    private static SessionStage StageOf(HostSession session) => session.Phase switch
    {
        SessionPhase.Handshake => SessionStage.Arriving,
        _ when !session.IsHere => SessionStage.Away,
        SessionPhase.Live => SessionStage.Live,
        _ => SessionStage.Asking,
    };

    private DirectStage DirectStageOf(HostSession session, PathSwitch link) =>
        ways is null ? DirectStage.Off
        : !session.UnderstandsDirect ? DirectStage.NotUnderstood
        : link.IsDirect ? DirectStage.InUse
        : session.Search.IsOpen ? DirectStage.Untaken
        : session.Search.IsTrying ? DirectStage.Looking
        : session.Search.LooksAgainAt is null ? DirectStage.NotYet
        : DirectStage.Resting;
}
