using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <summary>A <see cref="ViewerSession"/> with its driver on a line of a <see cref="SimulatedRoom"/>.</summary>
public sealed class SimulatedViewer : IWayEnd, IDisposable
{
    private readonly SimulatedHost host;
    private readonly Grant asks;
    private bool leaving;
    private bool looks = true;
    private bool isPainting;
    private readonly SimulatedTurns turns;
    private long? tickAt;

    public SimulatedViewer(SimulatedHost host, ushort member, SimulatedLine line, Grant asks, Credential credential, IReadOnlyList<ushort>? capabilities = null,
        SimulatedLine? direct = null)
    {
        this.host = host;
        turns = new(host.Net);
        this.asks = asks;
        Member = member;
        var path = host.Net.AddViewer(member, line, payload =>
        {
            HeardAt = host.Net.Now;
            if (KeepsHeard)
            {
                Heard.Add(payload);
            }

            Do(() => Session!.Handle(host.Net.Now, 0, payload));
        });
        var ways = direct is null ? null : host.Ways!.AddViewer(member, this, direct);
        Session = new(credential, path, new SeededRandomSource(member + 1000UL), capabilities, ways);
        Connect();
    }

    public ushort Member { get; }

    public ViewerSession Session { get; }

    public bool KeepsHeard { get; set; } = true;

    /// <summary>Every payload it was sent, if it <see cref="KeepsHeard"/>.</summary>
    public List<byte[]> Heard { get; } = [];

    public List<ViewerEvent> Events { get; } = [];

    public List<long> UpdatedAt { get; } = [];

    /// <summary>Hears of the picture after each update.</summary>
    public Action<Frame>? Shown { get; set; }

    /// <summary>How long after an update it is on the screen, in microseconds. What comes meanwhile is shown with it.</summary>
    public long PaintTime
    {
        get;
        init
        {
            field = value;
            Session.IsVisible = value == 0;
        }
    }

    public int Resumed { get; private set; }

    /// <summary>When it last heard anything of the host.</summary>
    public long HeardAt { get; private set; }

    public bool SeesExactly(Frame screen, PixelRect? area = null)
    {
        var part = area ?? screen.Bounds;
        if (Session.Picture is not { } picture || picture.Width != part.Width || picture.Height != part.Height)
        {
            return false;
        }

        for (int y = 0; y < part.Height; y++)
        {
            var expected = screen.Row(part.Y + y, part.X, part.Width);
            var seen = picture.Row(y);
            for (int x = 0; x < part.Width; x++)
            {
                if ((expected[x] & 0xFFFFFF) != (seen[x] & 0xFFFFFF))
                {
                    return false;
                }
            }
        }

        return true;
    }

    public void Connect() => host.Net.Connect(Member, () => Do(() => Session.HostArrived(host.Net.Now, 0)));

    /// <summary>Its connection to the relay is gone; both sides hear of it after a while, in microseconds.</summary>
    public void Cut(bool gone = false, long hostHears = 0, long viewerHears = 0) =>
        host.Net.Disconnect(Member, gone, () => Do(() => Session.HostLeft(host.Net.Now)), hostHears, viewerHears);

    /// <summary>Its driver gets no time for so long, in microseconds: what comes is handled afterwards, in its order.</summary>
    public void Starve(long time) => turns.Starve(time, Drive);

    public void Leave()
    {
        leaving = true;
        Do(() => Session.Leave(host.Net.Now));
        host.Net.After(2_000_000, () =>
        {
            if (host.Net.IsHere(Member))
            {
                host.Net.Disconnect(Member, gone: true, () => { });
            }
        });
    }

    public void Do(Action call)
    {
        if (!turns.MustWait(call))
        {
            Drive(call);
        }
    }

    private void Drive(Action call)
    {
        call();
        while (Session.TryPollEvent(out var e))
        {
            Events.Add(e);
            if (e.Kind == ViewerEventKind.Secured)
            {
                if (e.Details!.Resumed)
                {
                    Resumed++;
                }

                if (!Session.Grant.View && !leaving)
                {
                    Session.Ask(host.Net.Now, $"Viewer {Member}", asks);
                }
            }
            else if (e.Kind == ViewerEventKind.WaySignal)
            {
                host.Ways!.Hear(Member, e.Way, e.Control!, isHost: false);
            }
            else if (e.Kind == ViewerEventKind.WayEnded)
            {
                host.Ways!.Ended(Member, e.Way, isHost: false);
            }
            else if (e.Kind == ViewerEventKind.Updated)
            {
                UpdatedAt.Add(host.Net.Now);
                Shown?.Invoke(Session.Picture!);
                PaintLater();
            }
        }

        if (Session.NextDeadline is { } due && (tickAt is null || due < tickAt))
        {
            tickAt = due;
            host.Net.After(Math.Max(1, due - host.Net.Now), () =>
            {
                if (tickAt <= host.Net.Now)
                {
                    tickAt = null;
                }

                Do(() => Session.Tick(host.Net.Now));
            });
        }
    }

    public void Dispose() => Session.Dispose();

    void IWayEnd.Say(ushort member, int way, ControlMessage said) => Do(() => Session.Signal(host.Net.Now, way, said));

    void IWayEnd.Opened(ushort member, int way) => Do(() => Session.WayOpened(host.Net.Now, way));

    void IWayEnd.Failed(ushort member, int way, string why) => Do(() => Session.WayFailed(host.Net.Now, way, why));

    void IWayEnd.Receive(ushort member, int way, byte[] message)
    {
        HeardAt = host.Net.Now;
        Do(() => Session.HandleDirect(host.Net.Now, way, message));
    }

    /// <summary>The page is looked at, or not: then it paints nothing.</summary>
    public void Look(bool looks)
    {
        this.looks = looks;
        Session.IsVisible = looks && PaintTime == 0;
        Do(() => Session.Tick(host.Net.Now));
        PaintLater();
    }

    /// <summary>A page that takes time to paint is, between two paints, as one that nobody looks at.</summary>
    private void PaintLater()
    {
        if (PaintTime == 0 || isPainting)
        {
            return;
        }

        isPainting = true;
        host.Net.After(PaintTime, () =>
        {
            isPainting = false;
            Session.IsVisible = looks;
            Do(() => Session.Tick(host.Net.Now));
            Session.IsVisible = false;
        });
    }
}
