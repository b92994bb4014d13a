using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;
using Alongside.Server.Health;

namespace Alongside.Server.Direct;

/// <summary>
/// Where hosts and browsers learn how the world sees them. Sessions work without, relayed: a port that cannot be had is said in the log and is no reason
/// not to serve. The port after it answers as well where it is free: who is seen otherwise there is behind a NAT that treats each destination by itself.
/// </summary>
public sealed class StunPort(ServerSettings settings, TimeProvider time, RelayCounters counters, ILogger<StunPort> log) : IHostedService, IAsyncDisposable
{
    private StunListener? listener, second;

    /// <summary>Null: nobody answers.</summary>
    public int? Port => listener?.Address.Port;

    /// <summary>All there are: none, one or two.</summary>
    public IReadOnlyList<int> Ports => [.. new[] { listener, second }.OfType<StunListener>().Select(each => each.Address.Port)];

    public Task StartAsync(CancellationToken cancel)
    {
        if (settings.StunPort is not { } port)
        {
            return Task.CompletedTask;
        }

        try
        {
            listener = Listen(port);
        }
        catch (SocketException taken)
        {
            log.NoStun(port, taken.Message);
            return Task.CompletedTask;
        }

        try
        {
            second = port == 65535 ? null : Listen(port == 0 ? 0 : port + 1);
        }
        catch (SocketException)
        {
            // Somebody else's port, who was not told that we would like it.
        }

        counters.Observe("alongside_stun_answered", "STUN questions answered.", () => (listener?.Answered ?? 0) + (second?.Answered ?? 0));
        counters.Observe("alongside_stun_unanswered", "Packets at the STUN ports that got no answer.", () => (listener?.Unanswered ?? 0) + (second?.Unanswered ?? 0));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancel) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var running in (StunListener?[])[Interlocked.Exchange(ref listener, null), Interlocked.Exchange(ref second, null)])
        {
            await (running?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
    }

    private StunListener Listen(int port)
    {
        var made = new StunListener(new IPEndPoint(settings.Listen ?? IPAddress.Loopback, port), time);
        made.Start();
        return made;
    }
}
