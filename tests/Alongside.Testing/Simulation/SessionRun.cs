using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <param name="Viewers">How many took part.</param>
/// <param name="Updates">Pictures that were shown and held against what encoders meant.</param>
/// <param name="Bytes">What left the host.</param>
/// <param name="Lasted">Virtual microseconds.</param>
/// <param name="ExactAfter">From the last change until all saw the screen exactly, in microseconds.</param>
/// <param name="Trace">Of every payload: when, how long, to whom, in which order. The same seed gives the same.</param>
public sealed record SessionResult(ulong Seed, int Viewers, long Updates, long Bytes, long Lasted, long ExactAfter, ulong Trace)
{
    /// <summary>Direct ways that opened.</summary>
    public int Ways { get; init; }

    /// <summary>What went over them, in bytes.</summary>
    public long DirectBytes { get; init; }
}

/// <summary>
/// One session from a seed, under virtual time: a host, one to five viewers on lines of all kinds, and a screen on which all kinds of things
/// happen, while lines change, stall and break, pages hide, viewers leave, monitors and layouts change. No picture may be torn
/// (<see cref="Eyewitness"/>); at rest everybody sees the screen exactly.
/// </summary>
public sealed class SessionRun : IDisposable
{
    /// <summary>What the first release of a viewer named.</summary>
    private static readonly ushort[] First = [1, 2, 3, 4];

    /// <summary>A line of 20 kB a second takes a while to bring up.</summary>
    private const long LongestRest = 120_000_000;

    private const long RestStep = 20_000;

    /// <summary>Nobody who misses something hears nothing for longer than this at rest, in microseconds.</summary>
    private const long LongestSilence = 5_000_000;

    private readonly ulong seed;
    private readonly SeededRandomSource random;

    /// <summary>What becomes of direct ways; null: there are none.</summary>
    private readonly SeededRandomSource? direct;
    private readonly SimulatedHost host;
    private readonly Eyewitness witness;
    private readonly List<SimulatedViewer> viewers = [];
    private readonly HashSet<SimulatedViewer> left = [];
    private readonly ScreenPlay play;
    /// <summary>When the last relay that was cut is back.</summary>
    private long relaysBackAt;
    private ulong trace = 14_695_981_039_346_656_037;
    private long bytes;

    private SessionRun(ulong seed, bool direct)
    {
        this.direct = direct ? new(seed * 79) : null;
        this.seed = seed;
        random = new(seed * 77);
        host = new SimulatedHost(seed, Grant.All, 64 + random.Next(160), 48 + random.Next(120), direct);
        witness = new Eyewitness(host.Room);
        play = new ScreenPlay(host, random);
        host.Net.ServerSees = (to, payload) =>
        {
            bytes += (long)payload.Length * to.Length;
            Note((ulong)host.Net.Now);
            Note((ulong)payload.Length);
            foreach (ushort member in to)
            {
                Note(member);
            }
        };
    }

    /// <exception cref="SimulationException">What must never happen did; the message says what, and for which seed.</exception>
    /// <param name="direct">Sessions move to direct ways and back, while these stall, die and come again.</param>
    public static SessionResult Run(ulong seed, bool direct = false)
    {
        try
        {
            using var run = new SessionRun(seed, direct);
            return run.Run();
        }
        catch (Exception wrong) when (wrong is not OutOfMemoryException)
        {
            throw new SimulationException($"Seed {seed}: {wrong.Message}", wrong);
        }
    }

    public void Dispose()
    {
        viewers.ForEach(viewer => viewer.Dispose());
        host.Dispose();
    }

