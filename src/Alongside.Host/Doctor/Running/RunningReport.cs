using Alongside.Core.Session;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor.Running;

/// <summary>What a host is, from its settings.</summary>
/// <param name="NoDirect">Why it looks for no direct paths; null: it does.</param>
internal sealed record HostFacts(int Process, string Version, string Name, Uri Server, string? Shares, string? NoDirect);

/// <summary>Makes the report of one host out of what its parts know. Pure: the same state, the same report.</summary>
internal static class RunningReport
{
    /// <summary>Of a guest's pairs; the others are counted.</summary>
    private const int MostPairs = 24;

    /// <param name="now">Microseconds since the program began.</param>
    public static HostReport Of(long now, HostFacts host, bool hasServer, IReadOnlyList<SessionReport> sessions, Func<SessionReport, WayFacts> waysOf) => new()
    {
        Process = host.Process,
        Version = host.Version,
        Name = host.Name,
        Server = Address(host.Server),
        Shares = host.Shares,
        Seconds = Seconds(now),
        HasServer = hasServer,
        Guests = [.. sessions.Select(session => Guest(session, waysOf(session), host))],
    };

    private static GuestReport Guest(SessionReport session, WayFacts ways, HostFacts host)
    {
        var shown = session.Stage is not SessionStage.Live || session.Via is not null ? null : session.Direct == DirectStage.Resting ? ways.Last?.Report : ways.Now;
        bool isDirect = session.Direct == DirectStage.InUse;
        return new()
        {
            Number = session.Number,
            Name = session.Name,
            State = session.Stage switch
            {
                SessionStage.Arriving => "arriving",
                SessionStage.Asking => "asking",
                SessionStage.Live => "live",
                _ => "away",
            },
            May = [.. Powers(session.Grant)],
            Seconds = Seconds(session.Age),
            AwaySeconds = session.AwayFor is { } away ? Seconds(away) : null,
            Path = session.Via ?? (session.Stage is SessionStage.Away or SessionStage.Arriving ? null : isDirect ? "direct" : "relay"),
            PathSeconds = session.Stage is SessionStage.Live ? Seconds(session.PathAge) : null,
            RelayMs = Milliseconds(session.RelayRoundTrip),
            DirectMs = Milliseconds(session.DirectRoundTrip),
            Loss = session.Loss,
            Rate = session.Rate * 8,
            KeyToPictureMs = Milliseconds(session.Shown),
            Why = GuestDiagnosis.Why(session, ways, host.NoDirect),
            Nat = shown is null ? null : Diagnosis.NameOf(ways.Nat),
            LooksAgainSeconds = session.Direct == DirectStage.Resting && session.LooksAgainIn is { } again ? Seconds(again) : null,
            Tried = shown?.Pairs.Count(pair => pair.ChecksSent > 0) ?? 0,
            Answered = shown?.Pairs.Count(pair => pair.Answers > 0) ?? 0,
            Pairs = [.. (shown?.Pairs ?? []).OrderByDescending(pair => (pair.IsSelected, pair.Answers, pair.RequestsHeard, pair.ChecksSent)).Take(MostPairs).Select(Tried)],
            Advice = [.. GuestDiagnosis.Advice(session, ways, Address(host.Server))],
        };
    }

    /// <summary>Without who is logged in there: an address may hold a password.</summary>
    private static string Address(Uri server) => $"{server.Scheme}://{server.Authority}";

    private static PairTried Tried(PairReport pair) => new(
        At(pair.Local), Kind(pair.Local.Type), At(pair.Remote), Kind(pair.Remote.Type),
        pair.Local.Transport != CandidateTransport.Udp || pair.Remote.Transport != CandidateTransport.Udp,
        pair switch
        {
            { IsSelected: true } => "in-use",
            { State: PairState.Succeeded } => "works",
            { State: PairState.Failed } => "failed",
            { ChecksSent: > 0 } => "trying",
            _ => "waiting",
        },
        pair.Failure switch
        {
            PairFailure.NoAnswer => "no answer",
            PairFailure.Refused => "refused",
            PairFailure.ConsentExpired => "it worked, and nothing more was heard",
            PairFailure.LocalGone => "the address here is gone",
            PairFailure.Unreachable => "the system knows no way there",
            _ => null,
        },
        pair.ChecksSent, pair.Answers, pair.RequestsHeard, pair.RoundTrip > 0 ? Milliseconds(pair.RoundTrip) : null);

    private static string At(IceCandidate candidate) => candidate.HostName ?? candidate.Address.ToString();

    private static string Kind(CandidateType type) => type switch
    {
        CandidateType.Host => "host",
        CandidateType.ServerReflexive => "server-reflexive",
        CandidateType.PeerReflexive => "peer-reflexive",
        _ => "relayed",
    };

    private static IEnumerable<string> Powers(Grant grant)
    {
        if (grant.View)
        {
            yield return "view";
        }

        if (grant.Control)
        {
            yield return "control";
        }

        if (grant.Clipboard)
        {
            yield return "clipboard";
        }
    }

    private static double Seconds(long micros) => Math.Round(micros / 1e6, 1);

    private static double? Milliseconds(long? micros) => micros is { } known ? Math.Round(known / 1e3, 2) : null;
}
