using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Alongside.Net.PortMapping;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>What a driver is told at its start.</summary>
public sealed record IceDriverOptions
{
    public IceOptions Ice { get; init; } = new();

    public IceServers Servers { get; init; } = IceServers.None;

    /// <summary>Also 127.0.0.1 and ::1: for tests, and for two programs of one machine.</summary>
    public bool WithLoopback { get; init; }

    /// <summary>A TCP port to listen at as well (RFC 6544), 0: any; null: none.</summary>
    public int? TcpPort { get; init; }

    /// <summary>Asks the routers of private networks for a port.</summary>
    public bool PortMapping { get; init; }

    /// <summary>Names a TURN server's certificate must bear; null: its address is what it is known by.</summary>
    public string? TurnName { get; init; }

    /// <summary>Of whom browsers' names that end with .local are asked.</summary>
    public Func<string, CancellationToken, Task<IPAddress?>> ResolveLocal { get; init; } = MdnsQuery.ResolveAsync;
}

/// <summary>
/// The sockets and the clock of an <see cref="IceTransport"/>: one UDP socket for every address of every interface, one connection for each TURN server over TCP or TLS,
/// one timer. The machine runs under one lock; what it has to say is said under it too, by the two callbacks, which must be short and must not call back.
/// <code>
/// socket ─receive loop─> lock ─> IceTransport ─> what it wants sent: SendTo at once
/// </code>
/// A packet is not copied and allocates nothing on its way through here.
/// </summary>
public sealed partial class IceDriver : IAsyncDisposable
{
    private const int ReceiveBuffer = 4 * 1024 * 1024;

    private readonly Lock gate = new();
    private readonly IceDriverOptions options;
    private readonly IceTransport transport;
    private readonly TimeProvider time;
    private readonly PacketReceived received;
    private readonly Action<IceEvent> happened;
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<int, Leg> legs = [];
    private readonly Dictionary<int, PortMapper> mappers = [];
    private readonly List<Task> tasks = [];
    private readonly ITimer timer;
    private int nextSocket;
    private long timerAt = long.MaxValue;

    /// <param name="received">A datagram of the peer, valid during the call.</param>
    /// <param name="happened">What the agent says: candidates to tell, states, the path.</param>
    public IceDriver(IceDriverOptions options, TimeProvider time, PacketReceived received, Action<IceEvent> happened)
    {
        this.options = options;
        this.time = time;
        this.received = received;
        this.happened = happened;
        transport = new(Now, options.Ice, options.Servers, SystemRandomSource.Instance);
        timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public delegate void PacketReceived(ReadOnlySpan<byte> packet);

    public IceCredentials Credentials
    {
        get
        {
            lock (gate)
            {
                return transport.Agent.Credentials;
            }
        }
    }

    private long Now => (long)time.GetElapsedTime(0).TotalMicroseconds + 1;

    /// <summary>Opens a socket at each address there is. Called again when the addresses change.</summary>
    public void Start()
    {
        lock (gate)
        {
            Refresh();
            if (options.TcpPort is { } port)
            {
                Listen(port);
            }

            Drain();
        }

        NetworkChange.NetworkAddressChanged += AddressesChanged;
    }

    public void SetRemote(IceCredentials remote, bool isLite = false, long? pacing = null) => Do(now => transport.SetRemote(now, remote, isLite, pacing));

    public void AddRemote(IceCandidate candidate) => Do(now => transport.AddRemote(now, candidate));

    public void Restart() => Do(transport.Restart);

    public void Retry() => Do(transport.Retry);

    public IceReport Report()
    {
        lock (gate)
        {
            return transport.Agent.Report();
        }
    }

    public NatKind Nat()
    {
        lock (gate)
        {
            return transport.Nat();
        }
    }

    /// <summary>Sends a datagram to the peer; without a path it is dropped.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (gate)
        {
            transport.Send(Now, packet);
            Drain();
        }
    }

    public async ValueTask DisposeAsync()
    {
        NetworkChange.NetworkAddressChanged -= AddressesChanged;
        Task[] running;
        lock (gate)
        {
            transport.Close(Now);
            Drain();
            running = [.. tasks];
        }

        foreach (var mapper in mappers.Values)
        {
            await mapper.DisposeAsync();
        }

        await stopping.CancelAsync();
        await timer.DisposeAsync();
        lock (gate)
        {
            foreach (var leg in legs.Values)
            {
                leg.Dispose();
            }

            legs.Clear();
        }

        await Task.WhenAll(running);
        stopping.Dispose();
    }

