using System.Net;
using Alongside.Rtc.Ice;

namespace Alongside.Net.Rtc;

/// <summary>What a driver is told at its start.</summary>
public sealed record IceDriverOptions
{
    public IceOptions Ice { get; init; } = new();

    public IceServers Servers { get; init; } = IceServers.None;

    /// <summary>Also 127.0.0.1 and ::1: for tests, and for two programs of one machine.</summary>
    public bool WithLoopback { get; init; }

    /// <summary>A TCP port to listen at as well (RFC 6544), 0: any; null: none.</summary>
    public int? TcpPort { get; init; }

    /// <summary>Asks the routers of private networks for a port.</summary>
    public bool PortMapping { get; init; }

    /// <summary>Of whom browsers' names that end with .local are asked.</summary>
    public Func<string, CancellationToken, Task<IPAddress?>> ResolveLocal { get; init; } = MdnsQuery.ResolveAsync;

    /// <summary>Where the addresses of this machine are looked up; told whether also loopback's are wanted.</summary>
    internal Func<bool, IReadOnlyList<LocalAddress>> Addresses { get; init; } = InterfaceAddresses.All;
}
