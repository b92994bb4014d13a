using System.Diagnostics;
using System.Threading.Channels;
using Alongside.Core.Pixels;
using Alongside.Core.Relay;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Net;
using Alongside.Net.Direct;
using Alongside.Net.Relay;

namespace Alongside.Testing;

/// <summary>A <see cref="ViewerSession"/> on a real relay: a helper without a browser, for end-to-end tests and measurements.</summary>
public sealed class LiveViewer : IRelaySink, IPath, IDirectSink, IAsyncDisposable
{
    private readonly object gate = new();
    private readonly ViewerSession session;
    private readonly RelayClient client;
    private readonly string place;
    private readonly Timer timer;
    private readonly string name;
    private readonly Grant asks;
    private readonly List<ViewerEvent> events = [];
    private readonly DirectWays? ways;
    private readonly Channel<Action<ViewerSession>> later = Channel.CreateUnbounded<Action<ViewerSession>>(new() { SingleReader = true });
    private readonly Task doing;
    private long received;

    /// <param name="direct">May be reached past the server.</param>
    public LiveViewer(Uri server, Invitation invitation, string name, Grant asks, bool direct = false)
    {
        this.name = name;
        this.asks = asks;
        place = invitation.Credential.Place;
        ways = direct ? new(new() { Server = server, StunPort = () => client?.StunPort, WithLoopback = true }, TimeProvider.System, this) : null;
        session = new(invitation.Credential, this, SystemRandomSource.Instance, direct: ways);
        client = new(server, new RelayClientOptions(), this);
        doing = DoLaterAsync();
        timer = new(_ => Do(s => s.Tick(Now)), null, 100, 100);
    }

    /// <summary>What the last handshake established; null before the first.</summary>
    public SecuredDetails? Secured { get; private set; }

    /// <summary>Bytes that the host has sent here, as they came over the relay.</summary>
    public long Received => Volatile.Read(ref received);

    /// <summary>Microseconds of this viewer's clock.</summary>
    public static long Now => (long)(Stopwatch.GetTimestamp() * (1_000_000.0 / Stopwatch.Frequency));

    public Task JoinAsync() => client.JoinAsync(MemberRole.Viewer, place);

    /// <summary>Does something with the session, under its lock, and tells whoever waits.</summary>
    public void Do(Action<ViewerSession> what)
    {
        lock (gate)
        {
            what(session);
            while (session.TryPollEvent(out var e))
            {
                events.Add(e);
                Secured = e.Details ?? Secured;
                if (e.Kind == ViewerEventKind.WaySignal)
                {
                    ways!.Hear(0, e.Way, e.Control!);
                }
                else if (e.Kind == ViewerEventKind.WayEnded)
                {
                    ways!.End(e.Way);
                }
                else if (e.Kind == ViewerEventKind.Secured && !session.Grant.View)
                {
                    session.Ask(Now, name, asks);
                }
            }

            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits, by being told of each change, until this holds.</summary>
    /// <exception cref="TimeoutException">It did not in that time; the message says what did happen.</exception>
    public void Await(string what, Func<ViewerSession, IReadOnlyList<ViewerEvent>, bool> holds, int seconds = 20)
    {
        var waited = Stopwatch.StartNew();
        lock (gate)
        {
            while (!holds(session, events))
            {
                if (waited.Elapsed.TotalSeconds > seconds || !Monitor.Wait(gate, TimeSpan.FromSeconds(seconds) - waited.Elapsed + TimeSpan.FromMilliseconds(10)))
                {
                    string told = string.Join("; ", events.Where(e => e.Kind != ViewerEventKind.Updated).Select(e => $"{e.Kind} {e.Text}{e.Control}"));
                    throw new TimeoutException($"Waited {seconds} s until {what}. Heard: {told}");
                }
            }
        }
    }

    public uint Pixel(int x, int y)
    {
        lock (gate)
        {
            return session.Picture is { } picture ? picture.Row(y, x, 1)[0] & 0xFFFFFF : 0;
        }
    }

    public static bool Shows(ViewerSession session, Frame screen)
    {
        if (session.Picture is not { } picture || picture.Width != screen.Width || picture.Height != screen.Height)
        {
            return false;
        }

        for (int i = 0; i < screen.Pixels.Length; i++)
        {
            if ((screen.Pixels[i] & 0xFFFFFF) != (picture.Pixels[i] & 0xFFFFFF))
            {
                return false;
            }
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await timer.DisposeAsync();
        Do(s => s.Leave(Now));
        await client.DisposeAsync();
        if (ways is not null)
        {
            await ways.DisposeAsync();
        }

        later.Writer.Complete();
        await doing;
        session.Dispose();
    }

    int IPath.Window(ushort member) => client.Window(member);

    bool IPath.TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload) => client.TrySend(to, payload);

    void IDirectSink.Say(ushort member, int way, ControlMessage signal) => later.Writer.TryWrite(s => s.Signal(Now, way, signal));

    void IDirectSink.Opened(ushort member, int way) => later.Writer.TryWrite(s => s.WayOpened(Now, way));

    bool IDirectSink.Received(ushort member, int way, ReadOnlySpan<byte> message)
    {
        byte[] copy = message.ToArray();
        return later.Writer.TryWrite(s => s.HandleDirect(Now, way, copy));
    }

    void IDirectSink.Failed(ushort member, int way, string why) => later.Writer.TryWrite(s => s.WayFailed(Now, way, why));

    void IDirectSink.Wrong(ushort member, int way, string reason) => later.Writer.TryWrite(s => s.WayWrong(Now, way, reason));

    void IRelaySink.Opened(string room, ushort member, string? number, int seconds)
    {
    }

    void IRelaySink.Joined(string room, ushort member)
    {
    }

    void IRelaySink.Number(string number, int seconds)
    {
    }

    void IRelaySink.NumberExpired()
    {
    }

    void IRelaySink.Arrived(ushort member, MemberRole role)
    {
        if (role == MemberRole.Host)
        {
            Do(s => s.HostArrived(Now, member));
        }
    }

    void IRelaySink.Left(ushort member, bool gone) => Do(s => s.Left(Now, member));

    void IRelaySink.Payload(ushort from, ReadOnlySpan<byte> payload)
    {
        Interlocked.Add(ref received, payload.Length);
        byte[] copy = payload.ToArray();
        Do(s => s.Handle(Now, from, copy));
    }

    void IRelaySink.WindowOpened(ushort member) => Do(s => s.WindowOpened());

    void IRelaySink.Broken() => Do(s => s.HostLeft(Now));

    void IRelaySink.Back()
    {
    }

    void IRelaySink.Ended(int code, string reason) => Do(_ => events.Add(new(ViewerEventKind.Ended, Text: $"relay {code}: {reason}")));

    /// <summary>What comes over ways holds a lock that sending takes as well: it is done outside of it, in its order.</summary>
    private async Task DoLaterAsync()
    {
        await foreach (var what in later.Reader.ReadAllAsync())
        {
            Do(what);
        }
    }
}
