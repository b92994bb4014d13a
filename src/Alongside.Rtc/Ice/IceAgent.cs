using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Core.Wire;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

/// <summary>
/// Finds a path between two agents by trying pairs of addresses (RFC 8445), tells candidates as they come (8838), and watches the path it has found (7675).
/// Pure: the driver brings packets, bases and the time in microseconds of a monotonic clock (above 0), and after each call drains <see cref="TryPoll"/> and
/// <see cref="TryPollEvent"/>; it calls <see cref="HandleTimeout"/> at <see cref="NextTimeout"/>. One thread.
/// <code>
/// AddLocal, SetRemote, AddRemote ─> pairs ─(Checks)─> valid pairs ─(Choice)─> Selected
/// packet ─> Handle: a request ─(Requests)─> answer, triggered check; an answer ─> round trip, valid
/// </code>
/// A base is a number for something packets leave through: a socket of an interface, an allocation at a TURN server, a connection that was accepted.
/// </summary>
public sealed partial class IceAgent
{
    /// <summary>What one peer may make us keep.</summary>
    private const int MaxRemotes = 96;
    private const int MaxPairs = 200;
    private const int MaxLocals = 64;
    private const int MaxQueued = 64 * 1024;

    private readonly IceOptions options;
    private readonly IRandomSource random;
    private readonly ulong tieBreaker;
    private readonly PacketQueue<(int Base, TransportAddress To)> output = new(MaxQueued);
    private readonly Queue<IceEvent> events = new();
    private readonly List<Local> locals = [];
    private IceGeneration generation;

    /// <summary>Of before a restart: its path carries data until there is a new one.</summary>
    private IceGeneration? before;
    private IcePair? selected;
    private long startedAt;

    /// <summary>Credentials of ours so far, each of which the peer is told, and how often the peer has told us its own: the n-th of the one side belong to the n-th of the other.</summary>
    private int made = 1;
    private int heard;

    public IceAgent(long now, IceOptions options, IRandomSource random)
    {
        this.options = options;
        this.random = random;
        Span<byte> bytes = stackalloc byte[8];
        random.Fill(bytes);
        tieBreaker = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        IsControlling = options.IsControlling && !options.IsLite;
        pacing = options.Pacing;
        generation = new(IceCredentials.New(random));
        startedAt = now;
    }

    public IceState State { get; private set; }

    public bool IsControlling { get; private set; }

    public IceCredentials Credentials => generation.Local;

    /// <summary>Whether data has a path: where it goes is told by <see cref="TryGetPath"/>.</summary>
    public bool HasPath => selected is not null;

    /// <summary>Microseconds from here to the peer and back on the selected path; 0: not measured.</summary>
    public long RoundTrip => selected?.RoundTrip ?? 0;

    /// <summary>The last measure of it, for who keeps an eye on changes; 0: not measured.</summary>
    public long LastRoundTrip => selected?.LastRoundTrip ?? 0;

    public long NextTimeout { get; private set; } = long.MaxValue;

    /// <summary>A base we have, as the peer is told of it.</summary>
    /// <param name="type">Host or relayed: a base has an address of its own. What others see of it is told with <see cref="AddReflexive"/>.</param>
    /// <param name="preference">0 to 65535: of several of a kind, which is better.</param>
    public void AddLocal(long now, int baseId, CandidateType type, CandidateTransport transport, TransportAddress address, ushort preference, TransportAddress? related = null)
    {
        if (locals.Count >= MaxLocals || locals.Exists(local => local.BaseId == baseId && local.Candidate.Type == type && local.Candidate.Address == address))
        {
            return;
        }

        var candidate = new IceCandidate(
            Foundation(type, transport, baseId), transport, IceCandidate.MakePriority(type, transport, preference), address, type, related);
        var added = new Local(baseId, candidate, preference);
        locals.Add(added);
        events.Enqueue(new IceEvent.LocalCandidate(candidate));
        if (transport == CandidateTransport.Udp)
        {
            PairAll(added);
        }

        Update(now);
    }

    /// <summary>How a server sees the base: a candidate to tell, whose checks leave from the base itself.</summary>
    public void AddReflexive(long now, int baseId, TransportAddress mapped)
    {
        var host = locals.Find(local => local.BaseId == baseId && local.Candidate.Type == CandidateType.Host);
        if (host is null || locals.Count >= MaxLocals || locals.Exists(local => local.Candidate.Address == mapped && local.Candidate.Transport == host.Candidate.Transport))
        {
            return;
        }

        var candidate = new IceCandidate(
            Foundation(CandidateType.ServerReflexive, host.Candidate.Transport, baseId), host.Candidate.Transport,
            IceCandidate.MakePriority(CandidateType.ServerReflexive, host.Candidate.Transport, host.Preference), mapped, CandidateType.ServerReflexive, host.Candidate.Address);
        locals.Add(new(baseId, candidate, host.Preference));
        events.Enqueue(new IceEvent.LocalCandidate(candidate));
        Update(now);
    }

