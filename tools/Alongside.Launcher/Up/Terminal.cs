namespace Alongside.Launcher.Up;

/// <summary>
/// What the person reads. Standard output holds the result, standard error the rest; with <c>--json</c> the result is one line
/// for a program. Colour only on a terminal, only where it means something.
/// </summary>
public sealed class Terminal(bool json)
{
    private static readonly bool Colour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private readonly Lock gate = new();

    public bool Json => json;

    /// <summary>An event, in a sentence.</summary>
    public void Say(string text)
    {
        lock (gate)
        {
            Console.Error.WriteLine(text);
        }
    }

    public void Result(string text)
    {
        lock (gate)
        {
            Console.Out.WriteLine(text);
            Console.Out.Flush();
        }
    }

    public static string Strong(string text) => Colour ? $"\e[1m{text}\e[0m" : text;

    public static string Quiet(string text) => Colour ? $"\e[2m{text}\e[0m" : text;
}
