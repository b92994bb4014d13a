using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Alongside.Launcher.Demo;
using Alongside.Launcher.Lab.Nat;

namespace Alongside.Launcher.Lab.Breaks;

/// <summary><c>./alongside lab breaks</c>: how soon a session goes on when its direct path dies, an address changes, or somebody has slept. What is promised is asserted: late is failed.</summary>
internal static class BreakCommand
{
    public static async Task<int> RunAsync(Layout layout, string[] arguments)
    {
        if (arguments is ["help" or "--help" or "-h", ..])
        {
            Console.WriteLine(BreakOptions.Help);
            return 0;
        }

        var options = BreakOptions.Parse(arguments);
        var output = options.Json ? Console.Error : Console.Out;
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        await using var ground = await Ground.TakeAsync(layout, stop.Token);
        var results = new List<BreakResult>();
        try
        {
            var (_, display) = await VirtualScreen.StartAsync(ground.Starter, BreakRun.Width, BreakRun.Height, stop.Token);
            using var screen = XScreen.Open(display);
            var internet = await Internet.StartAsync(ground.Starter, layout, ground.Folder, withTurn: false, stop.Token);
            var run = new BreakRun(layout, ground.Starter, internet, screen, display, options.Slack);
            foreach (var kind in options.Kinds)
            {
                var result = await run.RunAsync(kind, ground.ProfileFor(kind.Name), stop.Token);
                results.Add(result);
                output.WriteLine(InWords(result));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }

        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(results, BreakJson.Default.ListBreakResult));
        }

        return results.TrueForAll(result => result.Holds) ? 0 : 1;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static string InWords(BreakResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"  {result.Case,-16} {(result.FallbackMs ?? result.ResumeMs) switch { { } took => $"{took} ms", null => "never" },10} of {result.LimitMs} ms  {result.Path ?? "",-8}{(result.Holds ? "" : result.Works ? "  too late" : $"\n    {result.Trouble}")}");
}
