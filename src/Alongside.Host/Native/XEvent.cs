using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>
/// Xlib's event union on 64-bit systems (Xlib.h and the headers of the extensions). One name a field that is read or
/// written here; fields of different events share their place.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 192)]
internal struct XEvent
{
    public const int KeyPress = 2;
    public const int KeyRelease = 3;
    public const int ButtonPress = 4;
    public const int ButtonRelease = 5;
    public const int MotionNotify = 6;
    public const int EnterNotify = 7;
    public const int LeaveNotify = 8;
    public const int FocusIn = 9;
    public const int FocusOut = 10;
    public const int Expose = 12;
    public const int VisibilityNotify = 15;
    public const int CreateNotify = 16;
    public const int DestroyNotify = 17;
    public const int ReparentNotify = 21;
    public const int ConfigureNotify = 22;
    public const int PropertyNotify = 28;
    public const int SelectionClear = 29;
    public const int SelectionRequest = 30;
    public const int SelectionNotify = 31;
    public const int ClientMessage = 33;
    public const int MappingNotify = 34;
    public const int GenericEvent = 35;

    [FieldOffset(0)] public int Type;
    [FieldOffset(16)] public int SendEvent;
    [FieldOffset(24)] public nint Display;
    [FieldOffset(32)] public nuint Window;

    // Key, button, motion
    [FieldOffset(56)] public nuint Time;
    [FieldOffset(64)] public int X;
    [FieldOffset(68)] public int Y;
    [FieldOffset(72)] public int RootX;
    [FieldOffset(76)] public int RootY;
    [FieldOffset(80)] public uint State;
    [FieldOffset(84)] public uint Detail;

    // Expose: how many more of them follow
    [FieldOffset(56)] public int ExposeCount;

    // Visibility
    [FieldOffset(40)] public int Visibility;

    // Create, configure, reparent, destroy as their parent hears of it: whom it is about
    [FieldOffset(40)] public nuint Subject;

    // Create, configure
    [FieldOffset(48)] public int ConfigureX;
    [FieldOffset(52)] public int ConfigureY;
    [FieldOffset(56)] public int ConfigureWidth;
    [FieldOffset(60)] public int ConfigureHeight;
    [FieldOffset(64)] public int ConfigureBorder;

    // Property
    [FieldOffset(40)] public nuint PropertyAtom;
    [FieldOffset(48)] public nuint PropertyTime;
    [FieldOffset(56)] public int PropertyState;

    // SelectionClear
    [FieldOffset(40)] public nuint ClearedSelection;

    // SelectionRequest
    [FieldOffset(40)] public nuint RequestRequestor;
    [FieldOffset(48)] public nuint RequestSelection;
    [FieldOffset(56)] public nuint RequestTarget;
    [FieldOffset(64)] public nuint RequestProperty;
    [FieldOffset(72)] public nuint RequestTime;

    // SelectionNotify
    [FieldOffset(40)] public nuint NotifySelection;
    [FieldOffset(48)] public nuint NotifyTarget;
    [FieldOffset(56)] public nuint NotifyProperty;
    [FieldOffset(64)] public nuint NotifyTime;

    // ClientMessage, 32-bit format
    [FieldOffset(40)] public nuint MessageType;
    [FieldOffset(48)] public int MessageFormat;
    [FieldOffset(56)] public nint Message0;
    [FieldOffset(64)] public nint Message1;
    [FieldOffset(72)] public nint Message2;
    [FieldOffset(80)] public nint Message3;
    [FieldOffset(88)] public nint Message4;

    // Mapping: 0 modifiers, 1 keyboard, 2 pointer
    [FieldOffset(40)] public int MappingRequest;

    // Generic events (XInput 2)
    [FieldOffset(32)] public int Extension;
    [FieldOffset(36)] public int GenericType;
    [FieldOffset(48)] public nint GenericData;

    // DamageNotify
    [FieldOffset(64)] public short DamageX;
    [FieldOffset(66)] public short DamageY;
    [FieldOffset(68)] public ushort DamageWidth;
    [FieldOffset(70)] public ushort DamageHeight;

    // XFixesSelectionNotify
    [FieldOffset(48)] public nuint FixesOwner;
    [FieldOffset(56)] public nuint FixesSelection;
    [FieldOffset(64)] public nuint FixesTime;

    // XkbAnyEvent: which of its kinds
    [FieldOffset(40)] public int XkbType;
}
