using Alongside.Core.Link;
using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <summary>
/// Direct ways between a host and its viewers under virtual time: what two drivers and the network between them do, from a seed. A channel keeps order and loses nothing while it lives; what
/// it carries when its line is cut waits for the line, or is lost with the channel.
/// </summary>
/// <param name="net">Whose time it is.</param>
public sealed class SimulatedWays(SimulatedRoom net, ulong seed)
{
    /// <summary>A channel takes in so much.</summary>
    private const int MostWaiting = 4 * 1024 * 1024;

    /// <summary>What runs over a way keeps its last words for so long, in microseconds.</summary>
    private const long LastWords = 1_000_000;

    private readonly SeededRandomSource random = new(seed);
    private readonly Dictionary<ushort, Road> roads = [];

    public IDirectWays OfHost => new Channels(this, isHost: true, 0);

    /// <summary>The host's side of the drivers.</summary>
    public required IWayEnd Host { get; set; }

    /// <summary>What went over ways, in bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Ways that opened.</summary>
    public int Opened { get; private set; }

    public IDirectWays AddViewer(ushort member, IWayEnd viewer, SimulatedLine line)
    {
        roads.Add(member, new(viewer, line));
        return new Channels(this, isHost: false, member);
    }

    public bool IsOpen(ushort member) => roads.TryGetValue(member, out var road) && road.IsOpen;

    public void SetLine(ushort member, SimulatedLine line) => roads[member].Line = line;

    /// <summary>Nothing passes between host and viewer for so long, in microseconds. Channels live through it, unless somebody gives them up.</summary>
    public void Cut(ushort member, long time)
    {
        var road = roads[member];
        road.CutUntil = Math.Max(road.CutUntil, net.Now + time);
        if (time > 1_200_000 && random.Next(2) == 0)
        {
            // What asks whether the other side is there may notice before the channel does.
            int way = road.Way;
            net.After(1_200_000, () => road.IfOpen(way, () => Host.Failed(member, way, "ICE heard nothing.")));
        }
    }

    /// <summary>Nothing passes in one direction for so long, in microseconds: a firewall's half, or a router's.</summary>
    public void CutOne(ushort member, long time, bool toViewer)
    {
        var lane = toViewer ? roads[member].ToViewer : roads[member].ToHost;
        lane.CutUntil = Math.Max(lane.CutUntil, net.Now + time);
    }

    /// <summary>The channel closes: a program ended it, or an address is gone for good.</summary>
    public void Close(ushort member)
    {
        var road = roads[member];
        int way = road.Way;
        if (road.IsOpen)
        {
            road.IsOpen = false;
            Host.Failed(member, way, "The channel was closed.");
            net.After(random.Next(100_000), () => road.Viewer.Failed(member, way, "The channel was closed."));
        }
    }

    /// <summary>The host wants a way.</summary>
    public void Begin(ushort member, int way)
    {
        var road = roads[member];
        road.Way = way;
        road.IsOpen = road.IsDescribed = false;
        road.ToHost.Clear();
        road.ToViewer.Clear();
        net.After(random.Next(5_000), () =>
        {
            Host.Say(member, way, Describe(way, "actpass"));
            Host.Say(member, way, new ControlMessage.Candidate(way, "candidate:1 1 udp 2130706431 192.0.2.1 50000 typ host"));
        });
    }

    /// <summary>One side has heard what the other says of the way.</summary>
    public void Hear(ushort member, int way, ControlMessage said, bool isHost)
    {
        if (said is not ControlMessage.Direct)
        {
            return;
        }

        var road = roads[member];
        if (!isHost)
        {
            net.After(random.Next(20_000), () =>
            {
                road.Viewer.Say(member, way, Describe(way, "active"));
                road.Viewer.Say(member, way, new ControlMessage.Candidate(way, "candidate:1 1 udp 2130706431 192.0.2.2 50000 typ host"));
            });
            return;
        }

        Connect(member, road, way);
    }

    /// <summary>ICE, DTLS and SCTP take their round trips, and wait for a line that is cut as long as the host waits for them.</summary>
    private void Connect(ushort member, Road road, int way) => net.After((8 * road.Line.Delay) + random.Next(200_000), () =>
    {
        if (road.Way != way || road.IsDescribed)
        {
            return;
        }

        long cutUntil = Math.Max(road.CutUntil, Math.Max(road.ToHost.CutUntil, road.ToViewer.CutUntil));
        if (cutUntil > net.Now)
        {
            net.After(cutUntil - net.Now, () => Connect(member, road, way));
            return;
        }

        road.IsDescribed = road.IsOpen = true;
        Opened++;
        Host.Opened(member, way);
        net.After(random.Next(20_000), () => road.IfOpen(way, () => road.Viewer.Opened(member, way)));
    });

