using System.Globalization;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary>What was typed behind <c>./alongside lab breaks</c>.</summary>
/// <param name="Slack">So many times as long as promised is still in time.</param>
internal sealed record BreakOptions(bool Json, int Slack, IReadOnlyList<BreakKind> Kinds)
{
    public static string Help { get; } = $"""
        ./alongside lab breaks [--json] [--slack N] [CASE...]

        Sessions on a direct path between real networks, each with its own server, host and browser, and
        something that happens to them: how long until the viewer shows exactly what the screen shows.
        Without cases, all there are. Needs root.

        {string.Join("\n", BreakKind.All.Select(kind => $"  {kind.Name,-16} {kind.About} ({kind.Limit.TotalSeconds:0} s)"))}

          --json         One array of results on standard output; the table, case by case, on standard error:
                         {"{"}"case":"cut","works":true,"holds":true,"limitMs":2000,"path":"relay",
                          "fallbackMs":1640{"}"}; in its place "resumeMs" of addresses and sleeps

          --slack N      N times the time is still in time (1 to 100): on a machine that does other
                         things as well.

        Ends with 1 if a session did not go on, or not in time.
        Example: ./alongside lab breaks cut viewer-moves
        """;

    /// <exception cref="UsageException">It makes no sense; the message says what.</exception>
    public static BreakOptions Parse(IReadOnlyList<string> arguments)
    {
        var kinds = new List<BreakKind>();
        bool json = false;
        int slack = 1;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--slack":
                    slack = i + 1 < arguments.Count && int.TryParse(arguments[++i], NumberStyles.None, CultureInfo.InvariantCulture, out int times) && times is >= 1 and <= 100 ? times
                        : throw new UsageException("--slack is a number from 1 to 100.");
                    break;
                case "--yes":
                    break;
                case var name:
                    kinds.Add(BreakKind.All.FirstOrDefault(kind => kind.Name == name) ?? throw new UsageException($"There is no case \"{name}\". ./alongside lab breaks --help lists them."));
                    break;
            }
        }

        return new(json, slack, kinds.Count > 0 ? kinds : BreakKind.All);
    }
}
