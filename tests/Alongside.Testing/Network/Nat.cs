using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>Who may come in through a port that was opened from inside (RFC 4787, 5).</summary>
public enum NatFilter : byte
{
    /// <summary>Anybody: full cone.</summary>
    Open,

    /// <summary>Whose address was sent to.</summary>
    Address,

    /// <summary>Whose address and port were sent to.</summary>
    Port,
}

/// <param name="IsSymmetric">Each destination gets another port; the filter is then by port.</param>
/// <param name="Hairpins">What goes from inside to its own outside comes back in.</param>
/// <param name="BlocksUdp">Lets no UDP through, in either direction.</param>
public readonly record struct NatBehaviour(NatFilter Filter, bool IsSymmetric = false, bool Hairpins = false, bool BlocksUdp = false)
{
    public static NatBehaviour FullCone { get; } = new(NatFilter.Open);

    public static NatBehaviour Restricted { get; } = new(NatFilter.Address);

    public static NatBehaviour PortRestricted { get; } = new(NatFilter.Port);

    public static NatBehaviour Symmetric { get; } = new(NatFilter.Port, IsSymmetric: true);

    public static NatBehaviour Blocked { get; } = new(NatFilter.Port, BlocksUdp: true);
}

/// <summary>A router between an outer realm, where it has one address, and what lies behind it. Mappings are forgotten a minute after the last packet from inside.</summary>
public sealed class Nat(SimulatedNetwork network, Realm outer, TransportAddress address, NatBehaviour behaviour) : IStation
{
    private const long Memory = 60_000_000;

    private readonly Dictionary<(TransportAddress Inner, TransportAddress Peer), Mapping> byInner = [];
    private readonly Dictionary<ushort, Mapping> byPort = [];
    private readonly List<Realm> inside = [];
    private ushort nextPort = 20_000;

    public NatBehaviour Behaviour { get; set; } = behaviour;

    public Realm MakeInside()
    {
        var realm = new Realm(network, this);
        inside.Add(realm);
        return realm;
    }

    /// <summary>A packet goes out.</summary>
    public void Leave(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet)
    {
        if (Behaviour.BlocksUdp || (to.SameHost(address) && !Behaviour.Hairpins))
        {
            network.Lost++;
            return;
        }

        var key = (from, Behaviour.IsSymmetric ? to : default);
        long now = network.Time.Now;
        if (!byInner.TryGetValue(key, out var mapping) || now - mapping.UsedAt > Memory)
        {
            if (mapping is not null)
            {
                byPort.Remove(mapping.Port);
            }

            mapping = new(from, nextPort);
            nextPort += (ushort)(1 + network.Random.Next(7));
            byInner[key] = mapping;
            byPort[mapping.Port] = mapping;
        }

        mapping.UsedAt = now;
        mapping.SentTo.Add(to);
        mapping.SentTo.Add(to.WithPort(0));
        outer.Send(address.WithPort(mapping.Port), to, packet);
    }

    /// <summary>A packet comes in.</summary>
    public void Deliver(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet)
    {
        bool passes = !Behaviour.BlocksUdp && byPort.TryGetValue(to.Port, out var mapping) && network.Time.Now - mapping.UsedAt <= Memory
            && Behaviour.Filter switch
            {
                NatFilter.Open => true,
                NatFilter.Address => mapping.SentTo.Contains(from.WithPort(0)),
                _ => mapping.SentTo.Contains(from),
            };
        if (!passes)
        {
            network.Lost++;
            return;
        }

        var inner = byPort[to.Port].Inner;
        foreach (var realm in inside)
        {
            realm.TryDeliver(from, inner, packet);
        }
    }

    private sealed class Mapping(TransportAddress inner, ushort port)
    {
        public TransportAddress Inner { get; } = inner;

        public ushort Port { get; } = port;

        public long UsedAt { get; set; }

        public HashSet<TransportAddress> SentTo { get; } = [];
    }
}
