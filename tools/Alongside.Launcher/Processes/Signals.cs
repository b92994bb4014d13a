using System.Runtime.InteropServices;

namespace Alongside.Launcher.Processes;

public static partial class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; a process that is gone, or not ours, is left alone.</summary>
    public static void Send(int process, int signal) => _ = SystemKill(process, signal);

    /// <summary>Sends a signal to a program and all it has started that did not leave its group.</summary>
    public static void SendToGroup(int leader, int signal) => _ = SystemKill(-leader, signal);

    /// <summary>
    /// A shell that is not interactive starts what it puts in the background with Ctrl-C ignored, and .NET respects that. Here Ctrl-C ends everything, however
    /// it was started. To be called before anything listens to signals.
    /// </summary>
    public static void HearInterrupt() => _ = SystemSignal(Interrupt, 0);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SystemSignal(int signal, nint handler);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SystemKill(int process, int signal);
}
