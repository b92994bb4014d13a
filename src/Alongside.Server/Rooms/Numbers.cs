using System.Globalization;
using System.Security.Cryptography;

namespace Alongside.Server.Rooms;

/// <summary>
/// Which numbers are taken: in use by a room, or resting so that an old note is not somebody else's room. Three digits; four and five when
/// over a third of the shorter ones are taken, so that guessing does not become easy and drawing stays quick. Guarded by the keeper's lock.
/// </summary>
public sealed class Numbers
{
    private const int Shortest = 3;
    private const int Longest = 5;
    private readonly Dictionary<string, (Room? Room, DateTimeOffset Free)> taken = [];
    private readonly int[] count = new int[Longest + 1];

    /// <summary>Numbers in use or resting.</summary>
    public int Taken => taken.Count;

    /// <summary>Draws a number for a room; null when even five digits are nearly used up.</summary>
    public string? Take(Room room, DateTimeOffset free)
    {
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
                if (taken.TryAdd(number, (room, free)))
                {
                    count[digits]++;
                    return number;
                }
            }
        }

        return null;
    }

    public Room? Find(string number) => taken.TryGetValue(number, out var place) ? place.Room : null;

    /// <summary>The number leads nowhere from now on, and is given out again after <paramref name="free"/>. Also for what was read from storage.</summary>
    public void Rest(string number, DateTimeOffset free) => Put(number, null, free);

    public void Put(string number, Room? room, DateTimeOffset free)
    {
        if (!taken.ContainsKey(number))
        {
            count[number.Length]++;
        }

        taken[number] = (room, free);
    }

    /// <summary>Numbers whose rest is over can be drawn again. Returns how many there were.</summary>
    public int Free(DateTimeOffset now)
    {
        var freed = 0;
        foreach (var (number, place) in taken)
        {
            if (place.Free <= now && place.Room is null)
            {
                taken.Remove(number);
                count[number.Length]--;
                freed++;
            }
        }

        return freed;
    }
}
