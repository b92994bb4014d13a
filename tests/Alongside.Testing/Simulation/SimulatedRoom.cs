using Alongside.Core.Session;

namespace Alongside.Testing.Simulation;

/// <summary>
/// A relay and its lines under virtual time: windows, rates, delays, breaks, all from a seed. The host sits next to the server; each viewer
/// has a line. Keeps the server's promises and no others: order for each receiver, a window of 1 MiB for each, loss at a break.
/// </summary>
public sealed class SimulatedRoom(ulong seed)
{
    public const int Window = 1 << 20;

    private const long HostDelay = 200;
    private const int CreditPortion = Window / 16;
    private readonly PriorityQueue<Action, (long At, long Order)> due = new();
    private readonly Dictionary<ushort, Leg> legs = [];
    private readonly SeededRandomSource random = new(seed);
    private long order;

    /// <summary>Microseconds since the beginning.</summary>
    public long Now { get; private set; }

    /// <summary>Hears the host's side: a payload of a viewer.</summary>
    public Action<ushort, byte[]> HostReceives { get; set; } = (_, _) => { };

    public Action<ushort> HostSeesArrived { get; set; } = _ => { };

    public Action<ushort, bool> HostSeesLeft { get; set; } = (_, _) => { };

    /// <summary>A window towards a viewer has opened.</summary>
    public Action HostWindowOpened { get; set; } = () => { };

    /// <summary>Every payload of the host as it leaves, before any line: what the server sees.</summary>
    public Action<ushort[], byte[]> ServerSees { get; set; } = (_, _) => { };

    public IPath HostPath => new PathOfHost(this);

    /// <summary>The most bytes that were ever underway to one viewer.</summary>
    public int MostUnderway { get; private set; }

    /// <summary>A viewer's place, which is away until <see cref="Connect"/>.</summary>
    public IPath AddViewer(ushort member, SimulatedLine line, Action<byte[]> receives)
    {
        legs.Add(member, new Leg(line, receives));
        return new PathOfViewer(this, member);
    }

    public void SetLine(ushort member, SimulatedLine line) => legs[member].Line = line;

    public bool IsHere(ushort member) => legs[member].Here;

    /// <summary>Nothing passes to the viewer for so long, in microseconds; what was sent comes behind it.</summary>
    public void Stall(ushort member, long time) => legs[member].BusyUntil = Math.Max(legs[member].BusyUntil, Now) + time;

    /// <summary>Nothing passes in either direction: a network that eats packets, before TCP or the server find out.</summary>
    public void StallBoth(ushort member, long time)
    {
        var leg = legs[member];
        leg.BusyUntil = Math.Max(leg.BusyUntil, Now + time);
        leg.SaidUntil = Math.Max(leg.SaidUntil, Now + time);
    }

    /// <summary>The member's connection is there: both sides are told, windows are full.</summary>
    public void Connect(ushort member, Action viewerSeesHost)
    {
        var leg = legs[member];
        while (leg.News.Count > 0)
        {
            leg.News.Dequeue()();
        }

        leg.Here = leg.HostThinksHere = leg.ViewerThinksHere = true;
        leg.Era++;
        leg.Unheard++;
        leg.Window = Window;
        leg.Pending = 0;
        leg.BusyUntil = leg.HeardUntil = leg.SaidUntil = Now;
        HostSeesArrived(member);
        After(leg.Line.Delay, leg, viewerSeesHost);
    }

    /// <summary>The host knows of one more arrival; as RelayPeer, the line sends nothing to who came in anew before.</summary>
    public void HasHeardOf(ushort member) => legs[member].Unheard--;

    /// <summary>The member's connection is gone and everything on it lost. Both sides are told after a while, in microseconds; what they send until then is lost as well.</summary>
    public void Disconnect(ushort member, bool gone, Action viewerSeesBreak, long hostHears = 0, long viewerHears = 0)
    {
        var leg = legs[member];
        leg.Here = false;
        leg.Era++;
        Tell(leg, hostHears, () =>
        {
            leg.HostThinksHere = false;
            HostSeesLeft(member, gone);
        });
        Tell(leg, viewerHears, () =>
        {
            leg.ViewerThinksHere = false;
            viewerSeesBreak();
        });
    }

    /// <summary>Does something after a time.</summary>
    public void After(long delay, Action what) => due.Enqueue(what, (Now + delay, order++));

