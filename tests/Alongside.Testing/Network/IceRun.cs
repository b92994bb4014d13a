using Alongside.Rtc.Ice;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>What lies between a machine and the internet in a run.</summary>
public enum Situation : byte
{
    Public,
    FullCone,
    Restricted,
    PortRestricted,
    Symmetric,
    Double,
    DoubleSymmetric,
    Blocked,
}

/// <summary>How a run ended.</summary>
/// <param name="Wrong">Null: all was as it must be.</param>
/// <param name="DirectAt">Microseconds from the first signal until both sides used a direct path; null: never.</param>
public sealed record IceOutcome(ulong Seed, string What, string? Wrong, bool CouldBeDirect, long? DirectAt, bool HasPath, ulong Digest, long Packets);

/// <summary>
/// One session of two machines in a simulated internet, everything about it drawn from one seed: what is between them, how their lines are, whether one of them moves.
/// It states what has to hold: whatever can be direct is direct, data arrives as it was sent, and once where no line doubles
/// packets; nobody is without a direct path for five seconds and cannot say why (that checks are still under way is no reason).
/// </summary>
public sealed class IceRun
{
    private const long Second = 1_000_000;

    private readonly ulong seed;
    private readonly SimulatedNetwork network;
    private readonly SeededRandomSource chance;
    private readonly Situation a;
    private readonly Situation b;
    private readonly bool sharesRouter;
    private readonly bool hairpins;
    private readonly bool roams;
    private readonly bool hasTurn;
    private readonly bool isDual;
    private string? wrong;

    private IceRun(ulong seed, Situation? a, Situation? b)
    {
        this.seed = seed;
        network = new(seed);
        chance = new(seed ^ 0x5EED);
        this.a = a ?? (Situation)chance.Next(8);
        this.b = b ?? (Situation)chance.Next(8);
        hasTurn = chance.Next(3) == 0;
        sharesRouter = a is null && chance.Next(6) == 0;
        hairpins = chance.Next(2) == 0;
        roams = a is null && !sharesRouter && chance.Next(5) == 0;
        isDual = chance.Next(8) == 0;
    }

    /// <param name="a">Null: drawn.</param>
    public static IceOutcome Run(ulong seed, Situation? a = null, Situation? b = null) => new IceRun(seed, a, b).Run();

    private IceOutcome Run()
    {
        var first = new StunTurnServer(network, new([198, 18, 0, 1], 3478));
        _ = new StunTurnServer(network, new([198, 18, 0, 2], 3478));
        var servers = new IceServers(
            [new([198, 18, 0, 1], 3478), new([198, 18, 0, 2], 3478)],
            hasTurn
                ? [new(TurnTransport.Udp, new([198, 18, 0, 1], 3478), StunTurnServer.Username, StunTurnServer.Password),
                    new(TurnTransport.Tcp, new([198, 18, 0, 1], 443), StunTurnServer.Username, StunTurnServer.Password)]
                : []);
        var host = Make(true, servers, first);
        var viewer = Make(false, servers, first);
        Place(host, viewer);
        SimulatedPeer.Introduce(host, viewer);
        host.Talk(50_000, 200);
        viewer.Talk(70_000, 60);

        bool canBeDirect = CanBeDirect(a, b);
        long began = network.Time.Now;
        long? directAt = Watch(host, viewer, began, canBeDirect);
        if (roams)
        {
            viewer.Roam(network.Internet, new([203, 0, 113, 77], 1));
            canBeDirect = CanBeDirect(a, Situation.Public);
            directAt = Watch(host, viewer, network.Time.Now, canBeDirect);
        }

        long packets = host.Received + viewer.Received;
        if (host.Transport.Agent.HasPath && viewer.Transport.Agent.HasPath)
        {
            network.Time.RunTo(network.Time.Now + (3 * Second));
            Require(host.Received + viewer.Received > packets, "there is a path and nothing comes over it");
        }

        Require(host.Wrong + viewer.Wrong == 0, "data arrived other than it was sent");
        Require(host.Line.DuplicatePercent + viewer.Line.DuplicatePercent > 0 || host.Repeated + viewer.Repeated == 0, "data arrived twice, and no line doubles packets");
        return new(
            seed, $"{a}/{b}{(sharesRouter ? hairpins ? " one router, hairpin" : " one router" : "")}{(roams ? " roams" : "")}{(hasTurn ? " turn" : "")}", wrong, canBeDirect, directAt,
            host.Transport.Agent.HasPath && viewer.Transport.Agent.HasPath, network.Digest, host.Received + viewer.Received);
    }

