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

    /// <summary>Whether a packet that is sent from inside gets through. Null: every one does.</summary>
    public Func<TransportAddress, TransportAddress, ReadOnlyMemory<byte>, bool>? Passes { get; set; }

    /// <summary>Microseconds a packet takes that stays inside, besides what the lines of the machines take.</summary>
    public long Delay { get; set; }

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
        if (!(Passes?.Invoke(from, to, packet) ?? true))
        {
            network.Lost++;
        }
        else if (stations.TryGetValue(to.WithPort(0), out var station))
        {
            if (Delay == 0)
            {
                station.Deliver(from, to, packet);
                return;
            }

            network.Time.After(Delay, () => station.Deliver(from, to, packet));
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