    private SessionResult Run()
    {
        int planned = 1 + Math.Min(random.Next(5), random.Next(5));
        for (int i = 0; i < planned; i++)
        {
            ushort member = (ushort)(i + 1);
            var line = Line();
            var capabilities = random.Next(6) == 0 ? First : null;
            long paintTime = random.Next(4) == 0 ? 1 + random.Next(40_000) : 0;
            host.Net.After(i == 0 ? 0 : random.Next(2_000_000), () => Join(member, line, capabilities, paintTime));
        }

        for (int steps = 40 + random.Next(80); steps > 0; steps--)
        {
            host.Run(random.Next(random.Next(8) == 0 ? 400_000 : 40_000));
            if (random.Next(4) > 0)
            {
                play.Step();
            }

            if (random.Next(8) == 0)
            {
                Disturb();
            }

            if (direct?.Next(6) == 0)
            {
                DisturbWay();
            }
        }

        // Also who was to come later has come, and is back from every break.
        host.Run(3_000_000 + Math.Max(0, relaysBackAt - host.Net.Now));
        play.Step();
        long changed = host.Net.Now;
        foreach (var viewer in viewers)
        {
            viewer.Look(true);
        }

        long exactAfter = Rest(changed);
        Must(host.Room.Feed.WaitingRecords == 0, "records wait for nobody");
        Must(host.Net.MostUnderway <= SimulatedRoom.Window, "a window was exceeded");
        return new(seed, viewers.Count, witness.Updates, bytes, host.Net.Now, exactAfter, trace)
        {
            Ways = host.Ways?.Opened ?? 0,
            DirectBytes = host.Ways?.Bytes ?? 0,
        };
    }