    /// <summary>Runs until both use a direct path, or it has been time enough for one.</summary>
    private long? Watch(SimulatedPeer host, SimulatedPeer viewer, long began, bool canBeDirect)
    {
        for (int i = 1; i <= (canBeDirect ? 60 : 20); i++)
        {
            network.Time.RunTo(began + (i * Second / 2), () => IsDirect(host) && IsDirect(viewer));
            if (IsDirect(host) && IsDirect(viewer))
            {
                return network.Time.Now - began;
            }

            if (i > 10)
            {
                Require(SaysWhy(host) && SaysWhy(viewer), $"five seconds without a direct path and not a word why ({host.State} {host.Transport.Agent.Trouble}, {viewer.State} {viewer.Transport.Agent.Trouble})");
            }
        }

        Require(!canBeDirect, $"could be direct and is not: {host.State} {host.Transport.Agent.Trouble}, {viewer.State} {viewer.Transport.Agent.Trouble}");
        Require(!hasTurn || (host.Transport.Agent.HasPath && viewer.Transport.Agent.HasPath), "has a TURN server and no path");
        return null;
    }

    private static bool IsDirect(SimulatedPeer peer) =>
        peer.State == IceState.Connected && peer.Transport.Agent.Trouble == IceTrouble.None && peer.Selections.Count > 0 && !peer.Selections[^1].Pair.IsRelayed;

    private static bool SaysWhy(SimulatedPeer peer) => IsDirect(peer) || peer.Transport.Agent.Trouble is not (IceTrouble.None or IceTrouble.StillChecking);

    private bool CanBeDirect(Situation a, Situation b)
    {
        if (a == Situation.Blocked || b == Situation.Blocked)
        {
            return false;
        }

        if (sharesRouter)
        {
            return hairpins && !Shared.IsSymmetric;
        }

        var (x, y) = (Behaves(a), Behaves(b));
        return !(x.IsSymmetric && y.IsSymmetric) && !(x.IsSymmetric && y.Filter == NatFilter.Port) && !(y.IsSymmetric && x.Filter == NatFilter.Port);
    }

    /// <summary>One router for both: the stricter of the two.</summary>
    private NatBehaviour Shared
    {
        get
        {
            var (x, y) = (Behaves(a), Behaves(b));
            var stricter = x.IsSymmetric || (!y.IsSymmetric && x.Filter > y.Filter) ? x : y;
            return stricter with { Hairpins = hairpins, BlocksUdp = x.BlocksUdp || y.BlocksUdp };
        }
    }

    private static NatBehaviour Behaves(Situation situation) => situation switch
    {
        Situation.Public or Situation.FullCone => NatBehaviour.FullCone,
        Situation.Restricted => NatBehaviour.Restricted,
        Situation.Symmetric or Situation.DoubleSymmetric => NatBehaviour.Symmetric,
        Situation.Blocked => NatBehaviour.Blocked,
        _ => NatBehaviour.PortRestricted,
    };

    private SimulatedPeer Make(bool isControlling, IceServers servers, StunTurnServer turn)
    {
        var line = new Line(
            (5 + chance.Next(60)) * 1000L, chance.Next(3) == 0 ? chance.Next(30) * 1000L : 0, chance.Next(3) == 0 ? chance.Next(15) : 0, chance.Next(4) == 0 ? chance.Next(10) : 0,
            chance.Next(4) == 0 ? 50_000 + chance.Next(1_000_000) : 0);
        return new(network, line, new IceOptions { IsControlling = isControlling, Pacing = 20_000 }, servers, hasTurn ? turn : null) { SignalDelay = (10 + chance.Next(150)) * 1000L };
    }

    private void Place(SimulatedPeer host, SimulatedPeer viewer)
    {
        if (sharesRouter)
        {
            // Two machines behind one router that keeps them apart, as guests' Wi-Fi does: each in a realm of its own.
            var router = Router(network.Internet, new([203, 0, 113, 1], 1), Shared);
            host.AddInterface(router.MakeInside(), new([192, 168, 1, 10], 1));
            viewer.AddInterface(router.MakeInside(), new([192, 168, 2, 10], 1));
            return;
        }

        Put(host, a, 1);
        Put(viewer, b, 2);
        if (isDual)
        {
            // A second interface that leads nowhere: a tunnel that is down.
            host.AddInterface(new Realm(network), new([10, 9, 9, 1], 1), 2000);
        }
    }

    private void Put(SimulatedPeer peer, Situation situation, byte number)
    {
        var outside = new TransportAddress([203, 0, 113, number], 1);
        var inside = new TransportAddress([192, 168, 1, 10], 1);
        switch (situation)
        {
            case Situation.Public:
                peer.AddInterface(network.Internet, outside);
                break;
            case Situation.Double or Situation.DoubleSymmetric:
                var carrier = Router(network.Internet, outside, situation == Situation.DoubleSymmetric ? NatBehaviour.Symmetric : NatBehaviour.Restricted);
                var home = new TransportAddress([100, 64, 0, number], 1);
                peer.AddInterface(Router(carrier.MakeInside(), home, NatBehaviour.PortRestricted).MakeInside(), inside);
                break;
            default:
                peer.AddInterface(Router(network.Internet, outside, Behaves(situation)).MakeInside(), inside);
                break;
        }
    }

    private Nat Router(Realm outer, TransportAddress address, NatBehaviour behaviour)
    {
        var router = new Nat(network, outer, address, behaviour);
        outer.Attach(address, router);
        return router;
    }

    private void Require(bool holds, string otherwise) => wrong ??= holds ? null : otherwise;
}
