using System.Globalization;

namespace Alongside.Fuzz;

/// <summary>What was typed.</summary>
internal sealed record Options(string[] Words)
{
    public const string Help = """
        ./alongside fuzz [TARGET...] [--seconds N] [--seed N]

        Looks for bytes that a decoder does not survive: anything but a refusal, more memory or more
        steps than its target allows, a hang, a crash. Guided by coverage; without a target, all of them.

          --seconds N    For each target. Default 60.
          --seed N       The same seed, the same beginning. Default 1.
          --fresh        Forget the cases kept from earlier runs.

        ./alongside fuzz list                     The targets there are.
        ./alongside fuzz replay TARGET FILE       One case, as from a finding.
        ./alongside fuzz check [--runs N]         The short form that is part of ./alongside test.

        Findings are written to .alongside/fuzz/findings, as small as they can be made. One that is fixed
        belongs in tests/vectors/fuzz/TARGET. Ends with 1 if something was found. More: docs/fuzzing.md
        """;

    private static readonly string[] WithValue = ["--seconds", "--seed", "--runs", "--heartbeat", "--folder"];

    public double Seconds { get; private init; } = 60;

    public int Seed { get; private init; } = 1;

    public int Runs { get; private init; } = 1000;

    public bool Fresh { get; private init; }

    public string? Heartbeat { get; private init; }

    public string? Folder { get; private init; }

    /// <exception cref="FormatException">It makes no sense; the message says what.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        var words = new List<string>();
        var values = new Dictionary<string, string>();
        bool fresh = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (WithValue.Contains(argument))
            {
                values[argument] = ++i < arguments.Count ? arguments[i] : throw new FormatException($"{argument} needs a value.");
            }
            else if (argument == "--fresh")
            {
                fresh = true;
            }
            else if (argument.StartsWith('-'))
            {
                throw new FormatException($"There is no option {argument}.");
            }
            else
            {
                words.Add(argument);
            }
        }

        return new([.. words])
        {
            Fresh = fresh,
            Seconds = Number(values, "--seconds", 60),
            Seed = (int)Number(values, "--seed", 1),
            Runs = (int)Number(values, "--runs", 1000),
            Heartbeat = values.GetValueOrDefault("--heartbeat"),
            Folder = values.GetValueOrDefault("--folder"),
        };
    }

    private static double Number(Dictionary<string, string> values, string name, double otherwise) =>
        !values.TryGetValue(name, out string? text) ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value is >= 0 and < int.MaxValue ? value
        : throw new FormatException($"{name} is a number, not \"{text}\".");
}
