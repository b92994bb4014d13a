namespace Alongside.Launcher.Lab.Nat;

/// <summary>What stands between a machine and the internet, as far as it decides whether another can reach it.</summary>
/// <param name="Name">As on the command line and in the results.</param>
/// <param name="About">In words, for the list.</param>
/// <param name="HasV4">Whether the machine has IPv4 at all; without, IPv6.</param>
/// <param name="Rules">What the router (the one that faces the internet) does: a script, with <c>$wan</c> its address there and <c>$host</c> the machine's.</param>
internal sealed record NatKind(string Name, string About, string Rules, bool HasV4 = true)
{
    /// <summary>
    /// Answers only; nothing of its own accord from outside. Dropped at the router's own door as well: what was let in there would be remembered, and the way out
    /// to whoever sent it would get another port.
    /// </summary>
    private const string Stateful = "for chain in FORWARD INPUT; do iptables -P $chain DROP; iptables -A $chain -i lan -j ACCEPT; iptables -A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT; done";

    private const string Masquerade = "iptables -t nat -A POSTROUTING -o wan -j MASQUERADE";

    public static NatKind Open { get; } = new("open", "a public address, no firewall", "true");

    public static NatKind FullCone { get; } = new("full-cone", "one-to-one: everything that comes to the router's address goes to the machine",
        "iptables -t nat -A PREROUTING -i wan -j DNAT --to-destination $host; iptables -t nat -A POSTROUTING -o wan -j SNAT --to-source $wan");

    public static NatKind PortRestricted { get; } = new("port-restricted", "the router at home: one port outside for a port inside, answers from where was asked",
        $"{Masquerade}; {Stateful}");

    public static NatKind Symmetric { get; } = new("symmetric", "another port outside for everybody who is asked", $"{Masquerade} --random-fully; {Stateful}");

    public static NatKind Double { get; } = new("double", "a router at home behind another of the provider's", $"{Masquerade}; {Stateful}");

    public static NatKind UdpBlocked { get; } = new("udp-blocked", "an office that lets no UDP through", $"{Masquerade}; {Stateful}; iptables -I FORWARD -p udp -j DROP");

    public static NatKind OnlyHttps { get; } = new("only-https", "an office that lets nothing but TCP to port 443 through",
        $"{Masquerade}; {Stateful}; iptables -I FORWARD -i lan -p udp -j DROP; iptables -I FORWARD -i lan -p tcp ! --dport 443 -j DROP");

    public static NatKind V6Only { get; } = new("ipv6-only", "IPv6 without IPv4, and a firewall that lets answers in",
        "ip6tables -P FORWARD DROP; ip6tables -A FORWARD -i lan -j ACCEPT; ip6tables -A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT", HasV4: false);

    /// <summary>Both machines at once: it pairs with itself alone.</summary>
    public static NatKind Hairpin { get; } = new("hairpin", "both behind the same router", $"{Masquerade}; {Stateful}");

    public static IReadOnlyList<NatKind> All { get; } = [Open, FullCone, PortRestricted, Symmetric, Double, UdpBlocked, OnlyHttps, V6Only, Hairpin];

    /// <summary>Every pair there is, the host's side first.</summary>
    public static IEnumerable<(NatKind A, NatKind B)> Pairs =>
        All.Where(kind => kind != Hairpin).SelectMany(a => All.Where(kind => kind != Hairpin).Select(b => (a, b))).Append((Hairpin, Hairpin));

    /// <summary>Whether two such sides can meet without the relay, by UDP or by a TCP connection of the viewer's to the host.</summary>
    public static bool CanMeet(NatKind host, NatKind viewer)
    {
        bool hasPublicPort = host == Open || host == FullCone;
        if (host.HasV4 != viewer.HasV4 || host == OnlyHttps || viewer == OnlyHttps)
        {
            return false;
        }

        // A browser connects by TCP to a port that the host listens at and that others reach.
        if (host == UdpBlocked || viewer == UdpBlocked)
        {
            return host == Open;
        }

        // Whose port outside depends on who is asked meets only who takes packets from anywhere.
        bool viewerTakesAll = viewer == Open || viewer == FullCone;
        return (host != Symmetric || viewerTakesAll) && (viewer != Symmetric || hasPublicPort);
    }
}
