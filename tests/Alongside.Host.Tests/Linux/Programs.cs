using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Alongside.Host.Tests.Linux;

/// <summary>Programs that others wrote, none of which is waited for without an end: one that hangs fails its test.</summary>
internal static partial class Programs
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>What it writes until it ends. It must end well.</summary>
    public static string Run(Process run)
    {
        run.StandardInput.Close();
        var error = run.StandardError.ReadToEndAsync();
        string output = Read(run);
        Assert.True(run.ExitCode == 0, $"{run.StartInfo.FileName} failed: {error.Result}");
        return output;
    }

    /// <summary>What is copied on a display; null: nobody has copied anything of that kind.</summary>
    /// <param name="launch">Starts a program there.</param>
    public static string? Paste(Func<string, string[], Process> launch, string selection = "clipboard", string target = "UTF8_STRING")
    {
        using var run = launch("xclip", ["-o", "-selection", selection, "-t", target]);
        string output = Read(run);
        return run.ExitCode == 0 ? output : null;
    }

    /// <summary>What it writes until it ends, well or not.</summary>
    public static string Read(Process run)
    {
        using var late = new Timer(static run => ((Process)run!).Kill(), run, Patience, Timeout.InfiniteTimeSpan);
        using var output = new StreamReader(run.StandardOutput.BaseStream, Utf8);
        string text = output.ReadToEnd();
        run.WaitForExit();
        return text;
    }

    /// <summary>Ends a server. Asked politely, it takes its lock and socket along.</summary>
    public static void End(Process server)
    {
        if (!server.HasExited)
        {
            _ = Signal(server.Id, 15);
            if (!server.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                server.Kill();
                server.WaitForExit();
            }
        }

        server.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
