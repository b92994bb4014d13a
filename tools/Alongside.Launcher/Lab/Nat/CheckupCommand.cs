using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>
/// <c>./alongside lab doctor</c>: what `alongside-host doctor` and the page <c>/check</c> say behind each kind of router, where it is known what they should say.
/// </summary>
internal static class CheckupCommand
{
    private static readonly TimeSpan PagePatience = TimeSpan.FromSeconds(60), LastWords = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(Layout layout, string[] arguments)
    {
        // It takes minutes: who reads the JSON sees it go on beside it.
        bool json = arguments.Contains("--json");
        string[] named = [.. arguments.Where(argument => argument is not ("--json" or "--yes"))];
        if (Array.Find(named, name => !NatKind.All.Any(kind => kind.Name == name)) is { } unknown)
        {
            throw new UsageException($"There is no kind \"{unknown}\". ./alongside lab nat --help lists them.");
        }

        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await using var ground = await Ground.TakeAsync(layout, stop.Token);
        var said = new JsonObject();
        try
        {
            var internet = await Internet.StartAsync(ground.Starter, layout, ground.Folder, withTurn: false, stop.Token);
            foreach (var kind in NatKind.All.Where(kind => kind != NatKind.Hairpin && (named.Length == 0 || named.Contains(kind.Name))))
            {
                var report = await ExamineAsync(layout, ground, internet, kind, stop.Token);
                said[kind.Name] = report;
                (json ? Console.Error : Console.Out).WriteLine($"  {kind.Name,-16} NAT {report["nat"],-22} UDP {report["udp"],-8} can be met by {report["direct"]?.ToString().ToLowerInvariant()}\n    {report["page"]}");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }

        if (json)
        {
            Console.WriteLine(said.ToJsonString());
        }

        return 0;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }

    private static async Task<JsonNode> ExamineAsync(Layout layout, Ground ground, Internet internet, NatKind kind, CancellationToken stop)
    {
        var side = new Side(ground.Starter, internet, kind, 1);
        try
        {
            var machine = await side.BuildAsync();
            var told = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
            var doctor = await machine.StartAsync(new Launch("lab-doctor", layout.Host, ["doctor", "--server", Internet.ServerFor(kind), "--fingerprint", internet.Fingerprint, "--json"])
            {
                Line = line =>
                {
                    if (Read(line) is { } report)
                    {
                        told.TrySetResult(report);
                    }
                },
            });
            // What it has said may still be on its way when it is gone.
            await Task.WhenAny(told.Task, EndAsync(doctor)).WaitAsync(stop);
            if (!told.Task.IsCompleted)
            {
                throw new StartException($"The doctor said nothing behind {kind.Name}:\n{doctor.Tail()}");
            }

            var report = await told.Task;
            report["page"] = await ReadPageAsync(machine, kind, ground.ProfileFor(kind.Name), stop);
            return report;
        }
        finally
        {
            await side.StopAsync();
        }
    }

    private static async Task EndAsync(Child program)
    {
        await program.Exited;
        await Task.Delay(LastWords);
    }

    /// <summary>What the browser's page concludes, in its words.</summary>
    private static async Task<string?> ReadPageAsync(Space machine, NatKind kind, string profile, CancellationToken stop)
    {
        await using var browser = await Browser.StartAsync(machine, profile, stop);
        await browser.OpenAsync($"{Internet.ServerFor(kind)}/check?lang=en", stop);
        for (var end = DateTime.UtcNow + PagePatience; DateTime.UtcNow < end; await Task.Delay(100, stop))
        {
            if ((string?)await browser.EvaluateAsync("document.querySelector('[role=status] p')?.innerText", stop) is { } words)
            {
                return words;
            }
        }

        return null;
    }

    private static JsonNode? Read(string line)
    {
        try
        {
            return JsonNode.Parse(line);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
