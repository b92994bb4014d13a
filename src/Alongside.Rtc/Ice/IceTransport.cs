using Alongside.Core.Secure;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

/// <summary>The servers an agent may ask: addresses, not names.</summary>
public sealed record IceServers(IReadOnlyList<TransportAddress> Stun, IReadOnlyList<TurnServer> Turn)
{
    public static IceServers None { get; } = new([], []);
}

/// <summary>
/// An agent with what it needs around it: sockets, the STUN servers that say how these are seen, the TURN servers that lend addresses. Data goes in at
/// <see cref="Send"/> and comes out at <see cref="TryTakeData"/>, whichever path there is.
/// <code>
/// socket ─(from, packet)─> Handle ─> [of a TURN server: TurnClient unwraps it] ─> [an answer of a STUN server: a candidate] ─> IceAgent, or data
/// IceAgent, data ─(base, to, packet)─> [base is an allocation: TurnClient wraps it] ─> TryPoll ─> socket
/// </code>
/// Pure, driven like <see cref="IceAgent"/>. Sockets have numbers from 0 that the driver chooses; allocations are bases with numbers below 0, each of which is used once.
/// </summary>
public sealed partial class IceTransport
{
    /// <summary>A datagram of this length every path carries. A longer one is a try whether this one does, or came through as one.</summary>
    public const int CarriedEverywhere = 1232;

    private const int MaxQueued = 512 * 1024;
    private const int MaxAllocations = 8;

    /// <summary>Of these, kept for servers over TCP and TLS: where UDP is blocked they are all there is.</summary>
    private readonly int forStreams;

    private readonly IceServers servers;
    private readonly IRandomSource random;
    private readonly PacketQueue<(int Socket, TransportAddress To)> output = new(MaxQueued);
    private readonly PacketQueue<byte> data = new(MaxQueued);
    private readonly Queue<IceEvent> events = new();
    private readonly List<Question> questions = [];
    private readonly List<Allocation> allocations = [];
    private readonly Dictionary<int, TransportAddress> sockets = [];
    private int nextBase = -1;

    public IceTransport(long now, IceOptions options, IceServers servers, IRandomSource random)
    {
        this.servers = servers;
        this.random = random;
        Agent = new(now, options, random);
        foreach (var server in servers.Turn.Where(server => server.Transport != TurnTransport.Udp))
        {
            events.Enqueue(new IceEvent.Connect(server));
            forStreams = Math.Min(MaxAllocations / 2, forStreams + 1);
        }
    }

    /// <summary>For what it knows. What changes it goes through here.</summary>
    public IceAgent Agent { get; }

    public long NextTimeout { get; private set; } = long.MaxValue;

    /// <summary>A UDP socket, bound to one address of one interface.</summary>
    /// <param name="preference">0 to 65535: of several, which is better.</param>
    /// <param name="borrows">Whether an allocation at a TURN server is worth it: not from a second way to the same network.</param>
    public void AddSocket(long now, int socket, TransportAddress local, ushort preference, bool borrows = true)
    {
        sockets[socket] = local;
        Agent.AddLocal(now, socket, CandidateType.Host, CandidateTransport.Udp, local, preference);
        foreach (var server in servers.Stun.Where(server => Reaches(local, server)))
        {
            questions.Add(new(socket, new StunQuestion(server, random), null));
        }

        foreach (var server in servers.Turn.Where(server => borrows && server.Transport == TurnTransport.Udp && Reaches(local, server.Address)))
        {
            Allocate(now, socket, server);
        }

        Drain(now);
    }

    /// <summary>A TCP socket that listens (RFC 6544): its connections are told with <see cref="AddConnection"/>.</summary>
    public void AddListener(long now, int socket, TransportAddress local, ushort preference)
    {
        sockets[socket] = local;
        Agent.AddLocal(now, socket, CandidateType.Host, CandidateTransport.TcpPassive, local, preference);
        Drain(now);
    }

    /// <summary>A connection that a listener has accepted. Its packets are framed by the driver (RFC 4571) and whole here.</summary>
    public void AddConnection(long now, int listener, int socket, TransportAddress local)
    {
        sockets[socket] = local;
        Agent.AddConnection(now, listener, socket);
        Drain(now);
    }

    /// <summary>The connection that <see cref="IceEvent.Connect"/> asked for stands. Its bytes are given to <see cref="Handle"/> as they come.</summary>
    public void AddTurnConnection(long now, int socket, TransportAddress local, TurnServer server)
    {
        sockets[socket] = local;
        Allocate(now, socket, server);
        Drain(now);
    }

    /// <summary>There is none to be had.</summary>
    public void TurnUnreachable(TurnServer server) => events.Enqueue(new IceEvent.TurnFailed(server, TurnFailure.NoAnswer, 0));

    /// <summary>The socket is closed, or its address is gone.</summary>
    public void RemoveSocket(long now, int socket)
    {
        sockets.Remove(socket);
        questions.RemoveAll(question => question.Socket == socket);
        foreach (var allocation in allocations.Where(allocation => allocation.Socket == socket))
        {
            allocation.Client.Disconnected();
        }

        Agent.RemoveBase(now, socket);
        Drain(now);
    }

    /// <inheritdoc cref="IceAgent.SetRemote"/>
    public void SetRemote(long now, IceCredentials remote, bool isLite = false, long? pacing = null)
    {
        Agent.SetRemote(now, remote, isLite, pacing);
        Drain(now);
    }

    /// <inheritdoc cref="IceAgent.AddRemote"/>
    public void AddRemote(long now, IceCandidate candidate)
    {
        Agent.AddRemote(now, candidate);
        Drain(now);
    }

