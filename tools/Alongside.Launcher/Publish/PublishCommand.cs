using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Publish;

/// <summary>
/// <c>./alongside publish [--to DIR]</c>: a folder each for server and host that an operator copies to a machine, self-contained
/// for linux-x64, with their systemd units; and the host once more among the server's downloads.
/// </summary>
public static class PublishCommand
{
    public static async Task<int> RunAsync(Layout layout, IReadOnlyList<string> arguments)
    {
        string target = arguments switch
        {
            [] => Path.Combine(layout.Work, "release"),
            ["--to", var directory] => Path.GetFullPath(directory),
            _ => throw new UsageException("\"publish\" takes only --to DIR."),
        };
        string server = Path.Combine(target, "alongside-server"), host = Path.Combine(target, "alongside-host");
        using var starter = new Starter(layout.Logs);
        try
        {
            await PublishAsync(layout, starter, "Alongside.Server", server);
            await PublishAsync(layout, starter, "Alongside.Host", host);
        }
        finally
        {
            await starter.SweepAsync();
        }

        CopyFolder(layout.Web, Path.Combine(server, "web"));
        string units = Path.Combine(layout.Root, "deploy", "systemd");
        File.Copy(Path.Combine(units, "alongside-server.service"), Path.Combine(server, "alongside-server.service"), overwrite: true);
        File.Copy(Path.Combine(units, "alongside-host.service"), Path.Combine(host, "alongside-host.service"), overwrite: true);
        File.Copy(Path.Combine(layout.Root, "docs", "operate.md"), Path.Combine(server, "operate.md"), overwrite: true);
        string download = Path.Combine(server, "downloads", HostDownload.FileName);
        Directory.CreateDirectory(Path.GetDirectoryName(download)!);
        File.Copy(Path.Combine(host, "alongside-host"), download, overwrite: true);
        await File.WriteAllTextAsync(download + ".sha256", $"{await HostDownload.HashAsync(download, CancellationToken.None)}  {HostDownload.FileName}\n");
        Console.WriteLine($"Server  {server}");
        Console.WriteLine($"Host    {host}");
        Console.WriteLine("docs/operate.md says what to do with them.");
        return 0;
    }

    private static async Task PublishAsync(Layout layout, Starter starter, string project, string output)
    {
        await Console.Error.WriteLineAsync($"Publishing {project}. This takes about a minute.");
        var child = await starter.StartAsync(new Launch($"publish-{project}", "dotnet", HostDownload.SelfContained(layout, project, output)));
        await child.Exited;
        if (child.ExitCode != 0)
        {
            throw new StartException($"{project} could not be published. The last words, from {child.Log}:\n{child.Tail()}");
        }
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
