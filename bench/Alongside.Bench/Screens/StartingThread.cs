using System.Collections.Concurrent;
using System.Diagnostics;

namespace Alongside.Bench.Screens;

/// <summary>Starts programs whom the kernel tells the end of the thread that started them: one that lives as long as we do, whoever asks.</summary>
internal static class StartingThread
{
    private static readonly BlockingCollection<Action> Work = [];

    static StartingThread() => new Thread(static () =>
    {
        foreach (var start in Work.GetConsumingEnumerable())
        {
            start();
        }
    })
    { IsBackground = true, Name = "starting" }.Start();

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (Exception error)
            {
                started.SetException(error);
            }
        });
        return started.Task.GetAwaiter().GetResult();
    }
}
