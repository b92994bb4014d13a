using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>
/// Presses keys so that what the viewer meant is what arrives, whatever the two layouts:
/// - a character is typed by its meaning: the key that has it, with exactly the modifiers its level needs, restored afterwards;
///   from another layout group if only that has it; from a spare key if none has it;
/// - with Ctrl, Alt or Super held, a Latin letter or sign is still what arrives (Ctrl+Z undoes whichever key that is here); digits,
///   and letters of other scripts that no layout here has, go by the key's place, which is how programs know those shortcuts;
/// - keys that only choose a level (AltGr, locks, dead keys) are not pressed: the character already says what they chose.
/// Lives on the injector's thread. The server's own repeating is switched off for a held key: the viewer repeats.
/// </summary>
/// <param name="display">The injector's connection.</param>
/// <param name="traces">What is to be undone, also by who comes after.</param>
/// <param name="hear">Handles what the server has told meanwhile: the map may have changed.</param>
internal sealed class Keyboard(XDisplay display, Traces traces, Action hear)
{
    private const int CommandModifiers = 4 | 8 | 64;
    private const int EvdevOffset = 8;

    /// <summary>What the viewer holds down: by the key's place if they told it, else by meaning.</summary>
    private readonly Dictionary<ulong, int> held = [];
    private readonly byte[] repeating = new byte[32];
    private bool knowsRepeating, hasReadMap;
    private Keymap? map;

    /// <summary>The server's map changed: by the person, by us, or by a keyboard plugged in.</summary>
    public void MapChanged() => map = null;

    /// <summary>Presses a key and holds it.</summary>
    /// <returns>0 when done, or milliseconds after which to call again.</returns>
    public int Down(uint keysym, ushort usage)
    {
        if (Keysyms.IsLevelChooser(keysym) || (keysym == 0 && usage is Usages.CapsLock or Usages.NumLock))
        {
            return 0;
        }

        ulong id = Identity(keysym, usage);
        if (Keysyms.IsModifier(keysym))
        {
            if (!held.ContainsKey(id) && Ready() && ModifierKey(keysym, usage) is > 0 and var modifier && !IsHeld(modifier))
            {
                held[id] = modifier;
                Fake(modifier, true);
            }

            return 0;
        }

        Up(keysym, usage);
        int wait = Press(Keysyms.Canonical(keysym), usage, out int pressed);
        if (pressed != 0)
        {
            held[id] = pressed;
        }

        return wait;
    }

    public void Up(uint keysym, ushort usage)
    {
        if (held.Remove(Identity(keysym, usage), out int keycode))
        {
            Fake(keycode, false);
            Repeat(keycode, on: true);
        }
    }

    /// <summary>Types one character: down and up.</summary>
    /// <returns>0 when done, or milliseconds after which to call again.</returns>
    public int Type(uint character)
    {
        uint keysym = Keysyms.FromCharacter(character);
        if (keysym == 0)
        {
            return 0;
        }

        int wait = Press(keysym, 0, out int pressed);
        if (pressed != 0)
        {
            Fake(pressed, false);
            Repeat(pressed, on: true);
        }

        return wait;
    }

    /// <summary>When nobody waits for a key: asks what the next press would have to ask first. A map that changes later may change again before it is needed.</summary>
    public void LookAhead()
    {
        if (!hasReadMap)
        {
            _ = Ready();
        }

        if (!knowsRepeating)
        {
            ReadRepeating();
        }
    }

    public void ReleaseAll()
    {
        foreach (int keycode in held.Values)
        {
            Fake(keycode, false);
        }

        held.Clear();
        foreach (int keycode in traces.RepeatOff.ToArray())
        {
            Repeat(keycode, on: true);
        }
    }

    /// <summary>Leaves the keyboard as it was found.</summary>
    public void Leave()
    {
        ReleaseAll();
        traces.Spares.Clear(display);
    }

