using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>XInput 2: motion wherever it happens, and which device an event came from.</summary>
internal static unsafe partial class LibXi
{
    private const string Name = "libXi.so.6";

    public const int AllDevices = 0;
    public const int AllMasterDevices = 1;
    public const int KeyPress = 2;
    public const int ButtonPress = 4;
    public const int ButtonRelease = 5;
    public const int Motion = 6;
    public const int Leave = 8;
    public const int RawMotion = 17;

    [StructLayout(LayoutKind.Sequential)]
    public struct XIEventMask
    {
        public int Device;
        public int Length;
        public byte* Mask;
    }

    [StructLayout(LayoutKind.Explicit)]
    public struct XIDeviceEvent
    {
        [FieldOffset(16)] public int SendEvent;
        [FieldOffset(36)] public int Type;
        [FieldOffset(52)] public int Source;
        [FieldOffset(56)] public int Detail;
        [FieldOffset(72)] public nuint Window;
        [FieldOffset(88)] public double RootX;
        [FieldOffset(96)] public double RootY;
        [FieldOffset(104)] public double X;
        [FieldOffset(112)] public double Y;
        [FieldOffset(180)] public int Modifiers;
    }

    [StructLayout(LayoutKind.Explicit, Size = 40)]
    public struct XIDeviceInfo
    {
        [FieldOffset(0)] public int Id;
        [FieldOffset(8)] public nint Name;
    }

    [LibraryImport(Name)]
    public static partial int XIQueryVersion(XDisplay display, ref int major, ref int minor);

    [LibraryImport(Name)]
    public static partial int XISelectEvents(XDisplay display, nuint window, XIEventMask* masks, int count);

    [LibraryImport(Name)]
    public static partial XIDeviceInfo* XIQueryDevice(XDisplay display, int device, out int count);

    [LibraryImport(Name)]
    public static partial void XIFreeDeviceInfo(XIDeviceInfo* info);

    /// <summary>Selects these event types on a window; false when the server has no XInput 2.2.</summary>
    public static bool TrySelect(XDisplay display, nuint window, int device, params ReadOnlySpan<int> types)
    {
        int major = 2, minor = 2;
        if (XIQueryVersion(display, ref major, ref minor) != 0)
        {
            return false;
        }

        var bits = stackalloc byte[4];
        foreach (int type in types)
        {
            bits[type >> 3] |= (byte)(1 << (type & 7));
        }

        var mask = new XIEventMask { Device = device, Length = 4, Mask = bits };
        return XISelectEvents(display, window, &mask, 1) == 0;
    }
}
