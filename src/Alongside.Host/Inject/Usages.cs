namespace Alongside.Host.Inject;

/// <summary>USB HID keyboard usages (HID Usage Tables 1.5, page 7) as evdev key codes (input-event-codes.h).</summary>
internal static class Usages
{
    public const ushort CapsLock = 0x39;
    public const ushort NumLock = 0x53;
    public const ushort Digit1 = 0x1e;
    public const ushort Digit0 = 0x27;

    private static ReadOnlySpan<byte> Table =>
    [
        // 00: errors, then a to z
        0, 0, 0, 0, 30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38,
        50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45, 21, 44, 2, 3,
        // 20: digits, Enter, Escape, Backspace, Tab, Space, punctuation
        4, 5, 6, 7, 8, 9, 10, 11, 28, 1, 14, 15, 57, 12, 13, 26,
        27, 43, 43, 39, 40, 41, 51, 52, 53, 58, 59, 60, 61, 62, 63, 64,
        // 40: F7 to F12, Print, Scroll Lock, Pause, the six keys above the arrows, arrows
        65, 66, 67, 68, 87, 88, 99, 70, 119, 110, 102, 104, 111, 107, 109, 106,
        105, 108, 103, 69, 98, 55, 74, 78, 96, 79, 80, 81, 75, 76, 77, 71,
        // 60: keypad, the key beside left Shift, Menu, Power, keypad =, F13 and on
        72, 73, 82, 83, 86, 127, 116, 117, 183, 184, 185, 186, 187, 188, 189, 190,
        191, 192, 193, 194, 134, 138, 130, 132, 128, 129, 131, 137, 133, 135, 136, 113,
        // 80: volume, keypad comma, the Japanese and Korean keys
        115, 114, 0, 0, 0, 121, 0, 89, 93, 124, 92, 94, 95, 0, 0, 0,
        122, 123, 90, 91, 85,
    ];

    private static ReadOnlySpan<byte> Modifiers => [29, 42, 56, 125, 97, 54, 100, 126];

    /// <summary>0 when there is none.</summary>
    public static int ToEvdev(ushort usage) => usage switch
    {
        >= 0xe0 and <= 0xe7 => Modifiers[usage - 0xe0],
        _ when usage < Table.Length => Table[usage],
        _ => 0,
    };
}
