using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>Xlib's keyboard: the XKB description (XKBstr.h), its state, and what changes it.</summary>
internal static unsafe partial class LibX11
{
    public const uint UseCoreKeyboard = 0x100;

    /// <summary>Key types, symbols and modifier map: all that is needed to know which press gives which character.</summary>
    public const uint XkbTypesSymbolsModifiers = 1 | 2 | 4;

    public const int XkbNewKeyboardNotify = 0;
    public const int XkbMapNotify = 1;
    public const uint XkbAllMapComponents = 0xff;

    [StructLayout(LayoutKind.Explicit, Size = 18)]
    public struct XkbState
    {
        [FieldOffset(0)] public byte Group;
        [FieldOffset(1)] public byte LockedGroup;
        [FieldOffset(6)] public byte Modifiers;
        [FieldOffset(7)] public byte Base;
        [FieldOffset(8)] public byte Latched;
        [FieldOffset(9)] public byte Locked;
    }

    [StructLayout(LayoutKind.Explicit)]
    public struct XkbDesc
    {
        [FieldOffset(12)] public byte MinKeycode;
        [FieldOffset(13)] public byte MaxKeycode;
        [FieldOffset(32)] public XkbClientMap* Map;
    }

    [StructLayout(LayoutKind.Explicit)]
    public struct XkbClientMap
    {
        [FieldOffset(1)] public byte TypeCount;
        [FieldOffset(8)] public XkbKeyType* Types;
        [FieldOffset(18)] public ushort SymbolCount;
        [FieldOffset(24)] public nuint* Symbols;
        [FieldOffset(32)] public XkbSymbolMap* Keys;
        [FieldOffset(40)] public byte* Modifiers;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct XkbSymbolMap
    {
        public fixed byte Types[4];
        public byte GroupInfo;
        public byte Width;
        public ushort Offset;
    }

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    public struct XkbKeyType
    {
        [FieldOffset(0)] public byte Mask;
        [FieldOffset(4)] public byte LevelCount;
        [FieldOffset(5)] public byte EntryCount;
        [FieldOffset(8)] public XkbTypeEntry* Entries;
    }

    [StructLayout(LayoutKind.Explicit, Size = 12)]
    public struct XkbTypeEntry
    {
        [FieldOffset(0)] public int Active;
        [FieldOffset(4)] public byte Level;
        [FieldOffset(6)] public byte Mask;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct XKeyboardControl
    {
        public const nuint KeyAndRepeatMode = (1 << 6) | (1 << 7);

        public int ClickPercent;
        public int BellPercent;
        public int BellPitch;
        public int BellDuration;
        public int Led;
        public int LedMode;
        public int Key;
        public int AutoRepeatMode;
    }

    [StructLayout(LayoutKind.Explicit, Size = 64)]
    public struct XKeyboardState
    {
        [FieldOffset(24)] public int GlobalAutoRepeat;
        [FieldOffset(28)] public fixed byte AutoRepeats[32];
    }

    [LibraryImport(Name)]
    public static partial int XkbQueryExtension(XDisplay display, out int opcode, out int firstEvent, out int firstError, ref int major, ref int minor);

    [LibraryImport(Name)]
    public static partial int XkbSelectEvents(XDisplay display, uint device, nuint bits, nuint values);

    [LibraryImport(Name)]
    public static partial int XkbSelectEventDetails(XDisplay display, uint device, uint eventType, nuint bits, nuint values);

    [LibraryImport(Name)]
    public static partial XkbDesc* XkbGetMap(XDisplay display, uint which, uint device);

    [LibraryImport(Name)]
    public static partial void XkbFreeKeyboard(XkbDesc* description, uint which, int freeAll);

    [LibraryImport(Name)]
    public static partial int XkbGetState(XDisplay display, uint device, out XkbState state);

    [LibraryImport(Name)]
    public static partial int XkbLockModifiers(XDisplay display, uint device, uint affect, uint values);

    [LibraryImport(Name)]
    public static partial int XkbLockGroup(XDisplay display, uint device, uint group);

    [LibraryImport(Name)]
    public static partial nuint XkbKeycodeToKeysym(XDisplay display, byte keycode, int group, int level);

    [LibraryImport(Name)]
    public static partial byte XKeysymToKeycode(XDisplay display, nuint keysym);

    [LibraryImport(Name)]
    public static partial int XRefreshKeyboardMapping(ref XEvent mapping);

    [LibraryImport(Name)]
    public static partial int XChangeKeyboardMapping(XDisplay display, int first, int symbolsPerKey, nuint* symbols, int keys);

    [LibraryImport(Name)]
    public static partial void XConvertCase(nuint keysym, out nuint lower, out nuint upper);

    [LibraryImport(Name)]
    public static partial int XChangeKeyboardControl(XDisplay display, nuint mask, ref XKeyboardControl values);

    [LibraryImport(Name)]
    public static partial int XGetKeyboardControl(XDisplay display, out XKeyboardState state);

    [LibraryImport(Name)]
    public static partial int XGetPointerMapping(XDisplay display, byte* map, int length);
}
