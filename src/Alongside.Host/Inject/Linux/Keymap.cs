using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>Where a keysym is: which key, in which of its groups (layouts), at which level (plain, Shift, AltGr, ...).</summary>
internal readonly record struct KeyPlace(byte Keycode, byte Group, byte Level);

/// <summary>
/// A copy of the server's XKB map: what each key gives under which modifiers. Replaced when the server says it changed.
/// </summary>
internal sealed class Keymap
{
    private readonly Dictionary<uint, List<KeyPlace>> places = [];
    private readonly KeyType[] types;
    private readonly Key[] keys = new Key[256];
    private readonly byte[] modifiers = new byte[256];

    private unsafe Keymap(LibX11.XkbDesc* description)
    {
        var map = description->Map;
        types = new KeyType[map->TypeCount];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = ReadType(map->Types[i]);
        }

        Min = description->MinKeycode;
        Max = description->MaxKeycode;
        for (int code = Min; code <= Max; code++)
        {
            modifiers[code] = map->Modifiers[code];
            ReadKey(map, code);
        }
    }

    public int Min { get; }

    public int Max { get; }

    public static unsafe Keymap? TryRead(XDisplay display)
    {
        var description = LibX11.XkbGetMap(display, LibX11.XkbTypesSymbolsModifiers, LibX11.UseCoreKeyboard);
        if (description is null)
        {
            return null;
        }

        try
        {
            return description->Map is null ? null : new Keymap(description);
        }
        finally
        {
            LibX11.XkbFreeKeyboard(description, 0, 1);
        }
    }

    /// <summary>All places of a canonical keysym, plain levels first.</summary>
    public IReadOnlyList<KeyPlace> Find(uint canonical) => places.TryGetValue(canonical, out var found) ? found : [];

    /// <summary>The place that this group of the layout reaches, at the plainest level; the wished key if several are as plain.</summary>
    public bool TryFind(uint canonical, int group, int wished, out KeyPlace place)
    {
        place = default;
        foreach (var found in Find(canonical))
        {
            if (GroupOf(found.Keycode, group) == found.Group && (place.Keycode == 0 || (found.Keycode == wished && found.Level == place.Level)))
            {
                place = found;
            }
        }

        return place.Keycode != 0;
    }

    /// <summary>Which real modifiers (bit 0 Shift, 1 Lock, 2 Control, 3 to 7 Mod1 to Mod5) this key holds down.</summary>
    public byte ModifiersOf(int keycode) => modifiers[keycode];

    /// <summary>Which modifiers choose the level of this key; the others are left to the program.</summary>
    public byte MaskOf(KeyPlace place) => types[keys[place.Keycode].Types[place.Group]].Mask;

    public int LevelOf(KeyPlace place, int state)
    {
        ref readonly var type = ref types[keys[place.Keycode].Types[place.Group]];
        foreach (var (mask, level) in type.Entries)
        {
            if (mask == (state & type.Mask))
            {
                return level;
            }
        }

        return 0;
    }

    public bool IsEmpty(int keycode) => keys[keycode].Symbols == 0 && modifiers[keycode] == 0;

    /// <summary>A key that holds this modifier down: the one made for it if there is one; 0 if none does.</summary>
    public int KeyFor(int modifierBit)
    {
        foreach (uint keysym in (ReadOnlySpan<uint>)[Keysyms.ShiftLeft, Keysyms.Level3Shift, Keysyms.Level5Shift, Keysyms.ModeSwitch])
        {
            foreach (var place in Find(keysym))
            {
                if (place.Level == 0 && (modifiers[place.Keycode] & modifierBit) != 0)
                {
                    return place.Keycode;
                }
            }
        }

        return Math.Max(0, Array.FindIndex(modifiers, held => (held & modifierBit) != 0));
    }

    private static unsafe KeyType ReadType(LibX11.XkbKeyType type)
    {
        var entries = new List<(byte, byte)>();
        for (int i = 0; i < type.EntryCount; i++)
        {
            if (type.Entries[i].Active != 0)
            {
                entries.Add((type.Entries[i].Mask, type.Entries[i].Level));
            }
        }

        return new(type.Mask, type.LevelCount, [.. entries]);
    }

    private unsafe void ReadKey(LibX11.XkbClientMap* map, int code)
    {
        var key = map->Keys[code];
        var kinds = new byte[Math.Min(key.GroupInfo & 15, 4)];
        int symbols = 0;
        for (int group = 0; group < kinds.Length; group++)
        {
            kinds[group] = key.Types[group];
            int levels = kinds[group] < types.Length ? Math.Min(types[kinds[group]].Levels, key.Width) : 0;
            for (int level = 0; level < levels; level++)
            {
                int index = key.Offset + (group * key.Width) + level;
                uint keysym = index < map->SymbolCount ? (uint)map->Symbols[index] : 0;
                if (keysym != 0)
                {
                    symbols++;
                    Add(Keysyms.Canonical(keysym), new((byte)code, (byte)group, (byte)level));
                }
            }
        }

        keys[code] = new(kinds, key.GroupInfo, symbols);
    }

    private void Add(uint canonical, KeyPlace place)
    {
        if (!places.TryGetValue(canonical, out var list))
        {
            places[canonical] = list = [];
        }

        int at = list.FindIndex(other => other.Level > place.Level);
        list.Insert(at < 0 ? list.Count : at, place);
    }

    /// <summary>A key with fewer groups than the layout has answers as its group info says: wrap, clamp or redirect.</summary>
    private int GroupOf(int keycode, int group)
    {
        int count = keys[keycode].Types.Length, info = keys[keycode].GroupInfo;
        if (count == 0 || group < count)
        {
            return group;
        }

        return (info & 0xc0) switch
        {
            0x40 => count - 1,
            0x80 => ((info & 0x30) >> 4) < count ? (info & 0x30) >> 4 : 0,
            _ => group % count,
        };
    }

    private readonly record struct KeyType(byte Mask, byte Levels, (byte Mask, byte Level)[] Entries);

    private readonly record struct Key(byte[] Types, byte GroupInfo, int Symbols);
}
