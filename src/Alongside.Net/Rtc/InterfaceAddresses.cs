using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Alongside.Net.Rtc;

/// <summary>An address of this machine.</summary>
/// <param name="Preference">0 to 65535: the likelier to be reached, the more.</param>
/// <param name="Gateway">The router of its network; null: there is none.</param>
/// <param name="IsInner">Of a bridge for this machine's own guests, while there is another interface to the world.</param>
internal sealed record LocalAddress(IPAddress Address, ushort Preference, IPAddress? Gateway, bool IsInner);

/// <summary>The addresses of this machine that a peer might reach, the likelier ones with more preference.</summary>
internal static class InterfaceAddresses
{
    /// <summary>So many sockets, and candidates told. Each family has half of them for sure.</summary>
    private const int Most = 16;

    /// <summary>Of an interface. A machine may have dozens of temporary IPv6 addresses (RFC 8981), which lead to the same place.</summary>
    private const int MostV4 = 8, MostV6 = 4, MostOfPrefix = 2;

    private const int BridgeRank = 3, LoopbackRank = 4;

    /// <exception cref="NetworkInformationException">They cannot be looked up, for they are changing.</exception>
    public static IReadOnlyList<LocalAddress> All(bool withLoopback)
    {
        var leaving = DeprecatedAddresses.Read();
        var found = new List<Found>();
        foreach (var nic in NetworkInterface.GetAllNetworkInterfaces().Where(nic => nic.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown))
        {
            IPInterfaceProperties properties;
            try
            {
                properties = nic.GetIPProperties();
            }
            catch (NetworkInformationException)
            {
                // It went away while it was looked at: the others are there.
                continue;
            }

            foreach (var unicast in properties.UnicastAddresses)
            {
                var address = unicast.Address;
                bool isLeaving = leaving.Contains(address)
                    || (OperatingSystem.IsWindows() && unicast.DuplicateAddressDetectionState == DuplicateAddressDetectionState.Deprecated);
                found.Add(new(nic.Id, Rank(nic), address, isLeaving, GatewayOf(properties, address.AddressFamily)));
            }
        }

        return Choose(found, withLoopback);
    }

    /// <summary>Of what there is, what is used.</summary>
    internal static IReadOnlyList<LocalAddress> Choose(IEnumerable<Found> found, bool withLoopback)
    {
        var chosen = new List<Found>();

        // IPv6 first (RFC 8421), and before others those that stay.
        foreach (var one in found.GroupBy(one => one.Nic).OrderBy(nic => nic.First().Rank).SelectMany(nic => nic.OrderBy(one => one.IsV4).ThenBy(one => one.IsLeaving)))
        {
            if (IsUsable(one.Address, withLoopback) && !chosen.Exists(known => known.Address.Equals(one.Address)) && HasRoom(chosen, one))
            {
                chosen.Add(one);
            }
        }

        while (chosen.Count > Most)
        {
            // The least likely of the family that has more than its half.
            bool dropsV4 = chosen.Count(one => !one.IsV4) <= Most / 2;
            chosen.RemoveAt(chosen.FindLastIndex(one => one.IsV4 == dropsV4));
        }

        bool hasOther = chosen.Exists(one => one.Rank < BridgeRank);
        return [.. chosen.Select((one, i) => new LocalAddress(one.Address, (ushort)(60_000 - (1000 * i)), one.Gateway, one.Rank == BridgeRank && hasOther))];
    }

    private static bool HasRoom(List<Found> chosen, Found one)
    {
        var family = chosen.Where(known => known.Nic == one.Nic && known.IsV4 == one.IsV4).ToArray();
        return one.IsV4 ? family.Length < MostV4 : family.Length < MostV6 && family.Count(known => known.SharesPrefix(one)) < MostOfPrefix;
    }

    /// <summary>A link-local address only means something on its link: whoever is there has another one too.</summary>
    private static bool IsUsable(IPAddress address, bool withLoopback) =>
        IPAddress.IsLoopback(address) ? withLoopback
        : address.AddressFamily == AddressFamily.InterNetwork || (!address.IsIPv6LinkLocal && !address.IsIPv6Multicast && !address.IsIPv6Teredo);

    private static IPAddress? GatewayOf(IPInterfaceProperties properties, AddressFamily family) => properties.GatewayAddresses
        .Select(way => way.Address).FirstOrDefault(way => way.AddressFamily == family && !way.Equals(IPAddress.Any) && !way.Equals(IPAddress.IPv6Any));

    /// <summary>A cable, then the air, then what is a tunnel or a bridge of this machine's own.</summary>
    private static int Rank(NetworkInterface nic) => nic.NetworkInterfaceType switch
    {
        _ when nic.Name.StartsWith("docker", StringComparison.Ordinal) || nic.Name.StartsWith("virbr", StringComparison.Ordinal) || nic.Name.StartsWith("br-", StringComparison.Ordinal) => BridgeRank,
        NetworkInterfaceType.Ethernet or NetworkInterfaceType.GigabitEthernet => 0,
        NetworkInterfaceType.Wireless80211 => 1,
        NetworkInterfaceType.Loopback => LoopbackRank,
        _ => 2,
    };

    /// <summary>An address as the system tells of it.</summary>
    /// <param name="Rank">Of its interface; 0: the likeliest.</param>
    /// <param name="IsLeaving">Deprecated: it works, and is to be used for nothing new (RFC 4862, 5.5.4).</param>
    internal sealed record Found(string Nic, int Rank, IPAddress Address, bool IsLeaving = false, IPAddress? Gateway = null)
    {
        public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

        /// <summary>Of IPv6: the same network, whatever length its prefix was given with.</summary>
        public bool SharesPrefix(Found other) => Address.GetAddressBytes().AsSpan(0, 8).SequenceEqual(other.Address.GetAddressBytes().AsSpan(0, 8));
    }
}