    /// <summary>A server sees the base so no longer: the candidate is told no more.</summary>
    public void RemoveReflexive(int baseId, TransportAddress mapped) =>
        locals.RemoveAll(local => local.BaseId == baseId && local.Candidate.Type == CandidateType.ServerReflexive && local.Candidate.Address == mapped);

    /// <summary>A connection was accepted at a base that listens: packets come and go over it under a number of its own.</summary>
    public void AddConnection(long now, int listener, int connection)
    {
        if (locals.Find(local => local.BaseId == listener) is { } host && locals.Count < MaxLocals)
        {
            locals.Add(host with { BaseId = connection });
        }

        Update(now);
    }

    /// <summary>The base is gone: its interface, its allocation, its connection.</summary>
    public void RemoveBase(long now, int baseId)
    {
        locals.RemoveAll(local => local.BaseId == baseId);
        foreach (var pair in AllPairs().Where(pair => pair.BaseId == baseId).ToArray())
        {
            Fail(now, pair, PairFailure.LocalGone);
        }

        Update(now);
    }

    /// <summary>The system would not send there: a try without an answer, for a network that comes up has its addresses before its routes.</summary>
    public void Unreachable(long now, int baseId, TransportAddress remote)
    {
        if (generation.ByPath.TryGetValue((baseId, remote), out var pair) && pair.State is PairState.InProgress or PairState.Waiting)
        {
            pair.WasRefused = true;
            Update(now);
        }
    }

    /// <summary>
    /// How the peer is known; to be called with each of its descriptions, in their order. Other credentials than before are the peer's restart, and ours too; but those that answer
    /// what was said before our latest restart belong to nothing any more.
    /// </summary>
    /// <param name="isLite">The peer makes no checks: we lead, whatever was agreed.</param>
    /// <param name="pacing">What it says of Ta, in microseconds; null when it says nothing.</param>
    /// <exception cref="ProtocolException">They are not credentials.</exception>
    public void SetRemote(long now, IceCredentials remote, bool isLite = false, long? pacing = null)
    {
        if (!remote.IsWellFormed)
        {
            throw new ProtocolException("The other side's ICE credentials were not well formed.");
        }

        if (generation.Remote == remote)
        {
            return;
        }

        if (++heard < made)
        {
            // Taken for the answer to the latest, it would make that one the peer's restart when it comes, and ours, whose answer would be the next.
            return;
        }

        if (generation.Remote is not null)
        {
            Restart(now);
        }

        generation.SetRemote(remote);
        this.pacing = Math.Max(options.Pacing, pacing is null ? 50_000 : Math.Clamp(pacing.Value, 5_000, 500_000));
        if (isLite && !options.IsLite)
        {
            IsControlling = true;
        }

        startedAt = now;
        TakeEarly(now);
        Update(now);
    }

    /// <summary>A candidate of the peer. One too many, or one we can do nothing with, is left aside.</summary>
    public void AddRemote(long now, IceCandidate candidate)
    {
        if (generation.Remotes.Count >= MaxRemotes || candidate.Transport != CandidateTransport.Udp || candidate.Priority is 0 or > IceCandidate.MaxPriority)
        {
            return;
        }

        if (candidate.HostName is { } name)
        {
            if (!generation.Remotes.Exists(known => known.HostName == name))
            {
                generation.Remotes.Add(candidate);
                events.Enqueue(new IceEvent.Resolve(name));
            }

            return;
        }

        if (candidate.Address.Port == 0 || candidate.Address.IsUnspecified || candidate.Address.IsMulticast)
        {
            return;
        }

        int known = generation.Remotes.FindIndex(other => other.Address == candidate.Address && other.HostName is null);
        if (known >= 0)
        {
            // What we found out by ourselves has now been told, and keeps the name it was told by.
            generation.Remotes[known] = candidate;
            foreach (var pair in generation.Pairs.Where(pair => pair.Remote.Address == candidate.Address))
            {
                pair.Remote = candidate;
                pair.Priority = PriorityOf(pair);
            }
        }
        else
        {
            generation.Remotes.Add(candidate);
            foreach (var local in locals)
            {
                TryPair(local, candidate);
            }
        }

        Update(now);
    }

    /// <summary>The address of a name that <see cref="IceEvent.Resolve"/> asked for.</summary>
    public void Resolved(long now, string hostName, TransportAddress address)
    {
        if (generation.Remotes.FindIndex(known => known.HostName == hostName) is var at and >= 0)
        {
            var named = generation.Remotes[at];
            generation.Remotes.RemoveAt(at);
            AddRemote(now, named with { HostName = null, Address = address.WithPort(named.Address.Port) });
        }
    }

