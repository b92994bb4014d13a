using System.Runtime.InteropServices;

namespace Alongside.Bench.Sctp;

/// <summary>What native libraries hold of this process: glibc's own count, which neither the collector nor a page that was not given back blurs.</summary>
internal static partial class NativeMemory
{
    public static long InUse
    {
        get
        {
            var info = Ask();
            return (long)(info.InBlocks + info.Mapped);
        }
    }

    /// <summary>Bytes of this process that lie in memory, after what nobody needs was given back.</summary>
    public static long Resident()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        Trim(0);
        return ResidentMemory.BytesOf(Environment.ProcessId);
    }

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial Information Ask();

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint keep);

    /// <summary>struct mallinfo2, of which two of ten are of use: hblkhd and uordblks.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    private readonly struct Information
    {
        [FieldOffset(32)]
        public readonly nuint Mapped;

        [FieldOffset(56)]
        public readonly nuint InBlocks;
    }
}
