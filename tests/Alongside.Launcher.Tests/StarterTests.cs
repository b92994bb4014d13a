using System.Diagnostics;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Tests;

public sealed class StarterTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly string logs = Directory.CreateTempSubdirectory("alongside-starter-").FullName;

    [Fact]
    public async Task Output_goes_to_the_line_reader_and_errors_to_the_log()
    {
        using var starter = new Starter(logs);
        var line = new TaskCompletionSource<string>();

        var child = await starter.StartAsync(new Launch("words", "sh", ["-c", "echo one; echo two >&2; sleep 30"]) { Line = text => line.TrySetResult(text) });

        Assert.Equal("one", await line.Task.WaitAsync(Patience));
        await UntilAsync(() => child.Tail() == "two");
        await child.StopAsync(Patience);
        Assert.Equal(128 + Signals.Terminate, child.ExitCode);
    }

    [Fact]
    public async Task A_program_that_ignores_being_asked_is_killed()
    {
        using var starter = new Starter(logs);
        var ready = new TaskCompletionSource();
        var child = await starter.StartAsync(new Launch("stubborn", "bash", ["-c", "trap '' TERM; echo ready; while :; do read -t 1 < <(:); done"]) { Line = _ => ready.TrySetResult() });
        await ready.Task.WaitAsync(Patience);

        await child.StopAsync(TimeSpan.FromMilliseconds(200));

        Assert.Equal(128 + Signals.Kill, child.ExitCode);
    }

    [Fact]
    public async Task What_escaped_its_parent_is_found_and_ended()
    {
        using var starter = new Starter(logs);
        var escaped = new TaskCompletionSource<int>();
        var child = await starter.StartAsync(new Launch("parent", "sh", ["-c", "setsid sleep 300 & echo $!"]) { Line = text => escaped.TrySetResult(int.Parse(text)) });
        int process = await escaped.Task.WaitAsync(Patience);
        await child.Exited.WaitAsync(Patience);

        // Between two programs, as setsid becomes sleep, a process has no environment for a moment.
        await UntilAsync(() => Leftovers.Of(starter.Run).Count > 0);

        Assert.Equal(1, await starter.SweepAsync());

        Assert.Empty(Leftovers.Of(starter.Run));
        Assert.NotEqual(0, process);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_named()
    {
        using var starter = new Starter(logs);
        var child = await starter.StartAsync(new Launch("missing", "/nowhere/program", []));

        await child.Exited.WaitAsync(Patience);

        Assert.NotEqual(0, child.ExitCode);
        await UntilAsync(() => child.Tail().Contains("/nowhere/program", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(logs, recursive: true);

    private static async Task UntilAsync(Func<bool> condition)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, "The condition never came to hold.");
            await Task.Delay(20);
        }
    }
}
