using System.Globalization;
using Alongside.Core.Session;

namespace Alongside.Host.Doctor.Running;

/// <summary>What a running host said, as lines for people. Pure. Another version may have said it, or somebody else's program: nothing of it moves the terminal's cursor.</summary>
internal static class RunningWords
{
    /// <summary>Pairs of addresses that are listed of a session that is not direct.</summary>
    private const int MostPairs = 6;

    private const int MaxText = 512;

    public static void Write(TextWriter output, HostReport host)
    {
        if (host.Trouble is { } trouble)
        {
            output.WriteLine($"Process {host.Process}: {Plain(trouble)}");
            return;
        }

        string shares = host.Shares is { Length: > 0 } what ? $" of {Plain(what)}" : "";
        output.WriteLine($"\"{Plain(host.Name)}\"{shares}, shared by process {host.Process} for {Time(host.Seconds)}");
        output.WriteLine(host.HasServer
            ? $"  The server {Plain(host.Server)} is reached."
            : $"  The server {Plain(host.Server)} is not reached now. It is tried again; nobody can come in meanwhile, and who is on a direct path stays.");
        if (host.Guests.Length == 0)
        {
            output.WriteLine("  Nobody is in.");
        }

        foreach (var guest in host.Guests)
        {
            output.WriteLine();
            Write(output, guest);
        }
    }

    private static void Write(TextWriter output, GuestReport guest)
    {
        string name = Plain(guest.Name) is { Length: > 0 } called ? called : $"Guest {guest.Number}";
        output.WriteLine($"  {name}: {State(guest)}");
        if (guest.Path is null || guest.State is not "live")
        {
            return;
        }

        bool isDirect = guest.Path == "direct";
        string since = guest.PathSeconds is { } seconds ? $", for {Time(seconds)}" : "";
        Entry(output, "path", guest.Path switch
        {
            "direct" => $"direct{since}{(guest.Pairs.FirstOrDefault(pair => pair.State == "in-use") is { } pair ? $": {Pair(pair)}" : "")}",
            "relay" => $"by the server{since}",
            var other => Plain(other),
        });
        if (guest.Path is not ("direct" or "relay"))
        {
            return;
        }

        Entry(output, "round trip", (isDirect, guest.DirectMs, guest.RelayMs) switch
        {
            (true, var direct, var relay) => $"{Milliseconds(direct)}; by the server {Milliseconds(relay)}",
            (false, { } direct, var relay) => $"{Milliseconds(relay)}; by the direct path {Milliseconds(direct)}",
            (false, null, var relay) => Milliseconds(relay),
        });
        if (isDirect)
        {
            Entry(output, "loss", guest.Loss is { } loss ? string.Create(CultureInfo.InvariantCulture, $"{loss * 100:0.##} %") : "not known: little was sent lately");
        }

        Entry(output, "rate", guest.Rate is { } rate ? $"{Diagnosis.Rate(rate)}, as far as it was tried" : "not known: little was sent");
        Entry(output, "to see", guest.KeyToPictureMs is { } shown ? $"{Milliseconds(shown)} from a key to its picture, without what programs take" : "not known: nothing has changed on the screen");
        if (guest.Why is { } why)
        {
            Entry(output, "not direct", Plain(why));
        }

        if (!isDirect && Nat(guest.Nat) is { } nat)
        {
            Entry(output, "NAT here", nat);
        }

        if (!isDirect && guest.Tried > 0)
        {
            Entry(output, "tried", $"{guest.Tried} pair{(guest.Tried == 1 ? "" : "s")} of addresses, {guest.Answered} answered");
            foreach (var pair in guest.Pairs.Where(pair => pair.Asked + pair.Heard > 0).Take(MostPairs))
            {
                Entry(output, "", $"{Pair(pair)}: {Became(pair)}");
            }

            if (guest.Tried > MostPairs)
            {
                Entry(output, "", "and more (--json)");
            }
        }

        if (guest.LooksAgainSeconds is { } again)
        {
            Entry(output, "next", again < 1 ? "looked for again now" : $"looked for again in {Time(again)}");
        }

        foreach (string advice in guest.Advice)
        {
            output.WriteLine($"    - {Plain(advice)}");
        }
    }

    private static void Entry(TextWriter output, string name, string words) => output.WriteLine($"    {name,-11} {words}");

    private static string State(GuestReport guest) => guest.State switch
    {
        "live" => $"in for {Time(guest.Seconds)}, may {Powers(guest.May)}",
        "asking" => $"waits for an answer here for {Time(guest.Seconds)}",
        "away" => $"their connection broke {(guest.AwaySeconds is { } away ? Time(away) : "some time")} ago; their place is kept for two minutes",
        _ => "is just arriving",
    };

    private static string Powers(string[] may) => string.Join(", ", may.Select(power => power switch
    {
        "view" => "look",
        "control" => "control",
        "clipboard" => "share the clipboard",
        _ => Plain(power),
    }));

    private static string? Nat(string? nat) => nat switch
    {
        "none" => "none: the world sees this computer's own address",
        "endpoint-independent" => "an easy one: it shows the same address to everybody",
        "symmetric" => "a hard one (symmetric): it shows another address to everybody",
        "some" => "there is one; doctor --server says of which kind",
        "blocked" => "no STUN server answered: UDP may be blocked here",
        _ => null,
    };

    private static string Pair(PairTried pair) => $"{Plain(pair.Local)} ({Kind(pair.LocalKind)}) to {Plain(pair.Remote)} ({Kind(pair.RemoteKind)}), {(pair.Tcp ? "TCP" : "UDP")}";

    private static string Kind(string kind) => kind switch
    {
        "host" => "its own",
        "relayed" => "at a TURN server",
        _ => "as the world sees it",
    };

    private static string Became(PairTried pair) => pair switch
    {
        { Answers: > 0 } => $"works{(pair.Ms is { } took ? $", {Milliseconds(took)}" : "")}",
        { Heard: > 0 } => $"heard them {pair.Heard} times, and no answer to {pair.Asked} questions",
        { Failure: { } failure } => $"{Plain(failure)} ({pair.Asked} questions)",
        _ => $"no answer yet to {pair.Asked} questions",
    };

    private static string Milliseconds(double? time) => time is { } known ? Diagnosis.Milliseconds(known) : "not known";

    private static string Time(double seconds) => seconds switch
    {
        < 120 => $"{Math.Max(0, (long)seconds)} s",
        < 7_200 => $"{(long)(seconds / 60)} min",
        < 172_800 => $"{(long)(seconds / 3_600)} h",
        _ => $"{(long)(seconds / 86_400)} days",
    };

    private static string Plain(string text) => Label.Of(text, MaxText);
}
