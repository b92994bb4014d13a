using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>Who owns a file, and who this program is.</summary>
internal static unsafe partial class LibC
{
    private const int Here = -100;
    private const int NoFollow = 0x100;
    private const uint TypeModeAndOwner = 0x1 | 0x2 | 0x8;
    private const uint TypeMask = 0xF000;
    private const uint Folder = 0x4000;

    /// <summary>Of the path itself, also where it is a link. False: there is nothing, or it may not be looked at.</summary>
    public static bool TryLookAt(string path, out uint owner, out uint mode)
    {
        FileFacts facts;
        bool found = Statx(Here, path, NoFollow, TypeModeAndOwner, &facts) == 0;
        (owner, mode) = found ? (facts.User, facts.Mode) : default((uint, uint));
        return found;
    }

    public static bool IsFolder(uint mode) => (mode & TypeMask) == Folder;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, FileFacts* facts);

    /// <summary>The beginning of <c>struct statx</c>, which is the same on every processor.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileFacts
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(28)]
        public ushort Mode;
    }
}
