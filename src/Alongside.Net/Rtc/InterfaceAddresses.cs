using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Alongside.Net.Rtc;

/// <summary>The addresses of this machine that a peer might reach, the likelier ones with more preference.</summary>
internal static class InterfaceAddresses
{
    private const int Most = 16;

    public static List<(IPAddress Address, ushort Preference)> All(bool withLoopback)
    {
        var found = new List<(IPAddress Address, ushort Preference)>();
        ushort preference = 60_000;
        foreach (var nic in NetworkInterface.GetAllNetworkInterfaces().Where(nic => nic.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown).OrderBy(Rank))
        {
            foreach (var unicast in nic.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address).OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork))
            {
                // IPv6 first (RFC 8421). A link-local address only means something on its link: whoever is there has another one too.
                bool isUsable = IPAddress.IsLoopback(unicast) ? withLoopback : !unicast.IsIPv6LinkLocal && !unicast.IsIPv6Multicast && !unicast.IsIPv6Teredo;
                if (isUsable && found.Count < Most && !found.Exists(known => known.Address.Equals(unicast)))
                {
                    found.Add((unicast, preference));
                    preference -= 1000;
                }
            }
        }

        return found;
    }

    /// <summary>A cable, then the air, then what is a tunnel or a bridge of this machine's own.</summary>
    private static int Rank(NetworkInterface nic) => nic.NetworkInterfaceType switch
    {
        _ when nic.Name.StartsWith("docker", StringComparison.Ordinal) || nic.Name.StartsWith("virbr", StringComparison.Ordinal) || nic.Name.StartsWith("br-", StringComparison.Ordinal) => 3,
        NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet => 0,
        NetworkInterfaceType.Wireless80211 => 1,
        NetworkInterfaceType.Loopback => 4,
        _ => 2,
    };
}
