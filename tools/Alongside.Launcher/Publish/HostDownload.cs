using System.Security.Cryptography;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Publish;

/// <summary>
/// The host as one self-contained file, which the server offers to customers. Made in the background after <c>up</c> is ready, at the
/// lowest priority, so nobody waits for it; only when its sources have changed. The page offers it once it is there.
/// </summary>
public static class HostDownload
{
    public const string FileName = "alongside-host-linux-x64";

    /// <summary>Makes it if it is not there or old. What goes wrong is said, not thrown.</summary>
    public static async Task MakeAsync(Layout layout, Starter starter, Action<string> say, CancellationToken stop)
    {
        try
        {
            await TryMakeAsync(layout, starter, say, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Next time.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or StartException)
        {
            say($"The host program for customers could not be made; the page offers none. {e.Message}");
        }
    }

    private static async Task TryMakeAsync(Layout layout, Starter starter, Action<string> say, CancellationToken stop)
    {
        string stamp = Sources(layout.Root);
        string target = Path.Combine(layout.Downloads, FileName), stampFile = Path.Combine(layout.Work, "stamps", "host-download");
        if (File.Exists(target) && File.Exists(stampFile) && await File.ReadAllTextAsync(stampFile, stop) == stamp)
        {
            return;
        }

        string output = Path.Combine(layout.Work, "publish", "download");
        var child = await starter.StartAsync(new Launch("publish-host", "nice", ["-n", "19", "dotnet", .. SelfContained(layout, "Alongside.Host", output)]));
        await using var ended = stop.Register(() => Signals.Send(child.Id, Signals.Terminate));
        await child.Exited;
        stop.ThrowIfCancellationRequested();
        if (child.ExitCode != 0)
        {
            say("The host program for customers could not be made; the page offers none. Why: .alongside/logs/publish-host.log");
            return;
        }

        // Whole or not at all: the server may be serving the old one at this moment.
        Directory.CreateDirectory(layout.Downloads);
        string made = Path.Combine(output, "alongside-host");
        await File.WriteAllTextAsync(target + ".sha256", $"{await HashAsync(made, stop)}  {FileName}\n", stop);
        File.Move(made, target, overwrite: true);
        Directory.CreateDirectory(Path.GetDirectoryName(stampFile)!);
        await File.WriteAllTextAsync(stampFile, stamp, stop);
    }

    /// <summary>Arguments of dotnet. What it makes on the way lies apart from bin/ and obj/, whose restore is another.</summary>
    public static string[] SelfContained(Layout layout, string project, string output) =>
    [
        "publish", Path.Combine(layout.Root, "src", project), "-c", "Release", "-r", "linux-x64", "--self-contained", "-o", output,
        "--artifacts-path", Path.Combine(layout.Work, "publish", "artifacts"), "-nodeReuse:false", "-p:UseSharedCompilation=false",
        "-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true", "-p:EnableCompressionInSingleFile=true",
        "-p:DebugType=embedded",

        // What the server's database library needs can't be seen by the trimmer. What is left of the framework is compiled with ours, as one: 22 MB, and a third of the time to start.
        .. project == "Alongside.Host" ? (string[])["-p:PublishTrimmed=true", "-p:TrimMode=full", "-p:PublishReadyToRun=true"] : [],
    ];

    public static async Task<string> HashAsync(string path, CancellationToken stop)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, stop));
    }

    private static string Sources(string root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var files = ((string[])["src/Alongside.Core", "src/Alongside.Rtc", "src/Alongside.Vnc", "src/Alongside.Net", "src/Alongside.Host"])
            .Select(folder => Path.Combine(root, folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(file => !file.Contains("/bin/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Concat(Directory.EnumerateFiles(root, "Directory.*"))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
