namespace Alongside.Launcher.Test;

/// <summary><c>./alongside test [--only WORD]</c>: the suites whose name holds the word, in any case; without it all.</summary>
public sealed record TestOptions(string? Only)
{
    public static TestOptions Parse(IReadOnlyList<string> arguments)
    {
        string? only = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--yes":
                    break;
                case "--only" when i + 1 < arguments.Count:
                    only = arguments[++i];
                    break;
                default:
                    throw new UsageException($"\"test\" has no option \"{arguments[i]}\". It takes --yes, and --only WORD for the suites with that word in their name.");
            }
        }

        return new TestOptions(only);
    }

    public bool Wants(string suite) => Only is null || suite.Contains(Only, StringComparison.OrdinalIgnoreCase);
}
