using System.Diagnostics;

namespace Alongside.Server.Tests.Running;

/// <summary>
/// A PostgreSQL of Debian's package, in a directory of its own, on a Unix socket only. It refuses to run as root, so a test that does
/// hands it to the `postgres` user.
/// </summary>
public sealed class Postgres : IAsyncLifetime
{
    private string folder = "";
    private string bin = "";

    public string Connection => $"Host={folder};Username=alongside;Database=postgres;Timeout=60";

    public async Task InitializeAsync()
    {
        bin = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).LastOrDefault(path => File.Exists(Path.Combine(path, "initdb"))) ?? ""
            : "";
        if (bin.Length == 0)
        {
            throw new InvalidOperationException("These tests need PostgreSQL: apt-get install postgresql (any version, its server need not run).");
        }

        folder = Directory.CreateTempSubdirectory("alongside-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", "postgres", folder);
        }

        await AsOwnerAsync("initdb", "-D", $"{folder}/data", "-U", "alongside", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C");
        await AsOwnerAsync("pg_ctl", "-D", $"{folder}/data", "-w", "-l", $"{folder}/log", "-o", $"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off", "start");
    }

    public async Task DisposeAsync()
    {
        if (folder.Length > 0)
        {
            await StopAsync();
            Forget();
        }
    }

    public Task StopAsync() => AsOwnerAsync("pg_ctl", "-D", $"{folder}/data", "-m", "immediate", "stop");

    /// <summary>Deletes what a stopped one leaves.</summary>
    public void Forget() => Directory.Delete(folder, recursive: true);

    private Task AsOwnerAsync(string program, params string[] args) => Environment.IsPrivilegedProcess
        ? RunAsync("runuser", ["-u", "postgres", "--", Path.Combine(bin, program), .. args])
        : RunAsync(Path.Combine(bin, program), args);

    private static async Task RunAsync(string program, params string[] args)
    {
        // Not redirected: the server that pg_ctl leaves running would keep the pipe open.
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1", program, .. args]) { WorkingDirectory = "/" })!;
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', args)} ended with {process.ExitCode}.");
        }
    }
}
