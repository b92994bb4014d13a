using System.Globalization;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>What a laboratory stands on: the right to make networks, a folder, and programs that all end with it.</summary>
internal sealed class Ground : IAsyncDisposable
{
    private Ground(Starter starter, string folder) => (Starter, Folder) = (starter, folder);

    public Starter Starter { get; }

    /// <summary>For this run alone.</summary>
    public string Folder { get; }

    /// <summary>Of a browser; each its own, since one that is ending may still write into the last.</summary>
    public string ProfileFor(string name) => Path.Combine(Folder, $"profile-{name}");

    public static async Task<Ground> TakeAsync(Layout layout, CancellationToken stop)
    {
        var ground = new Ground(new Starter(Path.Combine(layout.Logs, "lab")), TakeFolder(layout));
        try
        {
            await RequireRightsAsync(ground.Starter);
            stop.ThrowIfCancellationRequested();
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Starter.SweepAsync();
        Starter.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Those of laboratories that were killed go.</summary>
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
            ["--net", "--mount", "--propagation", "private", "sh", "-ec",
            "mount -t sysfs none /sys; ip link add name one type veth peer name other; iptables -t nat -L >/dev/null; sysctl -q -w net.ipv4.ip_forward=1"]));
        await attempt.Exited;
        if (attempt.ExitCode != 0)
        {
            throw new StartException("The laboratory makes network namespaces and routers, which needs root with CAP_SYS_ADMIN and CAP_NET_ADMIN: sudo ./alongside lab nat");
        }
    }
}
