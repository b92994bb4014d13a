using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>Takes what comes to its addresses.</summary>
public interface IStation
{
    void Deliver(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet);
}

/// <summary>
/// Addresses that reach each other directly: the internet, or what lies behind one router. What is sent to an address that is not here leaves through the router, if
/// there is one, and is lost otherwise.
/// </summary>
public sealed class Realm(SimulatedNetwork network, Nat? router = null)
{
    private readonly Dictionary<TransportAddress, IStation> stations = [];

    public Nat? Router { get; } = router;

    /// <param name="address">Any port.</param>
    public void Attach(TransportAddress address, IStation station) => stations[address.WithPort(0)] = station;

    public void Detach(TransportAddress address) => stations.Remove(address.WithPort(0));

    /// <summary>From outside: to who is here, or to nobody.</summary>
    public void TryDeliver(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet)
    {
        if (stations.TryGetValue(to.WithPort(0), out var station))
        {
            station.Deliver(from, to, packet);
        }
    }

    public void Send(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet)
    {
        if (stations.TryGetValue(to.WithPort(0), out var station))
        {
            station.Deliver(from, to, packet);
        }
        else if (Router is not null)
        {
            Router.Leave(from, to, packet);
        }
        else
        {
            network.Lost++;
        }
    }
}
