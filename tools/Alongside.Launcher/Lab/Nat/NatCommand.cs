using System.Runtime.InteropServices;
using System.Text.Json;
using Alongside.Launcher.Demo;

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
        await using var ground = await Ground.TakeAsync(layout, stop.Token);
        var results = new List<PairResult>();
        int wrong = 0;
        try
        {
            var (_, display) = await VirtualScreen.StartAsync(ground.Starter, 1280, 720, stop.Token);
            using (var screen = XScreen.Open(display))
            {
                screen.SetWallpaper(Wallpaper.Draw);
            }

            var internet = await Internet.StartAsync(ground.Starter, layout, ground.Folder, options.Turn, stop.Token);
            var pair = new Pair(layout, ground.Starter, internet, options.Turn, display, ground.Folder);
            var table = new NatTable(options.Json ? Console.Error : Console.Out);
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
}