    /// <summary>Runs everything due until then.</summary>
    public void RunUntil(long until)
    {
        while (due.TryPeek(out _, out var next) && next.At <= until)
        {
            var what = due.Dequeue();
            Now = Math.Max(Now, next.At);
            what();
        }

        Now = until;
    }

    private void Tell(Leg leg, long delay, Action news)
    {
        if (delay == 0)
        {
            news();
            return;
        }

        bool isTold = false;
        void Once()
        {
            if (!isTold)
            {
                isTold = true;
                news();
            }
        }

        leg.News.Enqueue(Once);
        After(delay, Once);
    }

    /// <summary>Does something on a connection, if it is still the same one then.</summary>
    private void After(long delay, Leg leg, Action what)
    {
        long era = leg.Era;
        After(delay, () =>
        {
            if (leg.Era == era)
            {
                what();
            }
        });
    }

    private void ToViewer(Leg leg, byte[] payload)
    {
        leg.Window -= payload.Length;
        MostUnderway = Math.Max(MostUnderway, Window - leg.Window);
        After(HostDelay, leg, () =>
        {
            // The line takes one payload after the other; what has been handed to it, its queue included, is given back.
            long start = Math.Max(Now, leg.BusyUntil);
            leg.BusyUntil = start + leg.Line.Time(payload.Length);
            leg.InQueue++;
            After(Math.Max(0, leg.BusyUntil - leg.Line.Time(leg.Line.Queue) - Now), leg, () =>
            {
                leg.InQueue--;
                leg.Pending += payload.Length;
                if (leg.Pending >= CreditPortion || leg.InQueue == 0)
                {
                    int back = leg.Pending;
                    leg.Pending = 0;
                    After(HostDelay, leg, () =>
                    {
                        leg.Window += back;
                        HostWindowOpened();
                    });
                }
            });
            leg.HeardUntil = Math.Max(leg.HeardUntil, leg.BusyUntil + leg.Line.Delay + leg.Line.Lateness(payload.Length, random));
            After(leg.HeardUntil - Now, leg, () => leg.Receives(payload));
        });
    }

    private void ToHost(ushort member, Leg leg, byte[] payload)
    {
        leg.SaidUntil = Math.Max(leg.SaidUntil, Now + leg.Line.Delay + leg.Line.Lateness(payload.Length, random));
        After(leg.SaidUntil + HostDelay - Now, leg, () => HostReceives(member, payload));
    }

    private sealed class Leg(SimulatedLine line, Action<byte[]> receives)
    {
        public SimulatedLine Line { get; set; } = line;

        public Action<byte[]> Receives => receives;

        public bool Here { get; set; }

        public bool HostThinksHere { get; set; }

        public int Unheard { get; set; }

        public bool ViewerThinksHere { get; set; }

        /// <summary>What both sides have still to hear of its end, which they do before they hear of the next beginning.</summary>
        public Queue<Action> News { get; } = new();

        public long Era { get; set; }

        public int Window { get; set; }

        public int Pending { get; set; }

        public int InQueue { get; set; }

        public long BusyUntil { get; set; }

        public long HeardUntil { get; set; }

        public long SaidUntil { get; set; }
    }

    private sealed class PathOfHost(SimulatedRoom room) : IPath
    {
        int IPath.Window(ushort member) => room.legs.TryGetValue(member, out var leg) && leg.HostThinksHere && leg.Unheard == 0 ? leg.Window : 0;

        bool IPath.TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
        {
            foreach (ushort member in to)
            {
                if (!room.legs[member].HostThinksHere || room.legs[member].Unheard > 0 || room.legs[member].Window < payload.Length)
                {
                    return false;
                }
            }

            byte[] copy = payload.ToArray();
            room.ServerSees(to.ToArray(), copy);
            foreach (ushort member in to)
            {
                var leg = room.legs[member];
                if (leg.Here)
                {
                    room.ToViewer(leg, copy);
                }
                else
                {
                    leg.Window -= copy.Length;
                }
            }

            return true;
        }
    }

    private sealed class PathOfViewer(SimulatedRoom room, ushort member) : IPath
    {
        int IPath.Window(ushort to) => room.legs[member].ViewerThinksHere ? Window : 0;

        bool IPath.TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
        {
            var leg = room.legs[member];
            if (leg.Here)
            {
                room.ToHost(member, leg, payload.ToArray());
            }

            return leg.ViewerThinksHere;
        }
    }
}
