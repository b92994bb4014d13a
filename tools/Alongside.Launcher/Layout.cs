namespace Alongside.Launcher;

/// <summary>Where things lie in a clone. What is made at run time lies in <c>.alongside/</c>.</summary>
public sealed record Layout(string Root)
{
    public string Work => Path.Combine(Root, ".alongside");

    public string Data => Path.Combine(Work, "data");

    public string Logs => Path.Combine(Work, "logs");

    public string Downloads => Path.Combine(Work, "downloads");

    public string Web => Path.Combine(Root, "web", "dist");

    public string Server => Built("Alongside.Server", "alongside-server");

    public string Host => Built("Alongside.Host", "alongside-host");

    private string Built(string project, string program) =>
        Path.Combine(Root, "src", project, "bin", "Release", "net10.0", program);
}

/// <summary>What was typed makes no sense; the message says what would.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>Something could not be started; the message says what, and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
