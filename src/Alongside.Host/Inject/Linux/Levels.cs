using System.Numerics;

namespace Alongside.Host.Inject.Linux;

/// <summary>Which modifiers must go down or up so that a key gives the level that is wanted.</summary>
internal static class Levels
{
    private const int Shift = 1;
    private const int Lock = 2;

    /// <summary>The smallest change does it. Locks (Caps, Num) are undone only if nothing else helps; keys of the person's own never.</summary>
    /// <param name="map">The server's map.</param>
    /// <param name="place">The key and its level.</param>
    /// <param name="state">Modifiers in effect now.</param>
    /// <param name="ours">Modifiers that are down because we pressed them.</param>
    /// <param name="locked">Modifiers in effect only because they are locked.</param>
    /// <param name="press">Modifiers to press.</param>
    /// <param name="release">Modifiers to take away.</param>
    public static bool TryChoose(Keymap map, KeyPlace place, int state, int ours, int locked, out int press, out int release)
    {
        int mask = map.MaskOf(place), current = state & mask, best = int.MaxValue;
        press = release = 0;

        // Steps through every subset of the mask (Hacker's Delight, 2-1).
        int wanted = 0;
        do
        {
            int on = wanted & ~current, off = current & ~wanted;
            if (map.LevelOf(place, wanted) == place.Level && (off & ~(ours | locked)) == 0 && CanPress(map, on))
            {
                int cost = BitOperations.PopCount((uint)(on | off)) + (10 * BitOperations.PopCount((uint)(off & locked))) + ((on & ~Shift) != 0 ? 1 : 0);
                if (cost < best)
                {
                    (best, press, release) = (cost, on, off);
                }
            }

            wanted = (wanted - mask) & mask;
        }
        while (wanted != 0);
        return best != int.MaxValue;
    }

    private static bool CanPress(Keymap map, int bits)
    {
        // Pressing Caps Lock would lock it.
        if ((bits & Lock) != 0)
        {
            return false;
        }

        for (int bit = 1; bit <= 128; bit <<= 1)
        {
            if ((bits & bit) != 0 && map.KeyFor(bit) == 0)
            {
                return false;
            }
        }

        return true;
    }
}
