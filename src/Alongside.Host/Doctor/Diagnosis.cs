using System.Globalization;
using Alongside.Net.Doctor;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor;

/// <summary>What findings mean, in words for whoever must act on them. Pure: the same findings, the same words.</summary>
/// <param name="Checks">What was tried: a short name, whether it is well, and what came of it.</param>
/// <param name="Conclusion">How sessions will go.</param>
/// <param name="Advice">What would make it better, the most useful first; empty when nothing is to be done.</param>
internal sealed record Diagnosis(IReadOnlyList<(string Name, bool? IsWell, string Words)> Checks, Reach Reach, string Conclusion, IReadOnlyList<string> Advice)
{
    /// <summary>Where it is more, one sees it.</summary>
    public const double MuchLoss = 0.04;

    public const string AgainstLoss =
        "So much is rarely lost but on radio, or on a line that is full: a cable to the router, a place nearer to it, or the end of a large upload helps.";

    /// <summary>Whether sessions work at all.</summary>
    public bool Works => Checks.Where(check => check.Name is "server" or "relay").All(check => check.IsWell == true);

    public static Diagnosis Of(NetworkFindings found)
    {
        var reach = ReachOf(found);
        return new([Server(found), Relay(found), Udp(found), Nat(found), Router(found), Addresses(found)], reach, Conclude(found, reach), [.. Advise(found, reach)]);
    }

    private static Reach ReachOf(NetworkFindings found) =>
        found.ServerTrouble is not null || found.RelayTrouble is not null ? Reach.Unknown
        : found.Nat switch
        {
            NatKind.None => Reach.Everybody,
            _ when found.HasMapping => Reach.Most,
            NatKind.EndpointIndependent => Reach.Most,
            NatKind.Symmetric => Reach.Few,
            NatKind.Blocked => Reach.Nobody,
            _ => Reach.Unknown,
        };

    private static (string Name, bool? IsWell, string Words) Server(NetworkFindings found) => ("server", found.ServerTrouble is null, found.ServerTrouble is { } trouble
        ? $"{found.Server} cannot be reached. {Sentence(trouble)}"
        : string.Create(CultureInfo.InvariantCulture, $"{found.Server} answers, in {found.ServerTook:0} ms."));

    private static (string Name, bool? IsWell, string Words) Relay(NetworkFindings found) =>
        found.ServerTrouble is not null ? ("relay", null, "Not tried: there is no server.")
        : ("relay", found.RelayTrouble is null, found.RelayTrouble is { } trouble ? $"The server answers, but a session's connection (WebSocket) does not get through. {Sentence(trouble)}"
            : found.RelayIs is { } relay ? string.Create(CultureInfo.InvariantCulture, $"Sessions get through to the server: {Milliseconds(relay.RoundTrip)} there and back, {Rate(relay.Rate)} both ways at once.")
            : "Sessions get through to the server.");

    private static (string Name, bool? IsWell, string Words) Udp(NetworkFindings found) => found switch
    {
        { AskedStun: false } => ("udp", null, "Not known: the server answers no STUN, and no other was named (--stun)."),
        { Nat: NatKind.Blocked } => ("udp", false, "UDP does not get through, or its answers do not get back."),
        { Nat: NatKind.Unknown } => ("udp", null, "Not known: this computer has no address to ask from."),
        { UdpIs: { } udp } => ("udp", udp.Loss <= MuchLoss, string.Create(CultureInfo.InvariantCulture, $"UDP gets through, in {Milliseconds(udp.RoundTrip)} there and back; {Share(udp.Loss)} of it is lost.")),
        _ => ("udp", true, "UDP gets through."),
    };

    private static (string Name, bool? IsWell, string Words) Nat(NetworkFindings found) => found.Nat switch
    {
        NatKind.None => ("nat", true, "None: the world sees this computer's own address."),
        NatKind.EndpointIndependent => ("nat", true, "One that shows the same address to everybody: others can be told where to come."),
        NatKind.Symmetric => ("nat", false, "A hard one (symmetric): it shows another address to everybody who is asked, so that nobody can be told where to come."),
        NatKind.OneAnswer => ("nat", null, "There is one. Of which kind would take a second place to ask; only one answered."),
        _ => ("nat", null, "Not known."),
    };

