using System.Collections.Concurrent;
using System.Diagnostics;

namespace Alongside.Launcher.Processes;

/// <summary>
/// Starts programs so that none outlives us. Each gets a session of its own (Ctrl-C in our terminal reaches only us, and we
/// end them in order) and a death signal from the kernel (<c>setpriv --pdeathsig</c>), which works even when we are killed
/// with SIGKILL. The kernel sends it when the *thread* that forked ends, so one thread that lives as long as we do starts them all.
/// Every program carries our run's mark in its environment, and so do its children: <see cref="SweepAsync"/> ends what escaped.
/// </summary>
public sealed class Starter : IDisposable
{
    public const string Mark = "ALONGSIDE_RUN";

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;

    public Starter(string logs)
    {
        Directory.CreateDirectory(logs);
        Logs = logs;
        Run = $"{Environment.ProcessId}-{Guid.NewGuid():N}";
        thread = new Thread(StartAll) { IsBackground = true, Name = "starter" };
        thread.Start();
    }

    public string Logs { get; }

    /// <summary>The value of the mark.</summary>
    public string Run { get; }

    /// <summary>Starts a program. Its standard error goes to <c>logs/NAME.log</c>; its output too, unless a line reader is given.</summary>
    public Task<Child> StartAsync(Launch launch)
    {
        var started = new TaskCompletionSource<Child>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                started.SetResult(Start(launch));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
            {
                started.SetException(new StartException($"{launch.Program} could not be started: {e.Message}"));
            }
        });
        return started.Task;
    }

    /// <summary>Ends every process that still carries our mark. Returns how many there were.</summary>
    public async Task<int> SweepAsync()
    {
        int found = 0;
        for (int round = 0, empty = 0; round < 20 && empty < 2; round++)
        {
            // Twice: a process that is just becoming another program has no environment for a moment.
            var left = Leftovers.Of(Run);
            empty = left.Count == 0 ? empty + 1 : 0;
            found = Math.Max(found, left.Count);
            foreach (int process in left)
            {
                Signals.Send(process, round < 4 ? Signals.Terminate : Signals.Kill);
            }

            await Task.Delay(50);
        }

        return found;
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    private void StartAll()
    {
        foreach (var start in work.GetConsumingEnumerable())
        {
            start();
        }
    }

    private Child Start(Launch launch)
    {
        var info = new ProcessStartInfo("setsid")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = launch.Directory ?? Environment.CurrentDirectory,
        };
        foreach (var argument in (string[])["setpriv", "--pdeathsig", "KILL", "--", launch.Program, .. launch.Arguments])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in launch.Environment)
        {
            info.Environment[name] = value;
        }

        info.Environment[Mark] = Run;
        return Child.Follow(launch, Process.Start(info)!, Path.Combine(Logs, launch.Name + ".log"));
    }
}

/// <summary>A program to start.</summary>
public sealed record Launch(string Name, string Program, IReadOnlyList<string> Arguments)
{
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string? Directory { get; init; }

    /// <summary>Hears standard output, line by line, instead of the log.</summary>
    public Action<string>? Line { get; init; }
}
