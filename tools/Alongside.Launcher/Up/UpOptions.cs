using System.Globalization;

namespace Alongside.Launcher.Up;

/// <summary>What was asked of <c>./alongside up</c>.</summary>
public sealed record UpOptions
{
    public const int DefaultPort = 7700;

    private static readonly string[] Powers = ["view", "control", "clipboard"];

    public bool Demo { get; init; }

    public int Width { get; init; } = 1920;

    public int Height { get; init; } = 1080;

    /// <summary>0: the default, or the next free one.</summary>
    public int Port { get; init; }

    public string? Data { get; init; }

    /// <summary>Consent given in advance: a list for the host's <c>--allow</c>. Null: ask the person, or in a demo allow all.</summary>
    public string? Allow { get; init; }

    public bool Tls { get; init; }

    /// <summary>Where VNC viewers come in, for the host's <c>--vnc</c>; null: they do not.</summary>
    public string? Vnc { get; init; }

    /// <summary>The VNC server whose desktop is shared, for the host's <c>--source</c>; null: a desktop of this machine.</summary>
    public string? Source { get; init; }

    public bool Browser { get; init; } = true;

    public bool Json { get; init; }

    /// <exception cref="UsageException">With the option that is wrong, and what it takes.</exception>
    public static UpOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new UpOptions();
        for (int i = 0; i < arguments.Count; i++)
        {
            var (name, value) = Split(arguments[i]);
            string Value()
            {
                if (value is null && i + 1 < arguments.Count && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                {
                    value = arguments[++i];
                }

                return value ?? throw new UsageException($"{name} needs a value. \"./alongside help\" shows how.");
            }

            options = name switch
            {
                "--demo" => options with { Demo = true },
                "--size" => Size(options, Value()),
                "--port" => options with { Port = PortNumber(Value()) },
                "--data" => options with { Data = Path.GetFullPath(Value()) },
                "--allow" => options with { Allow = Allowed(Value()) },
                "--vnc" => options with { Vnc = Value() },
                "--source" => options with { Source = Value() },
                "--tls" => options with { Tls = true },
                "--no-browser" => options with { Browser = false },
                "--json" => options with { Json = true },
                "--yes" => options,
                _ => throw new UsageException($"\"up\" has no option \"{arguments[i]}\". \"./alongside help\" lists them."),
            };
        }

        return options is { Demo: true, Source: not null }
            ? throw new UsageException("--demo and --source exclude each other: it is one desktop or the other.")
            : options;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        int equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static UpOptions Size(UpOptions options, string value)
    {
        var sides = value.Split('x');
        if (sides.Length == 2 && TryNumber(sides[0], out int width) && TryNumber(sides[1], out int height)
            && width is >= 320 and <= 8192 && height is >= 240 and <= 4320)
        {
            return options with { Width = width, Height = height };
        }

        throw new UsageException($"--size {value}: write it as 1920x1080, from 320x240 to 8192x4320.");
    }

    private static int PortNumber(string value) =>
        TryNumber(value, out int port) && port is >= 1 and <= 65535
            ? port
            : throw new UsageException($"--port {value}: a port is a number from 1 to 65535.");

    private static string Allowed(string value)
    {
        var powers = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (var power in powers)
        {
            if (!Powers.Contains(power))
            {
                throw new UsageException($"--allow {value}: it takes view, control and clipboard, with commas between them.");
            }
        }

        return powers.Contains("view")
            ? string.Join(',', powers)
            : throw new UsageException($"--allow {value}: nobody can do anything without view.");
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
