using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>Only the table between keysyms and Unicode, which Xlib keeps to itself.</summary>
internal static partial class LibXkbcommon
{
    private const string Name = "libxkbcommon.so.0";

    [LibraryImport(Name, EntryPoint = "xkb_keysym_to_utf32")]
    public static partial uint KeysymToUtf32(uint keysym);

    [LibraryImport(Name, EntryPoint = "xkb_utf32_to_keysym")]
    public static partial uint Utf32ToKeysym(uint codepoint);
}