    private static void Must(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new SimulationException(otherwise);
        }
    }

    private void Join(ushort member, SimulatedLine line, ushort[]? capabilities, long paintTime)
    {
        var viewer = host.Join(member, line, capabilities: capabilities, paintTime: paintTime, direct: direct is not null && direct.Next(8) > 0 ? DirectLine() : null);
        viewer.KeepsHeard = false;
        viewer.Shown = picture => witness.See(member, picture);
        viewers.Add(viewer);
    }

    /// <summary>From a modem to a fast network, near and far, with long queues and loss.</summary>
    private SimulatedLine Line()
    {
        long rate = random.Next(4) switch
        {
            0 => 20_000 + random.Next(60_000),
            1 => 80_000 + random.Next(600_000),
            _ => 600_000 + random.Next(20_000_000),
        };
        long delay = random.Next(3) == 0 ? random.Next(1_000) : random.Next(120_000);
        int queue = random.Next(2) == 0 ? 0 : (int)(rate * random.Next(1_000) / 1_000);
        return new(delay, rate, random.Next(2) * random.Next(30_000), queue, random.Next(2) * random.Next(20_000));
    }

    /// <summary>Most are nearer than the relay, some are not.</summary>
    private SimulatedLine DirectLine()
    {
        long rate = direct!.Next(4) == 0 ? 20_000 + direct.Next(80_000) : 200_000 + direct.Next(20_000_000);
        return new(direct.Next(2) == 0 ? direct.Next(1_000) : direct.Next(80_000), rate, direct.Next(2) * direct.Next(20_000));
    }

    private void DisturbWay()
    {
        if (viewers.Count == 0 || viewers[direct!.Next(viewers.Count)] is not { } viewer || !host.Ways!.IsOpen(viewer.Member))
        {
            return;
        }

        switch (direct.Next(11))
        {
            case 0:
                host.Ways.Cut(viewer.Member, direct.Next(1_000_000));
                break;
            case 1:
                host.Ways.Cut(viewer.Member, 1_000_000 + direct.Next(6_000_000));
                break;
            case 2:
                host.Ways.Close(viewer.Member);
                break;
            case 3:
                host.Ways.SetLine(viewer.Member, DirectLine());
                break;
            case 4 when host.Net.IsHere(viewer.Member):
                // Roaming: all addresses are others.
                host.Ways.Cut(viewer.Member, 60_000_000);
                viewer.Cut();
                host.Net.After(1 + direct.Next(1_000_000), viewer.Connect);
                host.Do(() => host.Room.AddressesChanged(host.Net.Now));
                break;
            case 5 or 6 when host.Net.IsHere(viewer.Member):
                CutRelay(viewer, direct.Next(6_000_000));
                break;
            case 7:
                // The server falls, and is there again for all of them.
                long away = direct.Next(8_000_000);
                foreach (var each in viewers.Where(each => host.Net.IsHere(each.Member)))
                {
                    CutRelay(each, away);
                }

                break;
            case 8:
                host.Ways.CutOne(viewer.Member, 500_000 + direct.Next(6_000_000), toViewer: direct.Next(2) == 0);
                break;
            case 9 when direct.Next(2) == 0:
                host.Starve(direct.Next(3_000_000));
                break;
            case 9:
                viewer.Starve(direct.Next(3_000_000));
                break;
            case 10 when host.Net.IsHere(viewer.Member):
                host.Net.StallBoth(viewer.Member, direct.Next(2_000_000));
                break;
        }
    }

    /// <summary>The relay alone; the direct way lives, or not, by itself.</summary>
    private void CutRelay(SimulatedViewer viewer, long away)
    {
        long comesBack = away + 1 + direct!.Next(1_500_000);
        viewer.Cut(hostHears: direct.Next(3) * direct.Next(400_000), viewerHears: direct.Next(3) * direct.Next(400_000));
        host.Net.After(comesBack, viewer.Connect);
        relaysBackAt = Math.Max(relaysBackAt, host.Net.Now + comesBack);
    }

    private void Disturb()
    {
        if (viewers.Count == 0 || viewers[random.Next(viewers.Count)] is var viewer && left.Contains(viewer))
        {
            return;
        }

        switch (random.Next(8))
        {
            case 0 or 1 when host.Net.IsHere(viewer.Member):
                viewer.Cut();
                host.Net.After(1 + random.Next(2_000_000), viewer.Connect);
                break;
            case 2:
                viewer.Look(false);
                host.Net.After(1 + random.Next(2_000_000), () => viewer.Look(true));
                break;
            case 3 when random.Next(4) == 0:
                left.Add(viewer);
                viewer.Leave();
                break;
            case 4:
                host.Net.SetLine(viewer.Member, Line());
                break;
            case 5:
                host.Net.Stall(viewer.Member, random.Next(2_000_000));
                break;
            case 6 when random.Next(4) == 0:
                host.SetLayout(64 + random.Next(120), 48 + random.Next(120));
                break;
            case 7:
                viewer.Do(() => viewer.Session.ChooseMonitor(host.Net.Now, random.Next(3)));
                break;
        }
    }

    private long Rest(long changed)
    {
        while (true)
        {
            var wrong = viewers.Find(viewer => !left.Contains(viewer) && !SeesAll(viewer));
            if (wrong is null)
            {
                return host.Net.Now - changed;
            }

            long silent = host.Net.Now - Math.Max(changed, wrong.HeardAt);
            Must(direct is null || silent < LongestSilence, $"viewer {wrong.Member} misses something and heard nothing for {silent} us ({Describe(wrong)})");
            Must(host.Net.Now - changed < LongestRest, $"viewer {wrong.Member} never saw the screen as it is ({Describe(wrong)})");
            host.Run(RestStep);
        }
    }

    private bool SeesAll(SimulatedViewer viewer)
    {
        int shows = viewer.Session.Desktop?.Shows ?? 0;
        return viewer.Session.IsLive && host.Room.Feed.AreaOf(shows) is { } area && viewer.SeesExactly(host.Screen, area);
    }

    private string Describe(SimulatedViewer viewer) =>
        (viewer.Session.IsLive ? "live" : "not live") + Feed(viewer.Member) + string.Concat(viewer.Events.Where(e => e.Kind != ViewerEventKind.Updated).TakeLast(6).Select(e => $"; {e.Kind} {e.Text}{e.Control}"));

    private string Feed(ushort member)
    {
        if (host.Room.Session(member) is not { Feed: { } viewer } session)
        {
            return ", not in the feed";
        }

        var pacing = session.Outbox.Pacing;
        string with = viewer.Stream is { } stream ? $"in a stream of {stream.Viewers.Count} with {stream.Pending.Rects.Length} pending, exact: {!stream.Encoder.HasDebt}" : "alone";
        return $", {with}, ready: {viewer.IsReady}, drained: {session.Outbox.IsDrained}, {pacing.Unpainted} updates of {pacing.UnpaintedBytes} bytes unpainted, window {pacing.Window}, rate {pacing.Rate}";
    }

    private void Note(ulong value) => trace = (trace ^ value) * 1_099_511_628_211;
}
