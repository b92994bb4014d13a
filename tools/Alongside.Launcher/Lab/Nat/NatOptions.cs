namespace Alongside.Launcher.Lab.Nat;

/// <summary>What was typed behind <c>./alongside lab nat</c>.</summary>
internal sealed record NatOptions(bool Json, bool Turn, IReadOnlyList<(NatKind A, NatKind B)> Pairs)
{
    public static string Help { get; } = $"""
        ./alongside lab nat [--json] [--turn] [HOST/VIEWER...]

        Sessions between real networks: a server, a host and a browser, each in a network namespace, with
        real routers between them. Without pairs, every pair there is. Needs root.

        {string.Join("\n", NatKind.All.Select(kind => $"  {kind.Name,-16} {kind.About}"))}

          --json         One array of results on standard output; the table, pair by pair, on standard error:
                         {"{"}"a":"symmetric","b":"open","works":true,"path":"direct","firstPictureMs":410,
                          "directMs":890,"rttRelayMs":1.2,"rttDirectMs":0.4{"}"}

          --turn         With a TURN server (coturn) that the server names to both sides.

        Ends with 1 if a session did not work, or one that can be direct is not.
        Example: ./alongside lab nat port-restricted/port-restricted symmetric/symmetric
        """;

    /// <exception cref="UsageException">It makes no sense; the message says what.</exception>
    public static NatOptions Parse(IReadOnlyList<string> arguments)
    {
        var pairs = new List<(NatKind A, NatKind B)>();
        bool json = false, turn = false;
        foreach (string argument in arguments)
        {
            if (argument == "--json")
            {
                json = true;
            }
            else if (argument == "--turn")
            {
                turn = true;
            }
            else if (argument != "--yes")
            {
                pairs.Add(NatKind.Pairs.FirstOrDefault(pair => $"{pair.A.Name}/{pair.B.Name}" == argument) is { A: not null } pair ? pair
                    : throw new UsageException($"There is no pair \"{argument}\". ./alongside lab nat --help lists the kinds; hairpin goes with itself alone."));
            }
        }

        return new(json, turn, pairs.Count > 0 ? pairs : [.. NatKind.Pairs]);
    }
}
