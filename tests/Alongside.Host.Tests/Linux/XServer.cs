using System.Collections.Concurrent;
using System.Diagnostics;

namespace Alongside.Host.Tests.Linux;

/// <summary>An X server of a test's own: Xvfb on the first free display, ended with the test.</summary>
internal sealed class XServer : IDisposable
{
    /// <summary>Tests with servers of their own run one after another: each has several processes already.</summary>
    public const string Tests = "X servers";

    /// <summary>Numbers in use by this process, so that a killed server's isn't given to another test.</summary>
    private static readonly ConcurrentDictionary<int, bool> Taken = new();
    private readonly Process process;

    private XServer(Process process, int number)
    {
        this.process = process;
        Number = number;
    }

    public int Number { get; }

    public string Display => $":{Number}";

    public static XServer Start(string size = "1280x800x24")
    {
        int first = Random.Shared.Next(20);
        for (int i = 0; i < 20; i++)
        {
            int number = 140 + ((first + i) % 20);
            if (Taken.TryAdd(number, true))
            {
                if (TryStart(number, size) is { } server)
                {
                    return server;
                }

                Taken.TryRemove(number, out _);
            }
        }

        return TryStart(null, size) ?? throw new InvalidOperationException("No X server starts: is xvfb installed?");
    }

    /// <summary>A server with this number, as after a crash of another with the same.</summary>
    public static XServer Restart(int number, string size) =>
        TryStart(number, size) ?? throw new InvalidOperationException($"No X server starts as :{number}.");

    /// <summary>Starts a program on this display.</summary>
    public Process Launch(string program, params string[] arguments)
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment["DISPLAY"] = Display;
        return Process.Start(info)!;
    }

    /// <summary>Runs a program on this display to its end; what it wrote.</summary>
    public string Run(string program, params string[] arguments)
    {
        using var run = Launch(program, arguments);
        return Programs.Run(run);
    }

    /// <summary>Changes the resolution as a person would in the settings. Xvfb only gets smaller than it started.</summary>
    public void Resize(int width, int height)
    {
        string mode = $"{width}x{height}";
        Run("xrandr", "--newmode", mode, "40", $"{width}", $"{width + 40}", $"{width + 168}", $"{width + 256}", $"{height}", $"{height + 1}", $"{height + 5}", $"{height + 28}");
        Run("xrandr", "--addmode", "screen", mode);
        Run("xrandr", "--output", "screen", "--mode", mode);
    }

    /// <summary>The server crashes.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        Programs.End(process);
        Taken.TryRemove(Number, out _);
    }

    private static XServer? TryStart(int? number, string size)
    {
        // A stale lock of a killed server is taken over by the next; a live one makes it end, and the pipe with it.
        var info = new ProcessStartInfo("Xvfb") { RedirectStandardOutput = true, RedirectStandardError = true };
        if (number is not null)
        {
            info.ArgumentList.Add($":{number}");
        }

        foreach (string argument in new[] { "-displayfd", "1", "-screen", "0", size, "-noreset", "-nolisten", "tcp" })
        {
            info.ArgumentList.Add(argument);
        }

        var process = Process.Start(info)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string? ready = process.StandardOutput.ReadLine();
        if (ready is null)
        {
            process.WaitForExit();
            process.Dispose();
            return null;
        }

        return new(process, int.Parse(ready, System.Globalization.CultureInfo.InvariantCulture));
    }
}
