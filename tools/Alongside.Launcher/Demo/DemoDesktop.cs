using System.Globalization;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Demo;

/// <summary>
/// A desktop to try things on: a virtual screen with windows, a panel, a terminal, an editor, a file manager and, where there
/// is Chromium, a page. It has a home folder of its own, so it neither shows nor touches the person's files; its programs do run with the
/// rights of whoever started it. Each program is our own child and ends with us; there is no session manager that could keep one.
/// </summary>
public sealed class DemoDesktop
{
    private static readonly TimeSpan WindowPatience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan ActivationPatience = TimeSpan.FromSeconds(2);
    private readonly Starter starter;
    private readonly string home;
    private readonly Dictionary<string, string?> environment;
    private readonly List<Child> children = [];

    private DemoDesktop(Starter starter, string home, string display)
    {
        this.starter = starter;
        this.home = home;
        Display = display;
        environment = DemoHome.Environment(home, display);
    }

    public string Display { get; }

    public static async Task<DemoDesktop> StartAsync(Starter starter, string directory, int width, int height, CancellationToken stop)
    {
        var (screen, display) = await VirtualScreen.StartAsync(starter, width, height, stop);

        // A home for each display: several demos may run from one clone.
        string home = Path.Combine(directory, display.TrimStart(':'), "home");
        DemoHome.Prepare(home, new DemoArrangement(width, height));
        var desktop = new DemoDesktop(starter, home, display);
        desktop.children.Add(screen);
        try
        {
            await desktop.FurnishAsync(stop);
            return desktop;
        }
        catch
        {
            await desktop.StopAsync();
            throw;
        }
    }

    /// <summary>Ends with an exception when the screen itself has ended: there is nothing left to share then.</summary>
    public async Task WatchAsync(CancellationToken stop)
    {
        await children[0].Exited.WaitAsync(stop);
        throw new StartException("The demo desktop's screen ended by itself. Run \"./alongside up --demo\" again.");
    }

    /// <summary>Programs first, the screen last.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(children.Skip(1).Select(child => child.StopAsync(TimeSpan.FromSeconds(1))));
        await children[0].StopAsync(TimeSpan.FromSeconds(2));
    }

    private async Task FurnishAsync(CancellationToken stop)
    {
        await StartBusAsync(stop);
        using var screen = XScreen.Open(Display);
        screen.SetWallpaper(Wallpaper.Draw);
        await RunAsync("openbox", "openbox", "--sm-disable");
        await screen.UntilAsync(s => s.HasWindowManager, WindowPatience, stop);
        await RunAsync("panel", "tint2", "-c", Path.Combine(home, ".config", "tint2", "tint2rc"));
        if (DemoHome.Chromium is { } chromium)
        {
            // First, and waited for: it takes the keyboard a while after its window is there, whatever the window manager is told.
            await RunAsync("page", chromium, DemoHome.ChromiumArguments(home));
            await screen.UntilAsync(s => s.Windows > 0, WindowPatience, stop);
            await screen.UntilAsync(s => s.IsActive("The garden club"), ActivationPatience, stop);
        }

        int before = screen.Windows;
        await RunAsync("files", "pcmanfm", "--no-desktop", Path.Combine(home, "Documents"));
        await RunAsync("editor", "mousepad", "--disable-server", Path.Combine(home, "Documents", "Shopping list.txt"));
        await RunAsync("terminal", "xterm", "-name", "terminal", "-e", "bash", "--rcfile", Path.Combine(home, ".bashrc"), "-i");
        await screen.UntilAsync(s => s.Windows >= before + 3 && s.TryActivate("Terminal"), WindowPatience, stop);
    }

    /// <summary>A message bus that starts nothing by itself.</summary>
    private async Task StartBusAsync(CancellationToken stop)
    {
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = await starter.StartAsync(new Launch("bus", "dbus-daemon", ["--config-file", Path.Combine(home, ".config", "bus.conf"), "--nofork", "--nopidfile", "--print-address=1"])
        {
            Environment = environment,
            Line = line => address.TrySetResult(line),
        });
        children.Add(bus);
        environment["DBUS_SESSION_BUS_ADDRESS"] = await AddressAsync(address.Task, bus, WindowPatience, stop);
    }

    /// <summary>What the bus says its address is.</summary>
    /// <exception cref="StartException">It ended, or said nothing in time.</exception>
    internal static async Task<string> AddressAsync(Task<string> address, Child bus, TimeSpan patience, CancellationToken stop)
    {
        await Task.WhenAny(address, bus.Exited, Task.Delay(patience, stop));
        stop.ThrowIfCancellationRequested();
        return address.IsCompletedSuccessfully ? address.Result
            : throw new StartException($"The demo's message bus (dbus-daemon) did not start. Its last words, from {bus.Log}:\n{bus.Tail()}");
    }

    private async Task RunAsync(string name, string program, params string[] arguments) =>
        children.Add(await starter.StartAsync(new Launch(string.Create(CultureInfo.InvariantCulture, $"demo-{name}"), program, arguments)
        {
            Environment = environment,
            Directory = home,
        }));
}
