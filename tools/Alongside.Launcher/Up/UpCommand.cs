using System.Runtime.InteropServices;
using Alongside.Launcher.Demo;
using Alongside.Launcher.Processes;
using Alongside.Launcher.Publish;

namespace Alongside.Launcher.Up;

/// <summary>
/// <c>./alongside up</c>, from the first process to the last:
/// 1. the server, until it answers; 2. a demo desktop, if one is wanted; 3. the host on that desktop or this one, until it has
/// a code; 4. the announcement; 5. the download of the host, in the background; 6. until Ctrl-C: a server or host that dies
/// starts again; 7. everything ends, in the opposite order.
/// </summary>
public static class UpCommand
{
    public static async Task<int> RunAsync(Layout layout, UpOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using var hangup = OnSignal(PosixSignal.SIGHUP, stop);
        int port = FreePort.Choose(options.Port);
        using var starter = new Starter(layout.LogsFor(port));
        var terminal = new Terminal(options.Json);
        var server = new ServerProcess(layout, options, starter, port);
        DemoDesktop? desktop = null;
        HostProcess? host = null;
        try
        {
            await server.StartAsync(stop.Token);
            string? display = Environment.GetEnvironmentVariable("DISPLAY");
            bool demo = options.Demo || (options.Source is null && string.IsNullOrEmpty(display));
            if (demo)
            {
                desktop = await DemoDesktop.StartAsync(starter, Path.Combine(layout.Work, "demo"), options.Width, options.Height, stop.Token);
                display = desktop.Display;
            }

            display = options.Source is null ? display : null;
            var announcement = new Announcement(terminal, server.Address, display, demo, options.Browser && !options.Json);
            host = new HostProcess(layout, starter, server, options, display, options.Allow ?? (demo || options.Source is not null ? "view,control,clipboard" : null),
                demo ? "Demo desktop" : null, announcement.Show);
            await host.StartAsync(stop.Token);
            List<Task> endless = [server.SuperviseAsync(terminal, stop.Token), host.SuperviseAsync(terminal, stop.Token)];
            if (desktop is not null)
            {
                endless.Add(desktop.WatchAsync(stop.Token));
            }

            // Stops with the rest; what goes wrong with it is said and costs nothing else.
            _ = HostDownload.MakeAsync(layout, starter, terminal.Say, stop.Token);
            await await Task.WhenAny(endless);
            return 0;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            terminal.Say("Stopping.");
            await stop.CancelAsync();
            await (host?.StopAsync() ?? Task.CompletedTask);
            await server.StopAsync();
            await (desktop?.StopAsync() ?? Task.CompletedTask);
            await starter.SweepAsync();
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, CancellationTokenSource stop) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
}
