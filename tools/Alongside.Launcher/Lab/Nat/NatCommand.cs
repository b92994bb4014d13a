using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Alongside.Launcher.Demo;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>
/// <c>./alongside lab nat</c>: 1. a screen to share; 2. the internet, with our server in it; 3. pair by pair: two networks, a host, a browser, the result;
/// 4. everything ends, also at Ctrl-C. If we are killed the kernel ends the programs, and the networks with them.
/// </summary>
internal static class NatCommand
{
    public static async Task<int> RunAsync(Layout layout, string[] arguments)
    {
        if (arguments is ["help" or "--help" or "-h", ..])
        {
            Console.WriteLine(NatOptions.Help);
            return 0;
        }

        var options = NatOptions.Parse(arguments);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using var starter = new Starter(Path.Combine(layout.Logs, "lab"));
        string folder = TakeFolder(layout);
        var results = new List<PairResult>();
        int wrong = 0;
        try
        {
            await RequireRightsAsync(starter);
            var (_, display) = await VirtualScreen.StartAsync(starter, 1280, 720, stop.Token);
            using (var screen = XScreen.Open(display))
            {
                screen.SetWallpaper(Wallpaper.Draw);
            }

            var internet = await Internet.StartAsync(starter, layout, folder, stop.Token);
            var pair = new Pair(layout, starter, internet, display, folder);
            var table = new NatTable(options.Json ? TextWriter.Null : Console.Out);
            table.Begin();
            foreach (var (a, b) in options.Pairs)
            {
                var result = await pair.RunAsync(a, b, stop.Token);
                results.Add(result);
                bool isRight = result.Works && (result.Path == "direct" || !NatKind.CanMeet(a, b));
                wrong += isRight ? 0 : 1;
                table.Add(result, isRight);
            }

            table.End(results);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            await starter.SweepAsync();
            Directory.Delete(folder, recursive: true);
        }

        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(results, PairJson.Default.ListPairResult));
        }

        return wrong == 0 ? 0 : 1;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>One of our own; those of laboratories that were killed go.</summary>
    private static string TakeFolder(Layout layout)
    {
        string all = Path.Combine(layout.Work, "lab");
        foreach (string old in Directory.Exists(all) ? Directory.GetDirectories(all) : [])
        {
            if (!Directory.Exists(Path.Combine("/proc", Path.GetFileName(old))))
            {
                Directory.Delete(old, recursive: true);
            }
        }

        return Directory.CreateDirectory(Path.Combine(all, Environment.ProcessId.ToString(CultureInfo.InvariantCulture))).FullName;
    }

    /// <summary>Tried, not guessed: a container's root may lack them.</summary>
    private static async Task RequireRightsAsync(Starter starter)
    {
        var attempt = await starter.StartAsync(new Launch("lab-rights", "unshare",
            ["--net", "--mount", "--propagation", "private", "sh", "-ec", "mount -t sysfs none /sys; ip link add name one type veth peer name other; iptables -t nat -L >/dev/null; sysctl -q -w net.ipv4.ip_forward=1"]));
        await attempt.Exited;
        if (attempt.ExitCode != 0)
        {
            throw new StartException("The laboratory makes network namespaces and routers, which needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN: sudo ./alongside lab nat");
        }
    }
}
