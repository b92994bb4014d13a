using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

/// <summary>
/// One of our bases and one address of the peer: whether packets pass between them, how long they take, and when one was last heard. Every try is a
/// transaction of its own, never sent twice, so a measured round trip is always that of one packet.
/// </summary>
internal sealed class IcePair(IceGeneration generation, int baseId, IceCandidate local, IceCandidate remote)
{
    /// <summary>Tries that can still be answered: of the first seconds, or of the last.</summary>
    private const int Remembered = 16;

    private const int TellingTries = 4;

    private readonly Try[] tries = new Try[Remembered];
    private int next;

    /// <summary>When the first of the tries without an answer left, whatever was heard since.</summary>
    private long silentFrom;

    public IceGeneration Generation { get; } = generation;

    public int BaseId { get; } = baseId;

    /// <summary>The base's candidate; a peer-reflexive one once the peer has told how it sees us.</summary>
    public IceCandidate Local { get; set; } = local;

    public IceCandidate Remote { get; set; } = remote;

    public ulong Priority { get; set; }

    public PairState State { get; set; }

    public PairFailure Failure { get; set; }

    /// <summary>The system would not send the last try, or one before it: it may the next.</summary>
    public bool WasRefused { get; set; }

    /// <summary>When it is checked next; in <see cref="PairState.Waiting"/> it is its turn that counts.</summary>
    public long Due { get; set; }

    /// <summary>Tries in a row without an answer.</summary>
    public int Unanswered { get; private set; }

    /// <summary>When the first of them left, or something was last heard after it.</summary>
    public long UnansweredSince { get; private set; }

    public long LastSent { get; private set; } = long.MinValue / 2;

    /// <summary>When the peer last proved itself on it, by a signed message.</summary>
    public long LastHeard { get; private set; }

    /// <summary>When it last answered a check; 0: never.</summary>
    public long AnsweredAt { get; private set; }

    /// <summary>Microseconds, smoothed; 0: never measured.</summary>
    public long RoundTrip { get; private set; }

    /// <summary>Of the last check that was answered, in microseconds; 0: none was.</summary>
    public long LastRoundTrip { get; private set; }

    public int ChecksSent { get; private set; }

    /// <summary>It has had time for an answer and got none: something can be said about it, though it is still being tried, or again.</summary>
    public bool WentUnanswered { get; private set; }

    public int Answers { get; private set; }

    public int RequestsHeard { get; private set; }

    /// <summary>We are telling the peer to use it.</summary>
    public bool IsNominating { get; set; }

    /// <summary>The peer has told us to use it, and when last.</summary>
    public bool IsNominated { get; set; }

    public long NominatedAt { get; set; }

    /// <summary>In the queue of what is checked out of turn.</summary>
    public bool IsTriggered { get; set; }

    /// <summary>
    /// The peer sends checks and has stopped answering ours, as Chrome may from 144 on: its own checks, which come every few seconds, are all the life there is.
    /// </summary>
    public bool AnswersNoLonger { get; private set; }

    public bool IsRelayed => Local.Type == CandidateType.Relayed || Remote.Type == CandidateType.Relayed;

    public bool IsValid => State == PairState.Succeeded;

    public void Sent(long now, TransactionId id, bool nominates, bool asControlling)
    {
        // Those before this one left more than two seconds ago.
        WentUnanswered |= Unanswered >= TellingTries && Answers == 0;
        if (Unanswered++ == 0)
        {
            UnansweredSince = silentFrom = now;
        }

        ChecksSent++;
        LastSent = now;
        tries[next++ % Remembered] = new(id, now, nominates, asControlling);
    }

    /// <summary>Takes the try an answer is for. Each is answered once.</summary>
    public bool TryAnswer(TransactionId id, out Try answered)
    {
        for (int i = 0; i < tries.Length; i++)
        {
            if (tries[i].At > 0 && tries[i].Id == id)
            {
                answered = tries[i];
                tries[i] = default;
                return true;
            }
        }

        answered = default;
        return false;
    }

    public void Answered(long now, long sentAt)
    {
        long sample = Math.Max(1, now - sentAt);
        LastRoundTrip = sample;
        RoundTrip = RoundTrip == 0 ? sample : RoundTrip + ((sample - RoundTrip) / 8);
        Answers++;
        AnsweredAt = now;
        Unanswered = 0;
        AnswersNoLonger = WasRefused = false;
        Proved(now);
    }

    public void Requested(long now)
    {
        RequestsHeard++;
        AnswersNoLonger |= Unanswered >= 3 && Answers > 0 && LastHeard > silentFrom;
        Proved(now);
    }

    /// <summary>Something came, from whomever: the path is not dead, and nobody has consented by it (RFC 7675, 5.1).</summary>
    public void Heard(long now)
    {
        if (Unanswered > 0)
        {
            // Alive: what is not answered yet is counted from here on.
            UnansweredSince = Math.Max(UnansweredSince, now);
        }
    }

    private void Proved(long now)
    {
        LastHeard = Math.Max(LastHeard, now);
        Heard(now);
    }

    /// <summary>Back to the start: to be tried again.</summary>
    public void Reset()
    {
        State = PairState.Waiting;
        Failure = PairFailure.None;
        WasRefused = false;
        Unanswered = 0;
        Due = 0;
    }

    public PairReport Report(bool isSelected) =>
        new(Local, Remote, State, Failure, isSelected, Priority, RoundTrip, LastHeard, ChecksSent, Answers, RequestsHeard);

    public readonly record struct Try(TransactionId Id, long At, bool Nominates, bool AsControlling);
}

/// <summary>What belongs together between two restarts: the names of both sides, and the pairs known by them.</summary>
internal sealed class IceGeneration(IceCredentials local)
{
    public IceCredentials Local { get; } = local;

    public byte[] LocalKey { get; } = System.Text.Encoding.UTF8.GetBytes(local.Password);

    public byte[] LocalName { get; } = System.Text.Encoding.UTF8.GetBytes(local.UsernameFragment);

    /// <summary>Null: the peer has not told yet.</summary>
    public IceCredentials? Remote { get; private set; }

    public byte[] RemoteKey { get; private set; } = [];

    public byte[] RemoteName { get; private set; } = [];

    /// <summary>What our checks are signed as: `theirs:ours`.</summary>
    public byte[] CheckName { get; private set; } = [];

    public List<IceCandidate> Remotes { get; } = [];

    public List<IcePair> Pairs { get; } = [];

    /// <summary>The same, by where packets leave and where they go. After a restart there may be a pair of each generation over one path.</summary>
    public Dictionary<(int Base, TransportAddress Remote), IcePair> ByPath { get; } = [];

    public void Add(IcePair pair)
    {
        Pairs.Add(pair);
        ByPath.Add((pair.BaseId, pair.Remote.Address), pair);
    }

    public void Remove(IcePair pair)
    {
        Pairs.Remove(pair);
        ByPath.Remove((pair.BaseId, pair.Remote.Address));
    }

    public void KeepOnly(IcePair one)
    {
        Pairs.Clear();
        ByPath.Clear();
        Add(one);
    }

    public void SetRemote(IceCredentials remote)
    {
        Remote = remote;
        RemoteKey = System.Text.Encoding.UTF8.GetBytes(remote.Password);
        RemoteName = System.Text.Encoding.UTF8.GetBytes(remote.UsernameFragment);
        CheckName = System.Text.Encoding.UTF8.GetBytes($"{remote.UsernameFragment}:{Local.UsernameFragment}");
    }
}