    private static ulong Identity(uint keysym, ushort usage) => usage != 0 ? usage : 0x1_0000_0000UL | keysym;

    private static uint Twin(uint keysym) => keysym switch
    {
        Keysyms.ShiftRight => Keysyms.ShiftLeft,
        Keysyms.ControlRight => Keysyms.ControlLeft,
        Keysyms.AltRight => Keysyms.AltLeft,
        _ => Keysyms.SuperLeft,
    };

    private bool IsHeld(int keycode) => held.ContainsValue(keycode);

    private void Fake(int keycode, bool down)
    {
        if (down)
        {
            traces.Keys.Pressed(keycode);
        }
        else
        {
            traces.Keys.Released(keycode);
        }

        _ = LibXtst.XTestFakeKeyEvent(display, (uint)keycode, down ? 1 : 0, 0);
    }

    private void Answered()
    {
        if (!display.IsDead)
        {
            traces.Confirm();
        }
    }

    private bool Ready()
    {
        if (map is null)
        {
            map = Keymap.TryRead(display);
            hasReadMap = true;
            if (map is not null)
            {
                traces.Spares.Review(map);
            }
        }

        return map is not null;
    }

    /// <summary>The key that is this modifier here; a right one that the layout uses otherwise (AltGr) is its left twin.</summary>
    private int ModifierKey(uint keysym, ushort usage)
    {
        foreach (uint name in (ReadOnlySpan<uint>)[keysym, Twin(keysym)])
        {
            foreach (var place in map!.Find(name))
            {
                if (place.Level == 0)
                {
                    return place.Keycode;
                }
            }
        }

        return PlaceOf(usage);
    }

    private static int PlaceOf(ushort usage) => Usages.ToEvdev(usage) is > 0 and var code ? code + EvdevOffset : 0;

    private int HeldModifiers()
    {
        int bits = 0;
        foreach (int keycode in held.Values)
        {
            bits |= map!.ModifiersOf(keycode);
        }

        return bits;
    }

    private int Press(uint canonical, ushort usage, out int pressed)
    {
        pressed = 0;
        int place = PlaceOf(usage);
        if (LibX11.XkbGetState(display, LibX11.UseCoreKeyboard, out var state) != 0)
        {
            return 0;
        }

        Answered();
        hear();
        if (!Ready())
        {
            return 0;
        }

        bool types = Keysyms.Character(canonical) != 0;
        if (canonical == 0)
        {
            pressed = PressPlain(place);
        }
        else if (types && (HeldModifiers() & CommandModifiers) != 0 && TryCommand(canonical, usage, place, state.Group, out int command))
        {
            pressed = PressPlain(command);
        }
        else if (!TryPress(canonical, place, state.Group, state, out pressed) && !TryOtherGroups(canonical, state, out pressed))
        {
            if (types || place == 0)
            {
                return PressSpare(canonical, state, out pressed);
            }

            pressed = PressPlain(place);
        }

        return 0;
    }