    /// <summary>The router has opened a port for the socket.</summary>
    public void AddMapped(long now, int socket, TransportAddress external)
    {
        Agent.AddReflexive(now, socket, external);
        Drain(now);
    }

    /// <inheritdoc cref="IceAgent.Resolved"/>
    public void Resolved(long now, string hostName, TransportAddress address)
    {
        Agent.Resolved(now, hostName, address);
        Drain(now);
    }

    /// <inheritdoc cref="IceAgent.Restart"/>
    public void Restart(long now)
    {
        Agent.Restart(now);
        Drain(now);
    }

    /// <inheritdoc cref="IceAgent.Retry"/>
    public void Retry(long now)
    {
        Agent.Retry(now);
        Drain(now);
    }

    /// <summary>The system would not send there.</summary>
    public void Unreachable(long now, int socket, TransportAddress remote)
    {
        Agent.Unreachable(now, socket, remote);
        Drain(now);
    }

    /// <summary>A datagram, a framed packet, or a piece of a TURN server's stream.</summary>
    public void Handle(long now, int socket, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        if (!TryAllocations(now, socket, from, packet) && !TryQuestions(now, socket, from, packet))
        {
            Take(now, socket, from, packet);
        }

        Drain(now);
    }

    /// <summary>Sends a datagram to the peer, or drops it when there is no path; a long one also where a TURN server sends it on, which may cut it apart without a word.</summary>
    public void Send(long now, ReadOnlySpan<byte> packet)
    {
        if (Agent.TryGetPath(out int baseId, out var to) && (baseId >= 0 || packet.Length <= CarriedEverywhere))
        {
            Agent.DataSent(now);
            Leave(now, baseId, to, packet);
            Drain(now);
        }
    }

    public void HandleTimeout(long now)
    {
        Span<byte> packet = stackalloc byte[StunQuestion.Length];
        foreach (var (socket, question, _) in questions)
        {
            if (now >= question.Due && question.Poll(now, packet) is > 0 and var length)
            {
                output.Add((socket, question.Server), packet[..length]);
            }
        }

        foreach (var allocation in allocations)
        {
            if (now >= allocation.Client.NextTimeout)
            {
                allocation.Client.HandleTimeout(now);
            }
        }

        if (now >= Agent.NextTimeout)
        {
            Agent.HandleTimeout(now);
        }

        Drain(now);
    }

    /// <summary>Gives allocations back; what is then polled is the last.</summary>
    public void Close(long now)
    {
        foreach (var allocation in allocations)
        {
            allocation.Client.Close(now);
        }

        Drain(now);
    }

    /// <summary>What is to be sent through a socket; valid until the next call.</summary>
    public bool TryPoll(out int socket, out TransportAddress to, out ReadOnlySpan<byte> packet)
    {
        bool any = output.TryTake(out var where, out packet);
        (socket, to) = where;
        return any;
    }

    /// <summary>As <see cref="TryPoll"/>, with what follows to the same place: packets of a length one after another, the last perhaps shorter.</summary>
    /// <param name="most">So many of them, at least one.</param>
    public bool TryPollRun(int most, out int socket, out TransportAddress to, out ReadOnlySpan<byte> packets, out int each)
    {
        bool any = output.TryTakeRun(most, out var where, out packets, out each);
        (socket, to) = where;
        return any;
    }

    /// <summary>A datagram of the peer; valid until the next call.</summary>
    public bool TryTakeData(out ReadOnlySpan<byte> packet) => data.TryTake(out _, out packet);

    public bool TryPollEvent(out IceEvent e) => events.TryDequeue(out e!);

    private void Take(long now, int baseId, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        if (StunMessage.IsStun(packet))
        {
            Agent.Handle(now, baseId, from, packet);
        }
        else if (Agent.DataReceived(now, baseId, from))
        {
            data.Add(0, packet);
        }
    }

    private void Leave(long now, int baseId, TransportAddress to, ReadOnlySpan<byte> packet)
    {
        if (baseId >= 0)
        {
            output.Add((baseId, to), packet);
            return;
        }

        foreach (var allocation in allocations)
        {
            if (allocation.Base == baseId)
            {
                allocation.Client.Send(now, to, packet);
            }
        }
    }

    /// <summary>Moves what the machines have for each other and for the driver, until none has anything.</summary>
    private void Drain(long now)
    {
        bool isMoving = true;
        while (isMoving)
        {
            isMoving = false;
            foreach (var allocation in allocations)
            {
                isMoving |= DrainAllocation(now, allocation);
            }

            while (Agent.TryPoll(out int baseId, out var to, out var packet))
            {
                Leave(now, baseId, to, packet);
                isMoving = true;
            }
        }

        allocations.RemoveAll(allocation => allocation.Client.IsOver);
        while (Agent.TryPollEvent(out var e))
        {
            if (e is IceEvent.Restarted)
            {
                AskAgain();
            }

            events.Enqueue(e);
        }

        long next = Agent.NextTimeout;
        foreach (var question in questions)
        {
            next = Math.Min(next, question.Asked.Due);
        }

        foreach (var allocation in allocations)
        {
            next = Math.Min(next, allocation.Client.NextTimeout);
        }

        NextTimeout = next;
    }

    /// <param name="Before">The answer to the same question before a restart.</param>
    private readonly record struct Question(int Socket, StunQuestion Asked, TransportAddress? Before)
    {
        public TransportAddress? Mapped => Asked.Mapped ?? Before;
    }

    private readonly record struct Allocation(int Base, int Socket, TurnClient Client);
}
