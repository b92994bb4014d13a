using System.Runtime.InteropServices;

namespace Alongside.Launcher.Processes;

public static partial class Signals
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal; a process that is gone, or not ours, is left alone.</summary>
    public static void Send(int process, int signal) => _ = SystemKill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SystemKill(int process, int signal);
}