    /// <summary>Switches the layout for the moment of the press.</summary>
    private bool TryOtherGroups(uint canonical, LibX11.XkbState state, out int pressed)
    {
        pressed = 0;
        foreach (var other in map!.Find(canonical))
        {
            if (other.Group != state.Group && !IsHeld(other.Keycode))
            {
                _ = LibX11.XkbLockGroup(display, LibX11.UseCoreKeyboard, other.Group);
                bool done = TryPress(canonical, other.Keycode, other.Group, state, out pressed);
                _ = LibX11.XkbLockGroup(display, LibX11.UseCoreKeyboard, state.LockedGroup);
                if (done)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private int PressSpare(uint canonical, LibX11.XkbState state, out int pressed)
    {
        pressed = 0;
        int wait = traces.Spares.Lend(display, canonical, Environment.TickCount64, IsHeld);
        if (wait == 0)
        {
            MapChanged();
            if (Ready() && !TryPress(canonical, 0, state.Group, state, out pressed) && map!.TryFind(canonical, state.Group, 0, out var place))
            {
                // The person in front holds Shift: better the other case than nothing.
                pressed = PressPlain(place.Keycode);
            }
        }

        return Math.Max(0, wait);
    }

    /// <summary>Which key a shortcut means. False when it is to be typed like any character, with the modifiers that are held.</summary>
    private bool TryCommand(uint canonical, ushort usage, int place, int group, out int keycode)
    {
        keycode = place;
        if (usage is >= Usages.Digit1 and <= Usages.Digit0 && canonical is >= '0' and <= '9')
        {
            return true;
        }

        if (map!.TryFind(Keysyms.Lower(canonical), group, place, out var here))
        {
            keycode = here.Keycode;
            return here.Level == 0;
        }

        return canonical > 0x7e && map.Find(canonical).Count == 0 && place != 0;
    }

    private int PressPlain(int keycode)
    {
        if (keycode == 0 || IsHeld(keycode))
        {
            return 0;
        }

        Repeat(keycode, on: false);
        Fake(keycode, true);
        knowsRepeating = false;
        traces.Spares.Touch(keycode, Environment.TickCount64);
        return keycode;
    }

    /// <summary>Presses the key that gives this in this group, making its modifiers right for the moment of the press.</summary>
    private bool TryPress(uint canonical, int wished, int group, LibX11.XkbState state, out int pressed)
    {
        pressed = 0;
        if (!map!.TryFind(canonical, group, wished, out var place) || IsHeld(place.Keycode)
            || !Levels.TryChoose(map, place, state.Modifiers, HeldModifiers(), state.Locked & ~state.Base, out int press, out int release))
        {
            return false;
        }

        int unlock = release & state.Locked & ~state.Base, lift = release & ~unlock;
        if (unlock != 0)
        {
            _ = LibX11.XkbLockModifiers(display, LibX11.UseCoreKeyboard, (uint)unlock, 0);
        }

        FakeHeld(lift, false);
        FakeMissing(press, true);
        pressed = PressPlain(place.Keycode);
        FakeMissing(press, false);
        FakeHeld(lift, true);
        if (unlock != 0)
        {
            _ = LibX11.XkbLockModifiers(display, LibX11.UseCoreKeyboard, (uint)unlock, (uint)unlock);
        }

        return true;
    }

    private void FakeHeld(int bits, bool down)
    {
        foreach (int keycode in held.Values)
        {
            if ((map!.ModifiersOf(keycode) & bits) != 0)
            {
                Fake(keycode, down);
            }
        }
    }

    private void FakeMissing(int bits, bool down)
    {
        for (int bit = 1; bit <= 128; bit <<= 1)
        {
            if ((bits & bit) != 0)
            {
                Fake(map!.KeyFor(bit), down);
            }
        }
    }

    private void Repeat(int keycode, bool on)
    {
        if (on ? traces.RepeatOff.Remove(keycode) : Repeats(keycode) && traces.RepeatOff.Add(keycode))
        {
            var control = new LibX11.XKeyboardControl { Key = keycode, AutoRepeatMode = on ? 1 : 0 };
            _ = LibX11.XChangeKeyboardControl(display, LibX11.XKeyboardControl.KeyAndRepeatMode, ref control);
        }
    }

    private bool Repeats(int keycode)
    {
        LookAhead();
        return (repeating[keycode >> 3] & (1 << (keycode & 7))) != 0;
    }

    private unsafe void ReadRepeating()
    {
        _ = LibX11.XGetKeyboardControl(display, out var state);
        Answered();
        new ReadOnlySpan<byte>(state.AutoRepeats, repeating.Length).CopyTo(repeating);
        foreach (int keycode in traces.RepeatOff)
        {
            // Only as long as it is held.
            repeating[keycode >> 3] |= (byte)(1 << (keycode & 7));
        }

        knowsRepeating = true;
    }
}
