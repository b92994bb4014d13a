using System.Numerics;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Where decoders show something that is near the picture but not it, because a lossy operation painted there. The encoder's reference holds what
/// they are to show, as if it were exact, so that comparison and motion search work on ideal pictures; this says where it isn't.
/// <para>
/// A bit a pixel, not a block: what is copied about, as by scrolling, keeps its edges, and nothing exact is ever sent again because it shares a
/// block with something that is not.
/// </para>
/// </summary>
internal sealed class ExactnessMap(int width, int height)
{
    private const int Bits = 64;

    private readonly int stride = ((width - 1) / Bits) + 1;
    private readonly ulong[] inexact = new ulong[(((width - 1) / Bits) + 1) * height];
    private readonly ulong[] line = new ulong[((width - 1) / Bits) + 1];

    /// <summary>How many pixels are not exact: 0 when decoders show the reference.</summary>
    public long Debt { get; private set; }

    /// <summary>A lossy operation painted this.</summary>
    public void MarkInexact(PixelRect area)
    {
        area = area.Intersect(new(0, 0, width, height));
        for (int y = area.Y; y < area.Bottom && !area.IsEmpty; y++)
        {
            for (int x = area.X; x < area.Right; x = (x | (Bits - 1)) + 1)
            {
                Set(y, x, ulong.MaxValue, Math.Min(Bits - (x % Bits), area.Right - x));
            }
        }
    }

    /// <summary>This was painted exactly.</summary>
    public void MarkExact(PixelRect area)
    {
        area = area.Intersect(new(0, 0, width, height));
        for (int y = area.Y; Debt > 0 && y < area.Bottom && !area.IsEmpty; y++)
        {
            for (int x = area.X; x < area.Right; x = (x | (Bits - 1)) + 1)
            {
                Set(y, x, 0, Math.Min(Bits - (x % Bits), area.Right - x));
            }
        }
    }

    /// <summary>Pixels were copied: each is now as exact as where it came from. Both rectangles lie within the picture and may overlap.</summary>
    public void Copy(Motion motion)
    {
        var (to, from) = (motion.To, motion.From);
        for (int i = 0; i < to.Height && Debt > 0; i++)
        {
            // What moves down is taken from below first, so that no row is read after it was written.
            int row = motion.DeltaY > 0 ? to.Height - 1 - i : i;
            ReadLine(from.Y + row, from.X, to.Width);
            for (int x = 0; x < to.Width; x += Bits)
            {
                Write(to.Y + row, to.X + x, line[x / Bits], Math.Min(Bits, to.Width - x));
            }
        }
    }

    public bool IsExact(PixelRect area)
    {
        area = area.Intersect(new(0, 0, width, height));
        for (int y = area.Y; Debt > 0 && y < area.Bottom && !area.IsEmpty; y++)
        {
            for (int word = area.X / Bits; word <= (area.Right - 1) / Bits; word++)
            {
                if ((inexact[(y * stride) + word] & Mask(word, area.X, area.Right)) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The smallest rectangle around everything within <paramref name="area"/> that is not exact; empty when all is.</summary>
    public PixelRect InexactWithin(PixelRect area)
    {
        area = area.Intersect(new(0, 0, width, height));
        if (Debt == 0 || area.IsEmpty)
        {
            return default;
        }

        int left = area.Right, right = area.X, top = -1, bottom = 0;
        int firstWord = area.X / Bits, lastWord = (area.Right - 1) / Bits;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int word = firstWord; word <= lastWord; word++)
            {
                ulong bits = inexact[(y * stride) + word] & Mask(word, area.X, area.Right);
                if (bits != 0)
                {
                    left = Math.Min(left, (word * Bits) + BitOperations.TrailingZeroCount(bits));
                    right = Math.Max(right, ((word + 1) * Bits) - BitOperations.LeadingZeroCount(bits));
                    top = top < 0 ? y : top;
                    bottom = y + 1;
                }
            }
        }

        return top < 0 ? default : new(left, top, right - left, bottom - top);
    }

    /// <summary>Takes over what isn't exact in another of the same size; what isn't here stays so.</summary>
    public void Add(ExactnessMap other)
    {
        Debt = 0;
        for (int i = 0; i < inexact.Length; i++)
        {
            inexact[i] |= other.inexact[i];
            Debt += BitOperations.PopCount(inexact[i]);
        }
    }

    // The bits of a word that lie between two places of its row.
    private static ulong Mask(int word, int left, int right)
    {
        int start = word * Bits;
        ulong mask = left > start ? ulong.MaxValue << (left - start) : ulong.MaxValue;
        return right < start + Bits ? mask & ((1UL << (right - start)) - 1) : mask;
    }

    // Up to 64 bits from any place of a row on; they may lie in two words.
    private void Write(int y, int x, ulong bits, int count)
    {
        int here = Math.Min(count, Bits - (x % Bits));
        Set(y, x, bits << (x % Bits), here);
        if (here < count)
        {
            Set(y, x + here, bits >> here, count - here);
        }
    }

    // Bits within one word, where they belong in it.
    private void Set(int y, int x, ulong bits, int count)
    {
        ref ulong word = ref inexact[(y * stride) + (x / Bits)];
        ulong mask = (count == Bits ? ulong.MaxValue : (1UL << count) - 1) << (x % Bits);
        ulong now = (word & ~mask) | (bits & mask);
        Debt += BitOperations.PopCount(now) - BitOperations.PopCount(word);
        word = now;
    }

    private void ReadLine(int y, int x, int count)
    {
        var row = inexact.AsSpan(y * stride, stride);
        int shift = x % Bits;
        for (int i = 0, word = x / Bits; i * Bits < count; i++, word++)
        {
            ulong next = shift == 0 || word + 1 == stride ? 0 : row[word + 1] << (Bits - shift);
            line[i] = (row[word] >> shift) | next;
        }
    }
}
