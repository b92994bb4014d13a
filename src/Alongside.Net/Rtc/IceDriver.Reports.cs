using Alongside.Net.PortMapping;
using Alongside.Rtc.Ice;

namespace Alongside.Net.Rtc;

/// <summary>What the driver and its agent know, for who asks how things are.</summary>
public sealed partial class IceDriver
{
    public IceReport Report()
    {
        lock (gate)
        {
            return transport.Agent.Report();
        }
    }

    /// <summary>The last round trip measured on the path in use, in microseconds; null: none was.</summary>
    public long? LastRoundTrip
    {
        get
        {
            lock (gate)
            {
                return transport.Agent.LastRoundTrip is > 0 and var measured ? measured : null;
            }
        }
    }

    public NatKind Nat()
    {
        lock (gate)
        {
            return transport.Nat();
        }
    }

    /// <summary>What the routers said that were asked for a port.</summary>
    public IReadOnlyList<RouterAnswer> Routers
    {
        get
        {
            lock (gate)
            {
                return [.. mappers.Values.Select(mapper => mapper.Answer)];
            }
        }
    }
}
