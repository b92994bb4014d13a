using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Alongside.Net.PortMapping;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>
/// The sockets and the clock of an <see cref="IceTransport"/>: one UDP socket for every address of every interface, one connection for each TURN server over TCP or TLS,
/// one timer. The machine runs under one lock; what it has to say is said under it too, by callbacks, which must be short.
/// <code>
/// socket ─receive loop─> lock ─> IceTransport ─> what it wants sent: SendTo at once
/// </code>
/// What a socket holds is taken in before it is answered, and packets of a length to one place leave by one call. A packet is not copied and allocates nothing on its way through here.
/// What goes wrong in the machines, or in who is called back, ends this driver, which says that it has failed, and nobody else: much of it runs on threads where nobody would take an exception.
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
    private readonly ITimer settling;
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
        settling = time.CreateTimer(_ => Settled(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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

    /// <summary>Opens a socket at each address there is, and from then on at those that come.</summary>
    public void Start()
    {
        // Before they are looked up: what changes in between is not missed.
        NetworkChange.NetworkAddressChanged += AddressesChanged;
        var addresses = options.Addresses(options.WithLoopback);
        lock (gate)
        {
            Refresh(addresses);
            if (options.TcpPort is { } port)
            {
                Listen(port, addresses);
            }

            Drain();
        }
    }

    public void SetRemote(IceCredentials remote, bool isLite = false, long? pacing = null) => Do(now => transport.SetRemote(now, remote, isLite, pacing));

    public void AddRemote(IceCandidate candidate) => Do(now => transport.AddRemote(now, candidate));

    public void Restart() => Do(transport.Restart);

    public void Retry() => Do(transport.Retry);

    /// <summary>Does something with the machines, and then all that comes of it; nothing once the driver has failed. What <paramref name="what"/> throws is the caller's.</summary>
    public void Do(Action<long, IceTransport> what)
    {
        lock (gate)
        {
            if (!hasFailed)
            {
                what(Now, transport);
                Drain();
            }
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
        DoAlone(transport.Close);
        await stopping.CancelAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await settling.DisposeAsync();
        await timer.DisposeAsync();

        // What must not be left open is closed before anything is waited for.
        List<Task> ending;
        lock (gate)
        {
            foreach (var leg in legs.Values)
            {
                Close(leg);
            }

            legs.Clear();
            ending = [.. tasks, .. mappers.Values.Select(mapper => mapper.DisposeAsync().AsTask())];
            mappers.Clear();
        }

        foreach (var end in ending)
        {
            await end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        stopping.Dispose();
    }

    private void Do(Action<long> what) => Do((now, _) => what(now));

    /// <summary>As <see cref="Do(Action{long})"/>, where nobody would take an exception.</summary>
    internal void DoAlone(Action<long> what)
    {
        lock (gate)
        {
            try
            {
                if (!hasFailed)
                {
                    what(Now);
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Fail();
            }

            Drain();
        }
    }

    /// <summary>Under the lock. Who connects and goes, again and again, leaves nothing behind.</summary>
    private void Run(Func<Task> what)
    {
        tasks.RemoveAll(task => task.IsCompleted);
        tasks.Add(Task.Run(AloneAsync));

        async Task AloneAsync()
        {
            try
            {
                await what();
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                lock (gate)
                {
                    if (!stopping.IsCancellationRequested)
                    {
                        Fail();
                    }
                }
            }
        }
    }

    private void Due()
    {
        lock (gate)
        {
            timerAt = long.MaxValue;
            try
            {
                if (!hasFailed && !stopping.IsCancellationRequested && transport.NextTimeout <= Now)
                {
                    transport.HandleTimeout(Now);
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Fail();
            }

            // What runs over the path may be what was due: it is polled with the rest.
            Drain();
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
                Take(socket, leg, packet, length);
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

    /// <summary>What has come, with all that is there already behind it.</summary>
    private void Take(int socket, UdpLeg leg, Span<byte> packet, int length)
    {
        lock (gate)
        {
            try
            {
                int taken = 0;
                do
                {
                    if (!hasFailed)
                    {
                        transport.Handle(Now, socket, SocketAddresses.Read(leg.From), packet[..length]);
                    }
                }
                while (++taken < Together && leg.TryReceive(packet, out length));
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Fail();
            }

            Drain();
        }
    }

    private async Task ResolveAsync(string name)
    {
        IPAddress? address = null;
        try
        {
            address = await options.ResolveLocal(name, stopping.Token);
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException)
        {
            // The peer's own checks will show where it is.
        }

        if (address is not null)
        {
            DoAlone(now => transport.Resolved(now, name, new TransportAddress(address, 0)));
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
