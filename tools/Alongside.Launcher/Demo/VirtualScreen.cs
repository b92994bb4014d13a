using System.Globalization;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Demo;

/// <summary>Xvfb, on the first display number it finds free. Reached by this user's programs on this machine only.</summary>
public static class VirtualScreen
{
    public static async Task<(Child Screen, string Display)> StartAsync(Starter starter, int width, int height, CancellationToken stop)
    {
        var number = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        string size = string.Create(CultureInfo.InvariantCulture, $"{width}x{height}x24");
        var screen = await starter.StartAsync(new Launch("demo-screen", "Xvfb", ["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", size, "-dpi", "96"])
        {
            Line = line => number.TrySetResult(line),
        });
        await Task.WhenAny(number.Task, screen.Exited, Task.Delay(TimeSpan.FromSeconds(10), stop));
        stop.ThrowIfCancellationRequested();
        if (number.Task.IsCompletedSuccessfully)
        {
            string display = $":{number.Task.Result.Trim()}";
            DisplayAccess.KeepTo(display, Environment.UserName);
            return (screen, display);
        }

        await screen.StopAsync(TimeSpan.Zero);
        throw new StartException($"The demo's virtual screen did not start. Its last words, from {screen.Log}:\n{screen.Tail()}");
    }
}
