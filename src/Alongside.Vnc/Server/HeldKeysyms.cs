using System.Text;
using Alongside.Core.Input;

namespace Alongside.Vnc.Server;

/// <summary>
/// Which keys a viewer holds that it names by keysym alone. Viewers of the oldest kind release a key by what it would mean now: Shift and T go down, Shift goes
/// up, and then t. What went down must go up, so such a release is the other case's, or else that of the key which went down last.
/// </summary>
internal sealed class HeldKeysyms
{
    private const uint ShiftL = 0xffe1, MetaL = 0xffe7, MetaR = 0xffe8, AltL = 0xffe9, AltR = 0xffea, HyperR = 0xffee;
    private const uint ModeSwitch = 0xff7e, NumLock = 0xff7f;
    private const uint LevelsFirst = 0xfe01, LevelsLast = 0xfe13;

    /// <summary>Of characters beyond Latin-1, whose keysyms are their numbers.</summary>
    private const uint Unicode = 0x0100_0000;

    /// <summary>In the order in which they went down.</summary>
    private readonly List<uint> held = [];

    /// <summary>It goes down. True: it was down in its other case, which goes up before, since one key cannot be both.</summary>
    public bool Press(uint keysym, out uint other)
    {
        other = 0;
        if (keysym == 0 || held.Contains(keysym))
        {
            return false;
        }

        bool wasOther = !IsModifier(keysym) && held.Remove(other = Twin(keysym));
        if (held.Count < HeldInput.MaxKeys)
        {
            held.Add(keysym);
        }

        return wasOther;
    }

    /// <summary>It goes up; what goes up by that.</summary>
    public uint Release(uint keysym)
    {
        int at = held.IndexOf(keysym);
        at = at < 0 ? held.IndexOf(Twin(keysym)) : at;
        if (at < 0 && !IsModifier(keysym))
        {
            // What a key means with Shift is the layout's matter, which is not known here.
            at = held.FindLastIndex(key => !IsModifier(key));
        }

        if (at < 0)
        {
            return keysym;
        }

        uint ended = held[at];
        held.RemoveAt(at);
        return ended;
    }

    private static bool IsModifier(uint keysym) => keysym is (>= ShiftL and <= HyperR) or ModeSwitch or NumLock or (>= LevelsFirst and <= LevelsLast);

    /// <summary>What the same key means with Shift, or without, on every layout; 0: not known.</summary>
    private static uint Twin(uint keysym)
    {
        switch (keysym)
        {
            case AltL:
                return MetaL;
            case MetaL:
                return AltL;
            case AltR:
                return MetaR;
            case MetaR:
                return AltR;
        }

        uint kind = keysym > Unicode ? Unicode : 0, character = keysym - kind;
        if ((kind == 0 && character > 0xff) || !Rune.TryCreate(character, out var rune))
        {
            return 0;
        }

        var upper = Rune.ToUpperInvariant(rune);
        uint twin = (uint)(upper == rune ? Rune.ToLowerInvariant(rune) : upper).Value;
        return twin == character ? 0 : twin > 0xff ? Unicode + twin : kind + twin;
    }
}
