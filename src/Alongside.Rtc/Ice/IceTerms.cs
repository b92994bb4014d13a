using Alongside.Rtc.Turn;

namespace Alongside.Rtc.Ice;

public enum IceState : byte
{
    /// <summary>Nobody to check with yet.</summary>
    New,

    /// <summary>Pairs are being tried.</summary>
    Checking,

    /// <summary>There is a path.</summary>
    Connected,

    /// <summary>There was one, and what is sent over it is not answered: what matters should take another way. It may come back.</summary>
    Disconnected,

    /// <summary>There is none, and nothing that still could become one.</summary>
    Failed,
}

/// <summary>Why there is no direct path yet, or none at all: what a person is told.</summary>
public enum IceTrouble : byte
{
    None,

    /// <summary>The peer has not said how it can be reached.</summary>
    NoRemoteCandidates,

    /// <summary>We have no address, or none the peer could use: another family, or only names that nobody resolves.</summary>
    NothingToPair,

    /// <summary>Checks are under way, and none has had time enough to say anything: about two seconds.</summary>
    StillChecking,

    /// <summary>No check was answered and none came, so far: UDP is blocked here, or there. It may still be tried.</summary>
    NothingHeard,

    /// <summary>The peer's checks arrive and ours are not answered, so far.</summary>
    OneWay,

    /// <summary>A path that was there answers no longer.</summary>
    PathDied,

    /// <summary>Only by way of a TURN server.</summary>
    OnlyRelayed,
}

public enum PairState : byte
{
    Waiting,
    InProgress,
    Succeeded,
    Failed,
}

public enum PairFailure : byte
{
    None,

    /// <summary>Every try went without an answer.</summary>
    NoAnswer,

    /// <summary>The peer knows us under another name: it has restarted, or is somebody else.</summary>
    Refused,

    /// <summary>It worked, and for 30 seconds nothing more was heard.</summary>
    ConsentExpired,

    /// <summary>The address or connection it began at is gone.</summary>
    LocalGone,

    /// <summary>The system would not send there, at one try or at all of them, and no other was answered.</summary>
    Unreachable,
}

/// <summary>What an agent tells its driver.</summary>
public abstract record IceEvent
{
    /// <summary>A candidate to tell the peer about.</summary>
    public sealed record LocalCandidate(IceCandidate Candidate) : IceEvent;

    public sealed record StateChanged(IceState State) : IceEvent;

    /// <summary>From now on data takes this path.</summary>
    public sealed record Selected(PairReport Pair) : IceEvent;

    /// <summary>A name to be resolved, and its address given to <see cref="IceAgent.Resolved"/>.</summary>
    public sealed record Resolve(string HostName) : IceEvent;

    /// <summary>The agent has new credentials: they and the candidates, which follow, go to the peer.</summary>
    public sealed record Restarted(IceCredentials Credentials) : IceEvent;

    /// <summary>A connection to this TURN server is wanted: <see cref="IceTransport.AddTurnConnection"/>.</summary>
    public sealed record Connect(TurnServer Server) : IceEvent;

    public sealed record TurnFailed(TurnServer Server, TurnFailure Why, int Code) : IceEvent;
}

/// <param name="RoundTrip">Microseconds, smoothed; 0: never measured.</param>
/// <param name="LastHeard">When anything that proves the peer came over it; 0: never.</param>
public sealed record PairReport(
    IceCandidate Local, IceCandidate Remote, PairState State, PairFailure Failure, bool IsSelected, ulong Priority, long RoundTrip, long LastHeard,
    int ChecksSent, int Answers, int RequestsHeard)
{
    public bool IsRelayed => Local.Type == CandidateType.Relayed || Remote.Type == CandidateType.Relayed;
}

/// <summary>All an agent knows, for the connection doctor.</summary>
/// <param name="Refused">Requests that did not prove they are the peer's.</param>
public sealed record IceReport(
    IceState State, IceTrouble Trouble, bool IsControlling, IReadOnlyList<IceCandidate> Local, IReadOnlyList<IceCandidate> Remote, IReadOnlyList<PairReport> Pairs, long Refused);

/// <summary>How an agent behaves. Times in microseconds.</summary>
public sealed record IceOptions
{
    public bool IsControlling { get; init; }

    /// <summary>Lite (RFC 8445, 2.5): has a public address, answers checks and makes none.</summary>
    public bool IsLite { get; init; }

    /// <summary>Ta, the least time between two new checks. RFC 8445 says 50 ms unless both sides say otherwise (a=ice-pacing).</summary>
    public long Pacing { get; init; } = 50_000;

    /// <summary>Pairs that failed are tried again so often, as long as there is no direct path.</summary>
    public long RetryEvery { get; init; } = 60_000_000;
}
