using Alongside.Host.Native;

namespace Alongside.Host.Inject;

/// <summary>X keysyms, and one name for each character: many have two (Cyrillic_zhe and U0436).</summary>
internal static class Keysyms
{
    public const uint BackSpace = 0xff08;
    public const uint Tab = 0xff09;
    public const uint Return = 0xff0d;
    public const uint Break = 0xff6b;
    public const uint Pause = 0xff13;
    public const uint NumLock = 0xff7f;
    public const uint ModeSwitch = 0xff7e;
    public const uint ShiftLeft = 0xffe1;
    public const uint ShiftRight = 0xffe2;
    public const uint ControlLeft = 0xffe3;
    public const uint ControlRight = 0xffe4;
    public const uint CapsLock = 0xffe5;
    public const uint ShiftLock = 0xffe6;
    public const uint MetaLeft = 0xffe7;
    public const uint MetaRight = 0xffe8;
    public const uint AltLeft = 0xffe9;
    public const uint AltRight = 0xffea;
    public const uint SuperLeft = 0xffeb;
    public const uint SuperRight = 0xffec;
    public const uint HyperLeft = 0xffed;
    public const uint HyperRight = 0xffee;
    public const uint Level3Shift = 0xfe03;
    public const uint Level5Shift = 0xfe11;

    private const uint UnicodeBase = 0x01000000;
    private static readonly bool HasTable = FindTable();

    /// <summary>The keysym that stands for this one everywhere here: for a character Latin-1 or 0x01000000 + its number, else itself.</summary>
    public static uint Canonical(uint keysym)
    {
        uint character = Character(keysym);
        return character switch
        {
            0 => keysym,
            <= 0xff => character,
            _ => UnicodeBase | character,
        };
    }

    /// <summary>The Unicode character a key with this keysym types; 0 for keys that don't, the keypad's among them.</summary>
    public static uint Character(uint keysym)
    {
        if (keysym is (>= 0x20 and <= 0x7e) or (>= 0xa0 and <= 0xff))
        {
            return keysym;
        }

        if (keysym is >= UnicodeBase + 0xa0 and <= UnicodeBase + 0x10ffff)
        {
            return keysym - UnicodeBase is >= 0xd800 and <= 0xdfff ? 0 : keysym - UnicodeBase;
        }

        // From 0xfd00 on: terminals, modifiers, function keys.
        return HasTable && keysym is > 0xff and < 0xfd00 or (>= 0x1000000 and < 0x10000a0) ? Printable(LibXkbcommon.KeysymToUtf32(keysym)) : 0;
    }

    /// <summary>The keysym old programs know best for a character.</summary>
    public static uint Preferred(uint canonical)
    {
        uint character = Character(canonical);
        uint keysym = character > 0xff && HasTable ? LibXkbcommon.Utf32ToKeysym(character) : 0;
        return keysym == 0 ? canonical : keysym;
    }

    public static uint FromCharacter(uint character) => character switch
    {
        '\n' or '\r' => Return,
        '\t' => Tab,
        '\b' => BackSpace,
        < 0x20 or (>= 0x7f and < 0xa0) => 0,
        <= 0xff => character,
        _ => UnicodeBase | character,
    };

    public static uint Lower(uint keysym)
    {
        LibX11.XConvertCase(keysym, out nuint lower, out _);
        return Canonical((uint)lower);
    }

    public static bool IsModifier(uint keysym) => keysym is >= ShiftLeft and <= HyperRight and not (CapsLock or ShiftLock);

    /// <summary>
    /// Keys that only choose which character another key gives: AltGr, locks, layout switches, dead keys. They are not injected:
    /// the character itself says what was chosen, and two locks that disagree would only fight.
    /// </summary>
    public static bool IsLevelChooser(uint keysym) =>
        keysym is (>= 0xfe01 and <= 0xfe13) or (>= 0xfe50 and <= 0xfe93) or ModeSwitch or NumLock or CapsLock or ShiftLock;

    private static uint Printable(uint character) => character is >= 0x20 and not (>= 0x7f and < 0xa0) ? character : 0;

    private static bool FindTable()
    {
        try
        {
            return LibXkbcommon.KeysymToUtf32(0x6d6) == 0x436;
        }
        catch (DllNotFoundException)
        {
            // Characters of keys with old names are then not found on the layout and take a spare key: slower, still right.
            return false;
        }
    }
}
