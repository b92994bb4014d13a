namespace Alongside.Launcher;

/// <summary>Where things lie in a clone. What is made at run time lies in <c>.alongside/</c>.</summary>
public sealed record Layout(string Root)
{
    public string Work => Path.Combine(Root, ".alongside");

    public string Logs => Path.Combine(Work, "logs");

    public string Downloads => Path.Combine(Work, "downloads");

    public string Web => Path.Combine(Root, "web", "dist");

    public string Server => Built("Alongside.Server", "alongside-server");

    public string Host => Built("Alongside.Host", "alongside-host");

    /// <summary>The database of the server on this port; a second <c>up</c>, on another port, has its own.</summary>
    public string DataFor(int port) => Path.Combine(Work, port == Up.UpOptions.DefaultPort ? "data" : $"data-{port}");

    public string LogsFor(int port) => port == Up.UpOptions.DefaultPort ? Logs : Path.Combine(Logs, $"{port}");

    private string Built(string project, string program) =>
        Path.Combine(Root, "src", project, "bin", "Release", "net10.0", program);
}

/// <summary>What was typed makes no sense; the message says what would.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>Something could not be started; the message says what, and what to do.</summary>
public sealed class StartException(string message) : Exception(message);