    private static (string Name, bool? IsWell, string Words) Router(NetworkFindings found) => found.Routers.Count == 0
        ? ("router", null, "Not asked for a port: there is none at a private address, or it was not to be asked.")
        : ("router", found.HasMapping ? true : null, string.Join(' ', found.Routers));

    private static (string Name, bool? IsWell, string Words) Addresses(NetworkFindings found) => found.Candidates.Count == 0
        ? ("addresses", false, "None but this computer's own.")
        : ("addresses", true, string.Join(", ", found.Candidates.Select(candidate => $"{candidate.Address} ({Kind(candidate.Type)})")));

    private static string Conclude(NetworkFindings found, Reach reach) =>
        found.ServerTrouble is not null || found.RelayTrouble is not null ? "There can be no session with this server from here."
        : reach switch
        {
            Reach.Everybody => "Sessions work, and go directly to whoever UDP is not blocked for.",
            Reach.Most => "Sessions work, and mostly go directly. They pass the server with those behind a symmetric NAT or where UDP is blocked.",
            Reach.Few => "Sessions work. They pass the server, except with those who have a public address or a router that lets everybody in.",
            Reach.Nobody => "Sessions work. All of them pass the server: nobody can be met directly from this network.",
            _ => "Sessions work. Whether they can go directly could not be found out.",
        };

    private static IEnumerable<string> Advise(NetworkFindings found, Reach reach)
    {
        if (found.ServerTrouble is not null)
        {
            yield return $"Check the address. If it is right, ask whoever runs the network to let TCP to {found.Server.Host}, port {found.Server.Port}, out.";
        }
        else if (found.RelayTrouble is not null)
        {
            yield return "Ask whoever runs the network, or the proxy before the server, to let WebSockets to /relay through.";
        }
        else if (!found.AskedStun)
        {
            yield return "Ask whoever runs the server to switch stun-port on and to open it for UDP; or name another STUN server here with --stun.";
        }
        else if (reach == Reach.Nobody)
        {
            yield return $"Ask whoever runs this network's firewall to let UDP out, at least to {found.Server.Host}, ports {string.Join(" and ", found.StunPorts)}, and answers back in.";
            yield return "If UDP gets through elsewhere but not here, the server's own firewall may be what blocks it: its operator opens those ports.";
        }
        else if (reach == Reach.Few)
        {
            yield return "On a router of your own: switch on UPnP or NAT-PMP, or choose \"full cone\" or \"open\" NAT where it offers a choice.";
            yield return "In an office: a TURN server that the operator names (turn, turn-secret) is nearer than the relay.";
        }
        else if (found.Nat is NatKind.OneAnswer)
        {
            yield return "Name a second STUN server with --stun to learn what kind of NAT this is.";
        }

        if (found.UdpIs is { Loss: > MuchLoss })
        {
            yield return AgainstLoss;
        }
    }

    /// <summary>For programs.</summary>
    public static string NameOf(NatKind nat) => nat switch
    {
        NatKind.None => "none",
        NatKind.EndpointIndependent => "endpoint-independent",
        NatKind.Symmetric => "symmetric",
        NatKind.OneAnswer => "some",
        NatKind.Blocked => "blocked",
        _ => "unknown",
    };

    private static string Kind(CandidateType type) => type switch
    {
        CandidateType.Host => "its own",
        CandidateType.Relayed => "at a TURN server",
        _ => "as the world sees it",
    };

    internal static string Milliseconds(double time) => time < 10 ? string.Create(CultureInfo.InvariantCulture, $"{time:0.0} ms") : string.Create(CultureInfo.InvariantCulture, $"{time:0} ms");

    internal static string Rate(double bits) => bits < 1e6 ? string.Create(CultureInfo.InvariantCulture, $"{bits / 1e3:0} kbit/s") : string.Create(CultureInfo.InvariantCulture, $"{bits / 1e6:0.#} Mbit/s");

    private static string Share(double share) => share == 0 ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %");

    private static string Sentence(string words) => words.EndsWith('.') ? words : words + ".";
}
