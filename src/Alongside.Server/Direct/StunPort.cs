using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;
using Alongside.Server.Health;

namespace Alongside.Server.Direct;

/// <summary>
/// Where hosts and browsers learn how the world sees them. Sessions work without, relayed: a port that cannot be had is said in the log and is no reason
/// not to serve.
/// </summary>
public sealed class StunPort(ServerSettings settings, TimeProvider time, RelayCounters counters, ILogger<StunPort> log) : IHostedService, IAsyncDisposable
{
    private StunListener? listener;

    /// <summary>Null: nobody answers.</summary>
    public int? Port => listener?.Address.Port;

    public Task StartAsync(CancellationToken cancel)
    {
        if (settings.StunPort is not { } port)
        {
            return Task.CompletedTask;
        }

        try
        {
            listener = new(new IPEndPoint(settings.Listen ?? IPAddress.Loopback, port), time);
        }
        catch (SocketException taken)
        {
            log.NoStun(port, taken.Message);
            return Task.CompletedTask;
        }

        counters.Observe("alongside_stun_answered", "STUN questions answered.", () => listener?.Answered ?? 0);
        counters.Observe("alongside_stun_unanswered", "Packets at the STUN port that got no answer.", () => listener?.Unanswered ?? 0);
        listener.Start();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancel) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref listener, null) is { } running)
        {
            await running.DisposeAsync();
        }
    }
}
