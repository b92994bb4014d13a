using System.Net;
using System.Net.Sockets;
using Alongside.Core.Link;
using Alongside.Core.Relay;
using Alongside.Core.Session;
using Alongside.Net.Rtc;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Direct;

/// <summary>How direct ways are looked for.</summary>
public sealed record DirectOptions
{
    /// <summary>The server both sides meet on, whose STUN is asked.</summary>
    public required Uri Server { get; init; }

    /// <summary>Its UDP port for STUN, as it has said; null: it has none, or has not said yet.</summary>
    public Func<int?> StunPort { get; init; } = () => null;

    /// <summary>TURN servers that may be used, as the server has said; null: none.</summary>
    public Func<TurnOffer?> Turn { get; init; } = () => null;

    /// <summary>Asks the routers of private networks for a port.</summary>
    public bool PortMapping { get; init; }

    /// <summary>Also 127.0.0.1 and ::1: for tests of two sides on one machine.</summary>
    public bool WithLoopback { get; init; }
}

/// <summary>
/// The connections behind direct ways: one <see cref="PeerConnection"/> a way, made, described, and closed when the way is over. The host begins ways, a viewer answers.
/// <code>
/// Begin, or their first description ─> DirectWay ─> described, candidates ─> sink ─> [secure channel]
/// their description, candidates ─> Hear ─> DirectWay ─> its channel opens ─> sink; TrySend
/// </code>
/// Thread-safe. Nothing waits in here: what takes time (keys, sockets, names) happens on the pool, in order for each way.
/// </summary>
public sealed class DirectWays(DirectOptions options, TimeProvider time, IDirectSink sink) : IDirectWays, IAsyncDisposable
{
    /// <summary>How long a connection lives on behind its way: what was said last is still on it.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Lock gate = new();
    private readonly Dictionary<int, DirectWay> ways = [];
    private readonly HashSet<Task> closing = [];
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Whether this machine has what a connection needs: OpenSSL 3.</summary>
    public static bool ArePossible => OpenSslDtls.IsPresent;

    /// <summary>The host looks for a way to a viewer.</summary>
    public void Begin(ushort member, int way) => Make(member, way, offers: true);

    /// <summary>What the other side says of a way. A viewer hears of a new one by its description.</summary>
    public void Hear(ushort member, int way, ControlMessage signal)
    {
        var known = Find(way);
        if (known is null && signal is ControlMessage.Direct { Setup: "actpass" })
        {
            known = Make(member, way, offers: false);
        }

        known?.Hear(signal);
    }

    /// <summary>The way is over.</summary>
    public void End(int way)
    {
        lock (gate)
        {
            if (ways.Remove(way, out var over))
            {
                var done = CloseAsync(over);
                closing.Add(done);
                done.ContinueWith(Forget, TaskScheduler.Default);
            }
        }
    }

    public bool TrySend(ushort member, int way, ReadOnlySpan<byte> message) => Find(way)?.TrySend(message) == true;

    public long? RoundTrip(ushort member, int way) => Find(way)?.RoundTrip;

    public (long Sent, long Lost) Counts(ushort member, int way) => Find(way)?.Counts ?? default;

    /// <summary>All there is to know of a way, for the connection doctor; null: there is no such way, or not yet.</summary>
    public IceReport? Report(int way)
    {
        lock (gate)
        {
            return ways.GetValueOrDefault(way)?.Report();
        }
    }

    /// <summary>What lies between this machine and the world, as the way's sockets were told.</summary>
    public NatKind Nat(int way) => Find(way)?.Nat ?? NatKind.Unknown;

    public async ValueTask DisposeAsync()
    {
        Task[] all;
        lock (gate)
        {
            foreach (int way in ways.Keys.ToArray())
            {
                End(way);
            }

            all = [.. closing];
        }

        await stopping.CancelAsync();
        await Task.WhenAll(all);
        stopping.Dispose();
    }

    private DirectWay? Find(int way)
    {
        lock (gate)
        {
            return ways.GetValueOrDefault(way);
        }
    }

    private DirectWay Make(ushort member, int way, bool offers)
    {
        var made = new DirectWay(member, way, offers, sink, MakePeerAsync);
        lock (gate)
        {
            ways[way] = made;
        }

        made.Start();
        return made;
    }

    private async Task<PeerConnection> MakePeerAsync(IPeerOwner owner, bool offers)
    {
        var ice = new IceDriverOptions
        {
            Ice = new() { Pacing = 20_000 },
            PortMapping = options.PortMapping,
            WithLoopback = options.WithLoopback,
            TcpPort = offers ? 0 : null,
            Servers = new(await StunAsync(), await TurnAsync()),
        };
        return new(offers, ice, time, owner);
    }

    private async Task<TransportAddress[]> StunAsync() => options.StunPort() is { } port
        ? [.. (await ResolveAsync(options.Server.IdnHost)).Select(address => new TransportAddress(address, (ushort)port))] : [];

    private async Task<TurnServer[]> TurnAsync()
    {
        var found = new List<TurnServer>();
        if (options.Turn() is { } offer)
        {
            foreach (string text in offer.Urls)
            {
                if (TurnUrl.TryParse(text, out var url))
                {
                    found.AddRange((await ResolveAsync(url.Host)).Select(address =>
                        new TurnServer(url.Transport, new(address, url.Port), offer.Username, offer.Credential) { Name = url.Host }));
                }
            }
        }

        return [.. found];
    }

    /// <summary>An address of each family.</summary>
    private async Task<IPAddress[]> ResolveAsync(string host)
    {
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, stopping.Token);
            return [.. addresses.Where(each => each.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6).DistinctBy(each => each.AddressFamily)];
        }
        catch (Exception unknown) when (unknown is SocketException or OperationCanceledException or ArgumentException)
        {
            return [];
        }
    }

    private async Task CloseAsync(DirectWay way)
    {
        await Task.WhenAny(Task.Delay(LastWords, time, stopping.Token));
        await way.DisposeAsync();
    }

    private void Forget(Task done)
    {
        lock (gate)
        {
            closing.Remove(done);
        }
    }
}