    private void Do(Action<long> what)
    {
        lock (gate)
        {
            what(Now);
            Drain();
        }
    }

    private void Due()
    {
        lock (gate)
        {
            timerAt = long.MaxValue;
            if (!stopping.IsCancellationRequested && transport.NextTimeout <= Now)
            {
                transport.HandleTimeout(Now);
            }

            Drain();
        }
    }

    private void AddressesChanged(object? sender, EventArgs e)
    {
        lock (gate)
        {
            if (!stopping.IsCancellationRequested && Refresh())
            {
                // What is new may be the only one that works.
                transport.Restart(Now);
                Drain();
            }
        }
    }

    /// <summary>Under the lock: a socket for each address that has none, and none for an address that is gone.</summary>
    /// <returns>Whether anything changed.</returns>
    private bool Refresh()
    {
        var addresses = InterfaceAddresses.All(options.WithLoopback);
        bool hasChanged = false;
        foreach (var (socket, leg) in legs.ToArray())
        {
            if (leg is UdpLeg udp && !addresses.Exists(address => address.Address.Equals(udp.Address.Address)))
            {
                legs.Remove(socket);
                leg.Dispose();
                transport.RemoveSocket(Now, socket);
                if (mappers.Remove(socket, out var mapper))
                {
                    tasks.Add(mapper.DisposeAsync().AsTask());
                }

                hasChanged = true;
            }
        }

        foreach (var (address, preference) in addresses)
        {
            if (!legs.Values.Any(leg => leg is UdpLeg udp && udp.Address.Address.Equals(address)) && UdpLeg.TryOpen(address, ReceiveBuffer) is { } opened)
            {
                int socket = nextSocket++;
                legs[socket] = opened;
                transport.AddSocket(Now, socket, TransportAddress.From(opened.Address), preference);
                tasks.Add(Task.Run(() => ReceiveAsync(socket, opened)));
                Map(socket, opened.Address);
                hasChanged = true;
            }
        }

        return hasChanged;
    }

    private void Map(int socket, IPEndPoint local)
    {
        if (options.PortMapping && TransportAddress.From(local) is { IsPrivate: true, IsV4: true } && PortMapper.GatewayOf(local.Address) is { } gateway)
        {
            mappers[socket] = new(
                local, new(gateway, Alongside.Rtc.PortMapping.GatewayMapping.Port), time, external => Do(now => transport.AddMapped(now, socket, external)));
        }
    }

    private async Task ReceiveAsync(int socket, UdpLeg leg)
    {
        var packet = new byte[65_536];
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int length = await leg.Socket.ReceiveFromAsync(packet, SocketFlags.None, leg.From, stopping.Token);
                var from = SocketAddresses.Read(leg.From);
                lock (gate)
                {
                    transport.Handle(Now, socket, from, packet.AsSpan(0, length));
                    Drain();
                }
            }
            catch (SocketException error) when (error.SocketErrorCode is not (SocketError.OperationAborted or SocketError.NotSocket))
            {
                // An unreachable peer is told at the next receive, on some systems; it is about a packet, not about the socket.
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    /// <summary>Under the lock: everything the machine wants done is done.</summary>
    private void Drain()
    {
        while (transport.TryPoll(out int socket, out var to, out var packet))
        {
            if (legs.TryGetValue(socket, out var leg) && !leg.TrySend(to, packet))
            {
                transport.Unreachable(Now, socket, to);
            }
        }

        while (transport.TryTakeData(out var data))
        {
            received(data);
        }

        while (transport.TryPollEvent(out var e))
        {
            switch (e)
            {
                case IceEvent.Connect connect:
                    tasks.Add(Task.Run(() => ConnectAsync(connect.Server)));
                    break;
                case IceEvent.Resolve resolve:
                    tasks.Add(Task.Run(() => ResolveAsync(resolve.HostName)));
                    break;
                default:
                    happened(e);
                    break;
            }
        }

        long due = transport.NextTimeout;
        if (due != timerAt)
        {
            timerAt = due;
            timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMicroseconds(Math.Clamp(due - Now, 0, 60_000_000)), Timeout.InfiniteTimeSpan);
        }
    }

    private async Task ResolveAsync(string name)
    {
        if (await options.ResolveLocal(name, stopping.Token) is { } address)
        {
            Do(now => transport.Resolved(now, name, new TransportAddress(address, 0)));
        }
    }
}