    /// <summary>One side is done with the way; the other hears it when it is closed.</summary>
    public void Ended(ushort member, int way, bool isHost)
    {
        var road = roads[member];
        net.After(LastWords, () => road.IfOpen(way, () =>
        {
            road.IsOpen = false;
            var other = isHost ? road.Viewer : Host;
            net.After(road.Line.Delay, () => other.Failed(member, way, "The channel was closed."));
        }));
    }

    private static ControlMessage.Direct Describe(int way, string setup) =>
        new(way, "name", "passwordpasswordpassword", [.. Enumerable.Repeat((byte)way, 32)], setup);

    private bool TrySend(ushort member, int way, ReadOnlySpan<byte> message, bool isHost)
    {
        var road = roads[member];
        var lane = isHost ? road.ToViewer : road.ToHost;
        if (!road.IsOpen || road.Way != way || lane.Bytes > MostWaiting)
        {
            return false;
        }

        Bytes += message.Length;
        long start = Math.Max(net.Now, lane.BusyUntil);
        lane.BusyUntil = start + road.Line.Time(message.Length);
        long arrives = Math.Max(lane.LastArrival, lane.BusyUntil + road.Line.Delay + road.Line.Lateness(message.Length, random));
        lane.LastArrival = arrives;
        lane.Add(arrives, message.ToArray());
        net.After(arrives - net.Now, () => Arrive(member, road, way, isHost));
        return true;
    }

    private void Arrive(ushort member, Road road, int way, bool toViewer)
    {
        var lane = toViewer ? road.ToViewer : road.ToHost;
        while (road.IsOpen && road.Way == way && lane.Next is { } next && next <= net.Now)
        {
            long cutUntil = Math.Max(road.CutUntil, lane.CutUntil);
            if (cutUntil > net.Now)
            {
                net.After(cutUntil - net.Now, () => Arrive(member, road, way, toViewer));
                return;
            }

            byte[] message = lane.Take();
            (toViewer ? road.Viewer : Host).Receive(member, way, message);
        }
    }

    private sealed class Road(IWayEnd viewer, SimulatedLine line)
    {
        public IWayEnd Viewer => viewer;

        public SimulatedLine Line { get; set; } = line;

        public int Way { get; set; }

        public bool IsDescribed { get; set; }

        public bool IsOpen { get; set; }

        public long CutUntil { get; set; }

        public Lane ToHost { get; } = new();

        public Lane ToViewer { get; } = new();

        public void IfOpen(int way, Action what)
        {
            if (Way == way && IsOpen)
            {
                what();
            }
        }
    }

    /// <summary>One direction: what is under way, in its order.</summary>
    private sealed class Lane
    {
        private readonly Queue<(long At, byte[] Message)> messages = new();

        public long BusyUntil { get; set; }

        public long LastArrival { get; set; }

        public long Bytes { get; private set; }

        public long CutUntil { get; set; }

        public long? Next => messages.TryPeek(out var next) ? next.At : null;

        public void Add(long at, byte[] message)
        {
            messages.Enqueue((at, message));
            Bytes += message.Length;
        }

        public byte[] Take()
        {
            byte[] message = messages.Dequeue().Message;
            Bytes -= message.Length;
            return message;
        }

        public void Clear()
        {
            messages.Clear();
            (Bytes, BusyUntil, LastArrival) = (0, 0, 0);
        }
    }

    private sealed class Channels(SimulatedWays ways, bool isHost, ushort viewer) : IDirectWays
    {
        bool IDirectWays.TrySend(ushort member, int way, ReadOnlySpan<byte> message) => ways.TrySend(isHost ? member : viewer, way, message, isHost);

        long? IDirectWays.RoundTrip(ushort member, int way) => ways.IsOpen(isHost ? member : viewer) ? 2 * ways.roads[isHost ? member : viewer].Line.Delay : null;
    }
}

/// <summary>One side of the ways: what its driver would tell it.</summary>
public interface IWayEnd
{
    /// <summary>To the other side, through the secure channel.</summary>
    void Say(ushort member, int way, ControlMessage said);

    void Opened(ushort member, int way);

    void Failed(ushort member, int way, string why);

    void Receive(ushort member, int way, byte[] message);
}