    /// <summary>
    /// New credentials, new checks, the same bases (RFC 8445, 2.4). The path in use carries on until the new checks have found one. The peer has to be told:
    /// <see cref="IceEvent.Restarted"/>, then the candidates again.
    /// </summary>
    public void Restart(long now)
    {
        if (selected is not null)
        {
            before = selected.Generation;
            before.KeepOnly(selected);
        }

        generation = new(IceCredentials.New(random));
        made++;
        early.Clear();
        triggered.Clear();
        startedAt = now;
        firstValidAt = 0;
        events.Enqueue(new IceEvent.Restarted(generation.Local));
        foreach (var local in locals)
        {
            events.Enqueue(new IceEvent.LocalCandidate(local.Candidate));
        }

        Update(now);
    }

    /// <summary>What has failed is tried again: the network has changed, the machine has slept.</summary>
    public void Retry(long now)
    {
        foreach (var pair in generation.Pairs.Where(pair => pair.State == PairState.Failed && locals.Exists(local => local.BaseId == pair.BaseId)))
        {
            pair.Reset();
        }

        startedAt = now;
        Update(now);
    }

    /// <summary>Where data goes now.</summary>
    public bool TryGetPath(out int baseId, out TransportAddress remote)
    {
        baseId = selected?.BaseId ?? 0;
        remote = selected?.Remote.Address ?? default;
        return selected is not null;
    }

    /// <summary>Data leaves over the selected path: from now on it matters whether it lives.</summary>
    public void DataSent(long now)
    {
        lastData = now;
        if (selected is not null && !options.IsLite)
        {
            NextTimeout = Math.Min(NextTimeout, Math.Max(now, WatchDue(selected)));
        }
    }

    /// <summary>Data has come. It is taken only from where the peer has proved itself.</summary>
    /// <returns>Whether it is from the peer.</returns>
    public bool DataReceived(long now, int baseId, TransportAddress from)
    {
        return (before is not null && IsFrom(before)) | IsFrom(generation);

        bool IsFrom(IceGeneration g)
        {
            if (!g.ByPath.TryGetValue((baseId, from), out var pair) || pair is { Answers: 0, RequestsHeard: 0 })
            {
                return false;
            }

            pair.Heard(now);
            return true;
        }
    }

    /// <param name="packet">Valid until the next call.</param>
    public bool TryPoll(out int baseId, out TransportAddress to, out ReadOnlySpan<byte> packet)
    {
        bool any = output.TryTake(out var where, out packet);
        (baseId, to) = where;
        return any;
    }

    public bool TryPollEvent(out IceEvent e) => events.TryDequeue(out e!);

    public IceReport Report() => new(
        State, Trouble, IsControlling, [.. locals.Select(local => local.Candidate).Distinct()], [.. generation.Remotes],
        [.. AllPairs().OrderByDescending(pair => pair.Priority).Select(pair => pair.Report(pair == selected))], refused);

    private IEnumerable<IcePair> AllPairs() => before is null ? generation.Pairs : generation.Pairs.Concat(before.Pairs);

    private void PairAll(Local local)
    {
        foreach (var remote in generation.Remotes.ToArray())
        {
            TryPair(local, remote);
        }
    }

    private void TryPair(Local local, IceCandidate remote)
    {
        // A reflexive candidate's checks leave from its base (6.1.2.4), whose pair there is already; and a lite agent waits to be checked.
        if (options.IsLite || local.Candidate.Type == CandidateType.ServerReflexive || local.Candidate.Transport != CandidateTransport.Udp || remote.HostName is not null
            || local.Candidate.Address.IsV4 != remote.Address.IsV4 || local.Candidate.Address.IsLinkLocal != remote.Address.IsLinkLocal)
        {
            return;
        }

        Pair(local, remote);
    }

    private IcePair? Pair(Local local, IceCandidate remote)
    {
        if (generation.ByPath.TryGetValue((local.BaseId, remote.Address), out var known))
        {
            return known;
        }

        if (generation.Pairs.Count >= MaxPairs)
        {
            // The least likely one that has not worked makes room.
            var least = generation.Pairs.Where(pair => pair.State is PairState.Waiting or PairState.Failed).MinBy(pair => pair.Priority);
            if (least is null)
            {
                return null;
            }

            generation.Remove(least);
        }

        var pair = new IcePair(generation, local.BaseId, local.Candidate, remote);
        pair.Priority = PriorityOf(pair);
        generation.Add(pair);
        return pair;
    }

    private ulong PriorityOf(IcePair pair) =>
        IsControlling ? IceCandidate.PairPriority(pair.Local.Priority, pair.Remote.Priority) : IceCandidate.PairPriority(pair.Remote.Priority, pair.Local.Priority);

    private static string Foundation(CandidateType type, CandidateTransport transport, int baseId) => $"{(int)type + 1}{(int)transport}{baseId}";

    private sealed record Local(int BaseId, IceCandidate Candidate, ushort Preference);
}
