using System.Runtime.InteropServices;

namespace Alongside.Bench;

/// <summary>Processor time of the calling thread, which other programs on the machine do not lengthen.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3;

    public static double Milliseconds
    {
        get
        {
            Marshal.ThrowExceptionForHR(GetTime(ThreadCpuTime, out var time));
            return (time.Seconds * 1000.0) + (time.Nanoseconds / 1e6);
        }
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Timespec time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
