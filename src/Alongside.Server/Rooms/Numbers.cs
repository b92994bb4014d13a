using System.Globalization;
using System.Security.Cryptography;
using Alongside.Server.Limits;

namespace Alongside.Server.Rooms;

/// <summary>
/// Which numbers are taken: in use by a room, or resting so that an old note is not somebody else's room. Three digits; four and five when
/// over a third of the shorter ones are taken, so that guessing does not become easy and drawing stays quick. Times are since the process began. Guarded by the keeper's lock.
/// </summary>
public sealed class Numbers
{
    private const int Shortest = 3;
    private const int Longest = 5;
    private readonly Dictionary<string, Place> taken = [];
    private readonly Dictionary<Source, int> held = [];
    private readonly int[] count = new int[Longest + 1];

    /// <summary>Numbers in use or resting.</summary>
    public int Taken => taken.Count;

    /// <summary>Draws a number for a room; null when even five digits are nearly used up, or when the source, or a network around it, has as many as it may.</summary>
    /// <param name="room">Where it leads.</param>
    /// <param name="free">When it may be given out again.</param>
    /// <param name="source">Who asks: in use or resting, it is theirs.</param>
    /// <param name="most">How many a source may have.</param>
    public string? Take(Room room, TimeSpan free, Source source, int most)
    {
        if (Array.Exists(source.Around(), around => held.GetValueOrDefault(around.Source) >= (long)most * around.Times))
        {
            return null;
        }

        for (var digits = Shortest; digits <= Longest; digits++)
        {
            var space = (int)Math.Pow(10, digits);
            if (count[digits] * 3L > space)
            {
                continue;
            }

            while (true)
            {
                var number = RandomNumberGenerator.GetInt32(space).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
                if (taken.TryAdd(number, new(room, free, source)))
                {
                    count[digits]++;
                    Hold(source, 1);
                    return number;
                }
            }
        }

        return null;
    }

    public Room? Find(string number) => taken.TryGetValue(number, out var place) ? place.Room : null;

    /// <summary>The number leads nowhere from now on, and is given out again after <paramref name="free"/>.</summary>
    public void Rest(string number, TimeSpan free) => Put(number, null, free);

    /// <summary>Also for what was read from storage, of which nobody knows whose it is.</summary>
    public void Put(string number, Room? room, TimeSpan free)
    {
        if (!taken.TryGetValue(number, out var place))
        {
            count[number.Length]++;
        }

        taken[number] = new(room, free, place.Source);
    }

    /// <summary>Numbers whose rest is over can be drawn again. Returns how many there were.</summary>
    public int Free(TimeSpan now)
    {
        var freed = 0;
        foreach (var (number, place) in taken)
        {
            if (place.Free <= now && place.Room is null)
            {
                taken.Remove(number);
                count[number.Length]--;
                if (place.Source is { } source)
                {
                    Hold(source, -1);
                }

                freed++;
            }
        }

        return freed;
    }

    private void Hold(Source source, int more)
    {
        foreach (var (around, _) in source.Around())
        {
            if ((held[around] = held.GetValueOrDefault(around) + more) == 0)
            {
                held.Remove(around);
            }
        }
    }

    private readonly record struct Place(Room? Room, TimeSpan Free, Source? Source);
}
