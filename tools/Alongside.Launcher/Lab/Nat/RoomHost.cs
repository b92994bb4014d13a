using Alongside.Launcher.Processes;
using Alongside.Launcher.Up;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>The real host on a machine of the laboratory, with a room open.</summary>
internal static class RoomHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Gives the program and the room's link.</summary>
    public static async Task<(Child Host, string Link)> StartAsync(Layout layout, Internet internet, Space machine, NatKind kind, string display, CancellationToken stop)
    {
        var opened = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var host = await machine.StartAsync(new Launch("lab-host", layout.Host,
            ["--open", "--server", Internet.ServerFor(kind), "--fingerprint", internet.Fingerprint, "--json", "--allow", "view,control", "--name", "Laboratory"])
        {
            Environment = new Dictionary<string, string?> { ["DISPLAY"] = display },
            Line = line =>
            {
                if (HostProcess.TryRead(line) is { } room)
                {
                    opened.TrySetResult(room.Link);
                }
            },
        });
        await Task.WhenAny(opened.Task, host.Exited, Task.Delay(Patience, stop));
        if (opened.Task.IsCompleted)
        {
            return (host, await opened.Task);
        }

        string words = host.Tail();
        await host.StopAsync(TimeSpan.Zero);
        stop.ThrowIfCancellationRequested();
        throw new StartException($"The host did not open a room: {words}");
    }
}
