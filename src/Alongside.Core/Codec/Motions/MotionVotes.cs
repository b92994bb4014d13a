using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>What anchors say about how far they have come; the motion that most of them agree on is likely a real one.</summary>
internal sealed class MotionVotes
{
    private const int Capacity = 1 << 15;
    private const int Slots = 1 << 13;

    private readonly Vote[] votes = new Vote[Capacity];
    private readonly Tally[] tallies = new Tally[Slots];
    private int generation;
    private int count;

    private readonly record struct Vote(short X, short Y, short DeltaX, short DeltaY);

    private struct Tally
    {
        public int Delta, Generation, Count;
    }

    public void Clear() => count = 0;

    /// <summary>The anchor that is at x, y now has come so far.</summary>
    public void Add(int x, int y, int deltaX, int deltaY)
    {
        if (count < Capacity)
        {
            votes[count++] = new((short)x, (short)y, (short)deltaX, (short)deltaY);
        }
    }

    /// <summary>The motion with the most votes, at least <paramref name="least"/>, and around where they are.</summary>
    public bool TryFindBest(int least, out int deltaX, out int deltaY, out PixelRect bounds)
    {
        generation++;
        int best = 0, kinds = 0, delta = 0;
        for (int i = 0; i < count; i++)
        {
            int key = Key(votes[i].DeltaX, votes[i].DeltaY);
            uint at = ((uint)key * 0x9E37_79B1) >> 19;
            while (tallies[at].Generation == generation && tallies[at].Delta != key)
            {
                at = (at + 1) & (Slots - 1);
            }

            ref var tally = ref tallies[at];
            if (tally.Generation != generation)
            {
                // Noise says something else each time; when the table is full of that, there is nothing to hear.
                if (++kinds > Slots * 3 / 4)
                {
                    break;
                }

                tally = new() { Delta = key, Generation = generation };
            }

            if (++tally.Count > best)
            {
                (best, delta) = (tally.Count, key);
            }
        }

        (deltaX, deltaY) = ((short)(delta >> 16), (short)delta);
        bounds = best >= least ? BoundsOf(deltaX, deltaY) : default;
        return best >= least;
    }

    /// <summary>Forgets the votes for one motion.</summary>
    public void Remove(int deltaX, int deltaY)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (votes[i].DeltaX != deltaX || votes[i].DeltaY != deltaY)
            {
                votes[kept++] = votes[i];
            }
        }

        count = kept;
    }

    /// <summary>Forgets the votes of anchors within an area: it is known how that came about.</summary>
    public void Remove(PixelRect area)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (!area.Contains(votes[i].X, votes[i].Y))
            {
                votes[kept++] = votes[i];
            }
        }

        count = kept;
    }

    private static int Key(int deltaX, int deltaY) => (deltaX << 16) | (ushort)deltaY;

    private PixelRect BoundsOf(int deltaX, int deltaY)
    {
        int left = int.MaxValue, top = int.MaxValue, right = 0, bottom = 0;
        for (int i = 0; i < count; i++)
        {
            var vote = votes[i];
            if (vote.DeltaX == deltaX && vote.DeltaY == deltaY)
            {
                (left, top) = (Math.Min(left, vote.X), Math.Min(top, vote.Y));
                (right, bottom) = (Math.Max(right, vote.X + 1), Math.Max(bottom, vote.Y + 1));
            }
        }

        return new(left, top, right - left, bottom - top);
    }
}
