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

    /// <summary>Of whom browsers' names that end with .local are asked.</summary>
    public Func<string, CancellationToken, Task<IPAddress?>> ResolveLocal { get; init; } = MdnsQuery.ResolveAsync;
}

/// <summary>
/// The sockets and the clock of an <see cref="IceTransport"/>: one UDP socket for every address of every interface, one connection for each TURN server over TCP or TLS,
/// one timer. The machine runs under one lock; what it has to say is said under it too, by callbacks, which must be short.
/// <code>
/// socket ─receive loop─> lock ─> IceTransport ─> what it wants sent: SendTo at once
/// </code>
/// What a socket holds is taken in before it is answered, and packets of a length to one place leave by one call. A packet is not copied and allocates nothing on its way through here.
/// </summary>
public sealed partial class IceDriver : IAsyncDisposable
{
    private const int ReceiveBuffer = 4 * 1024 * 1024;

    /// <summary>Packets that are handed over together: to the machines before these answer, to the system before it sends.</summary>
    private const int Together = 32;

    /// <summary>No datagram is longer than an Ethernet frame.</summary>
    private const int LongestDatagram = 2048;

    private readonly Lock gate = new();
    private readonly IceDriverOptions options;
    private readonly IceTransport transport;
    private readonly TimeProvider time;
    private readonly IDatagramMachine above;
    private readonly Action<IceEvent> happened;
    private readonly byte[] datagram = new byte[LongestDatagram];
    private readonly CancellationTokenSource stopping = new();
    private readonly Dictionary<int, Leg> legs = [];
    private readonly Dictionary<int, PortMapper> mappers = [];
    private readonly List<Task> tasks = [];
    private readonly ITimer timer;
    private int nextSocket;
    private long timerAt = long.MaxValue;
    private bool isDraining;
    private bool hasFailed;

    /// <param name="happened">What the agent says: candidates to tell, states, the path. Under the lock.</param>
    /// <param name="above">What runs over the path.</param>
    public IceDriver(IceDriverOptions options, TimeProvider time, Action<IceEvent> happened, IDatagramMachine above)
    {
        this.options = options;
        this.time = time;
        this.above = above;
        this.happened = happened;
        transport = new(Now, options.Ice, options.Servers, SystemRandomSource.Instance);
        timer = time.CreateTimer(_ => Due(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

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
        var addresses = InterfaceAddresses.All(options.WithLoopback);
        lock (gate)
        {
            Refresh(addresses);
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

    /// <summary>Does something with the machines, and then all that comes of it.</summary>
    public void Do(Action<long, IceTransport> what)
    {
        lock (gate)
        {
            what(Now, transport);
            Drain();
        }
    }

    /// <summary>As <see cref="Do(Action{long, IceTransport})"/>, without an allocation: what comes of it is done when the scope ends. Inside a callback it is done afterwards anyway.</summary>
    public Scope Enter(out long now)
    {
        gate.Enter();
        now = Now;
        return new(this);
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

    private void Do(Action<long> what) => Do((now, _) => what(now));

    private void Due()
    {
        lock (gate)
        {
            timerAt = long.MaxValue;
            if (!stopping.IsCancellationRequested && transport.NextTimeout <= Now)
            {
                transport.HandleTimeout(Now);
            }

            // What runs over the path may be what was due: it is polled with the rest.
            Drain();
        }
    }

    private void AddressesChanged(object? sender, EventArgs e)
    {
        // To look through all interfaces takes its time, in which what is sent must not wait.
        List<(IPAddress Address, ushort Preference)> addresses;
        try
        {
            addresses = InterfaceAddresses.All(options.WithLoopback);
        }
        catch (NetworkInformationException)
        {
            // They change while they are looked through, and are told of again when they have.
            return;
        }

        lock (gate)
        {
            if (!stopping.IsCancellationRequested && Refresh(addresses))
            {
                // What is new may be the only one that works.
                transport.Restart(Now);
                Drain();
            }
        }
    }

    /// <summary>Under the lock: a socket for each address that has none, and none for an address that is gone.</summary>
    /// <returns>Whether anything changed.</returns>
    private bool Refresh(List<(IPAddress Address, ushort Preference)> addresses)
    {
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
                Run(() => ReceiveAsync(socket, opened));
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
        var packet = new byte[LongestDatagram];
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                int length = await leg.Socket.ReceiveFromAsync(packet, SocketFlags.None, leg.From, stopping.Token);
                lock (gate)
                {
                    int taken = 0;
                    do
                    {
                        transport.Handle(Now, socket, SocketAddresses.Read(leg.From), packet.AsSpan(0, length));
                    }
                    while (++taken < Together && leg.TryReceive(packet, out length));
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

    /// <summary>Under the lock: everything the machines want done is done. Callbacks that come back in here are served by the round that is under way.</summary>
    private void Drain()
    {
        if (isDraining || hasFailed)
        {
            return;
        }

        isDraining = true;
        try
        {
            long now;
            do
            {
                now = Now;
                DrainTransport();
                above.Tell(now);
            }
            while (PollAbove(now));

            DrainTransport();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // Nobody knows what of it was done: whoever uses this goes another way.
            hasFailed = true;
            _ = stopping.CancelAsync();
            happened(new IceEvent.StateChanged(IceState.Failed));
            return;
        }
        finally
        {
            isDraining = false;
        }

        long due = Math.Min(transport.NextTimeout, transport.Agent.HasPath ? above.NextTimeout : long.MaxValue);
        if (due != timerAt)
        {
            timerAt = due;

            // A timer drops what is less than a millisecond, and would fire again and again until the time has come.
            timer.Change(due == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Clamp(due - Now, 0, 60_000_000) / 1000.0)), Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Without a path nothing is asked for: what left now would be lost.</summary>
    private bool PollAbove(long now)
    {
        int polled = 0;
        while (transport.Agent.HasPath && above.Poll(now, datagram) is > 0 and var length)
        {
            transport.Send(now, datagram.AsSpan(0, length));
            if (++polled % Together == 0)
            {
                DrainTransport();
            }
        }

        return polled > 0;
    }

    private void DrainTransport()
    {
        while (transport.TryPollRun(Together, out int socket, out var to, out var packets, out int each))
        {
            if (legs.TryGetValue(socket, out var leg) && !leg.TrySend(to, packets, each))
            {
                transport.Unreachable(Now, socket, to);
            }
        }

        while (transport.TryTakeData(out var data))
        {
            above.Handle(Now, data);
        }

        while (transport.TryPollEvent(out var e))
        {
            switch (e)
            {
                case IceEvent.Connect connect:
                    Run(() => ConnectAsync(connect.Server));
                    break;
                case IceEvent.Resolve resolve:
                    Run(() => ResolveAsync(resolve.HostName));
                    break;
                default:
                    happened(e);
                    break;
            }
        }
    }

    private async Task ResolveAsync(string name)
    {
        if (await options.ResolveLocal(name, stopping.Token) is { } address)
        {
            Do(now => transport.Resolved(now, name, new TransportAddress(address, 0)));
        }
    }

    /// <summary>The lock, held; at its end all that has come of what was done is done.</summary>
    public readonly ref struct Scope(IceDriver driver)
    {
        public void Dispose()
        {
            driver.Drain();
            driver.gate.Exit();
        }
    }
}
