using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.PortMapping;
using Alongside.Rtc.Wire;

namespace Alongside.Net.PortMapping;

/// <summary>
/// Asks the router of one socket's network to let the world in to it, and keeps that up until it is disposed: by PCP or NAT-PMP, and where neither is spoken by UPnP. Says each new
/// address it has got; a router that does none of it is no fault.
/// </summary>
public sealed class PortMapper : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly IPEndPoint local;
    private readonly IPEndPoint gateway;
    private readonly TimeProvider time;
    private readonly Action<TransportAddress> mapped;
    private readonly Task running;

    /// <param name="local">The UDP socket to be reached.</param>
    /// <param name="gateway">Where the router takes PCP; its UPnP is looked for at the same address.</param>
    /// <param name="mapped">Called with the address the world can come to, from a thread of the pool.</param>
    public PortMapper(IPEndPoint local, IPEndPoint gateway, TimeProvider time, Action<TransportAddress> mapped)
    {
        this.local = local;
        this.gateway = gateway;
        this.time = time;
        this.mapped = mapped;
        running = Task.Run(RunAsync);
    }

    /// <summary>What is spoken with the router, or why nothing is: for the connection doctor.</summary>
    public RouterAnswer Answer { get; private set; } = new("The router is being asked.", HasAnswered: false, HasMapping: false);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private long Now => (long)time.GetElapsedTime(0).TotalMicroseconds + 1;

    private async Task RunAsync()
    {
        try
        {
            if (!await AskGatewayAsync() && !stopping.IsCancellationRequested)
            {
                await using var upnp = new IgdClient(local, gateway.Address);
                Answer = await upnp.TryMapAsync(mapped, stopping.Token)
                    ? new("The router opened a port by UPnP.", HasAnswered: true, HasMapping: true)
                    : new("The router speaks neither PCP, NAT-PMP nor UPnP, or refuses.", HasAnswered: true, HasMapping: false);
                await upnp.KeepAsync(mapped, time, stopping.Token);
            }
        }
        catch (Exception over) when (over is not OutOfMemoryException)
        {
            // Whatever it is: without a port at the router a session goes on as if there were no router to ask.
            Answer = new(stopping.IsCancellationRequested ? "Over." : $"The router cannot be asked: {over.Message}", HasAnswered: true, HasMapping: false);
        }
    }

    /// <returns>False: the router has failed to give one, and something else may be tried.</returns>
    private async Task<bool> AskGatewayAsync()
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(local.Address, 0));
        await socket.ConnectAsync(gateway, stopping.Token);
        var session = new GatewayMapping(Now, TransportAddress.From(local), SystemRandomSource.Instance);
        var buffer = new byte[1100];
        TransportAddress? told = null;
        try
        {
            while (!session.HasFailed)
            {
                session.HandleTimeout(Now);
                await SendAsync(socket, session);
                if (session.External is { } external && external != told)
                {
                    told = external;
                    Answer = new($"The router opened a port by {session.Protocol}.", HasAnswered: true, HasMapping: true);
                    mapped(external);
                }

                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
                patience.CancelAfter(TimeSpan.FromMicroseconds(Math.Clamp(session.NextTimeout - Now, 1000, 600_000_000)));
                try
                {
                    int length = await socket.ReceiveAsync(buffer, SocketFlags.None, patience.Token);
                    session.Handle(Now, buffer.AsSpan(0, length));
                }
                catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
                {
                    continue;
                }
                catch (SocketException)
                {
                    // Nobody listens there: what is sent again will find that out too, until it has failed.
                    await Task.Delay(TimeSpan.FromMilliseconds(50), time, stopping.Token);
                }
            }

            return false;
        }
        finally
        {
            session.Close();
            await SendAsync(socket, session);
        }
    }

    private static async Task SendAsync(Socket socket, GatewayMapping session)
    {
        while (session.TryPoll(out var packet))
        {
            try
            {
                await socket.SendAsync(packet, SocketFlags.None);
            }
            catch (SocketException)
            {
                // As above.
            }
        }
    }
}

/// <summary>What a router that was asked for a port has come to, in words.</summary>
public sealed record RouterAnswer(string Said, bool HasAnswered, bool HasMapping);
