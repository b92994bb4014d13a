using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>
/// Keys the layout leaves empty, lent to characters it lacks. The one that rests longest is taken. A program learns a new
/// meaning from the server when it sees the change, which is before it sees the press; but it then reads the map as it is at that
/// moment, so a key keeps its meaning for a while after each use, and as long as it is held.
/// </summary>
internal sealed class SpareKeys
{
    /// <summary>How long a program may take to read a key's meaning after it was pressed, in milliseconds.</summary>
    private const int RestMilliseconds = 500;

    private readonly Dictionary<int, Spare> keys = [];

    /// <summary>One of them has a meaning of ours.</summary>
    public bool AnyLent => keys.Values.Any(spare => spare.Keysym != 0);

    /// <summary>Looks at a new map: which keys are empty, and which of ours somebody else gave a meaning.</summary>
    public void Review(Keymap map)
    {
        for (int code = map.Min; code <= map.Max; code++)
        {
            bool known = keys.TryGetValue(code, out var spare);
            if (map.IsEmpty(code))
            {
                keys[code] = known ? spare with { Keysym = 0 } : new(0, long.MinValue / 2);
            }
            else if (known && (spare.Keysym == 0 || !map.Find(Keysyms.Canonical(spare.Keysym)).Any(place => place.Keycode == code)))
            {
                keys.Remove(code);
            }
        }
    }

    public void Touch(int keycode, long milliseconds)
    {
        if (keys.TryGetValue(keycode, out var spare))
        {
            keys[keycode] = spare with { Used = milliseconds };
        }
    }

    /// <summary>Gives a spare key this meaning.</summary>
    /// <returns>0 when done; milliseconds to wait until one has rested; -1 when there are none at all.</returns>
    public unsafe int Lend(XDisplay display, uint canonical, long milliseconds, Func<int, bool> isHeld)
    {
        int best = -1;
        foreach (var (code, spare) in keys)
        {
            if (!isHeld(code) && (best < 0 || spare.Used < keys[best].Used || (spare.Used == keys[best].Used && code > best)))
            {
                best = code;
            }
        }

        if (best < 0)
        {
            return -1;
        }

        long rested = milliseconds - keys[best].Used;
        if (rested < RestMilliseconds)
        {
            return (int)(RestMilliseconds - rested);
        }

        // Letters get both their cases, so that Caps Lock and Shift act on them as on any letter.
        uint keysym = Keysyms.Preferred(canonical);
        LibX11.XConvertCase(keysym, out nuint lower, out nuint upper);
        var symbols = stackalloc nuint[2];
        symbols[0] = lower == upper ? keysym : lower;
        symbols[1] = lower == upper ? 0 : upper;
        keys[best] = new(keysym, milliseconds);
        _ = LibX11.XChangeKeyboardMapping(display, best, 2, symbols, 1);
        _ = LibX11.XSync(display, 0);
        return 0;
    }

    /// <summary>Takes every meaning back.</summary>
    public unsafe void Clear(XDisplay display)
    {
        var nothing = stackalloc nuint[2];
        nothing[0] = nothing[1] = 0;
        foreach (var (code, spare) in keys)
        {
            if (spare.Keysym != 0)
            {
                _ = LibX11.XChangeKeyboardMapping(display, code, 2, nothing, 1);
            }
        }

        keys.Clear();
    }

    private readonly record struct Spare(uint Keysym, long Used);
}
