using Alongside.Core.Codec.Kernels;

namespace Alongside.Core.Tests.Codec;

/// <summary>Each vector kernel does what its scalar twin does, at every length around its vector's and on pictures of every kind.</summary>
public sealed class KernelTests
{
    private readonly Random random = new(2);

    [Fact]
    public void First_and_last_difference()
    {
        for (int round = 0; round < 20_000; round++)
        {
            uint[] a = Pixels(random.Next(100), round);
            uint[] b = [.. a];
            for (int i = random.Next(3); i > 0 && b.Length > 0; i--)
            {
                b[random.Next(b.Length)] ^= 1u << random.Next(32);
            }

            Assert.Equal(DifferenceKernel.FirstScalar(a, b), DifferenceKernel.First(a, b));
            Assert.Equal(DifferenceKernel.LastScalar(a, b), DifferenceKernel.Last(a, b));
            Assert.Equal(CountKernel.DifferingScalar(a, b), CountKernel.Differing(a, b));
        }
    }

    [Fact]
    public void Difference_ignores_x() => Assert.Equal(9, DifferenceKernel.First(new uint[9], [.. Enumerable.Repeat(0xFF00_0000u, 9)]));

    [Fact]
    public void Ink_on_paper()
    {
        for (int round = 0; round < 20_000; round++)
        {
            uint paper = (uint)random.Next();
            uint[] row = new uint[random.Next(100)], expected = new uint[row.Length], actual = new uint[row.Length];
            for (int i = 0; i < row.Length; i++)
            {
                row[i] = random.Next(60) == 0 ? (uint)random.Next() : (paper & 0xFF_FFFF) | ((uint)random.Next(256) << 24);
                expected[i] = actual[i] = random.Next(9) == 0 ? 5u : 0;
            }

            InkKernel.MarkScalar(row, paper, expected);
            InkKernel.Mark(row, paper, actual);
            Assert.Equal(expected, actual);
            Assert.Equal(InkKernel.HasInkScalar(row, paper), InkKernel.HasInk(row, paper));
        }
    }

    [Fact]
    public void Gains_of_copies()
    {
        for (int round = 0; round < 20_000; round++)
        {
            uint[] source = Pixels(random.Next(100), round);
            uint[] still = Change(source), moved = Change(source);
            int[] expected = new int[source.Length], actual = new int[source.Length];
            uint before = round % 2 == 0 && source.Length > 0 ? source[0] : 7;
            GainKernel.AddColumnsScalar(source, still, moved, before, expected);
            GainKernel.AddColumns(source, still, moved, before, actual);
            Assert.Equal(expected, actual);
            Assert.Equal(expected.Sum(), GainKernel.Sum(source, still, moved, before));
            Assert.Equal(expected.Sum(), GainKernel.SumScalar(source, still, moved, before));
        }

        uint[] Change(uint[] pixels)
        {
            uint[] changed = [.. pixels];
            for (int i = random.Next(20); i > 0 && changed.Length > 0; i--)
            {
                changed[random.Next(changed.Length)] ^= 1u << random.Next(32);
            }

            return changed;
        }
    }

    [Fact]
    public void Anchors()
    {
        for (int round = 0; round < 3000; round++)
        {
            uint[] row = Pixels(random.Next(120), round), hashes = new uint[row.Length], all = new uint[row.Length];
            if (round % 3 == 0)
            {
                // A margin.
                row.AsSpan(0, random.Next(row.Length + 1)).Clear();
            }

            ushort[] places = new ushort[row.Length], expected = new ushort[row.Length];
            for (int at = 0; at <= row.Length - AnchorKernel.Length; at++)
            {
                all[at] = AnchorKernel.HashScalar(row.AsSpan(at, AnchorKernel.Length));
            }

            int count = AnchorKernel.Pick(row, 31, hashes, places);
            Assert.Equal(AnchorKernel.PickScalar(row, 31, all, expected, 0, 0), count);
            Assert.Equal(expected, places);
            Assert.All(places.AsSpan(0, count).ToArray(), place => Assert.Equal(all[place], hashes[place]));
        }
    }

    [Fact]
    public void Masked_copy()
    {
        for (int length = 0; length < 70; length++)
        {
            uint[] source = Pixels(length, 3), expected = new uint[length], actual = new uint[length];
            ColourKernel.CopyMaskedScalar(source, expected);
            ColourKernel.CopyMasked(source, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Runs_of_one_colour()
    {
        for (int round = 0; round < 5000; round++)
        {
            uint[] pixels = new uint[random.Next(70)];
            if (pixels.Length > 0 && round % 3 != 0)
            {
                pixels[random.Next(pixels.Length)] = 1;
            }

            Assert.Equal(ColourKernel.CountRunScalar(pixels, 0), ColourKernel.CountRun(pixels, 0));
        }
    }

    [Fact]
    public void Two_colours_become_bits()
    {
        for (int round = 0; round < 5000; round++)
        {
            uint[] pixels = [.. Enumerable.Range(0, random.Next(1, 70)).Select(_ => (uint)random.Next(2) + 5)];
            if (round % 4 == 0)
            {
                pixels[random.Next(pixels.Length)] = 9;
            }

            byte[] expected = new byte[(pixels.Length + 7) / 8], actual = new byte[expected.Length];
            bool isTwo = ColourKernel.TryPackTwoScalar(pixels, 5, 6, expected);
            Assert.Equal(isTwo, ColourKernel.TryPackTwo(pixels, 5, 6, actual));
            if (isTwo)
            {
                Assert.Equal(expected, actual);
            }
        }
    }

    [Fact]
    public void Prediction_equals_its_twin_and_comes_back()
    {
        for (int round = 0; round < 600; round++)
        {
            int width = random.Next(1, 129), height = random.Next(1, 20);
            uint[] pixels = [.. Pixels(width * height, round).Select(p => p & 0xFF_FFFF)];
            byte[] expected = new byte[pixels.Length * 3], actual = new byte[pixels.Length * 3];
            PredictKernel.EncodeScalar(pixels, width, expected);
            PredictKernel.Encode(pixels, width, actual);
            Assert.Equal(expected, actual);

            uint[] decoded = new uint[pixels.Length];
            for (int y = 0; y < height; y++)
            {
                var above = y == 0 ? [] : decoded.AsSpan((y - 1) * width, width);
                PredictKernel.DecodeRow(actual.AsSpan(y * width * 3, width * 3), above, decoded.AsSpan(y * width, width));
            }

            Assert.Equal(pixels, decoded);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Indices_come_back_from_their_bytes(int depth)
    {
        int colours = depth == 3 ? 255 : 1 << (1 << depth);
        byte[] map = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        uint[] palette = [.. Enumerable.Range(0, colours).Select(i => (uint)i * 3)];
        for (int width = 1; width < 40; width++)
        {
            byte[] places = [.. Enumerable.Range(0, width).Select(_ => (byte)random.Next(colours))];
            byte[] row = new byte[((width << depth) + 7) / 8];
            PackKernel.Pack(places, map, depth, row);
            uint[] pixels = new uint[width];

            Assert.True(PackKernel.TryUnpack(row, depth, palette, pixels));
            Assert.Equal(places.Select(p => p * 3u), pixels);
            Assert.False(PackKernel.TryUnpack(row, depth, palette.AsSpan(0, places.Max()), pixels));
        }
    }

    [Fact]
    public void Inverted_bits_leave_the_padding_alone()
    {
        byte[] rows = [0b0000_0101, 0b0000_0010, 0b1111_1111, 0b0000_0111];
        PackKernel.InvertBits(rows, 11, 2);

        Assert.Equal([0b1111_1010, 0b0000_0101, 0, 0], rows);
    }

    private uint[] Pixels(int length, int kind)
    {
        uint[] pixels = new uint[length];
        for (int i = 0; i < length; i++)
        {
            pixels[i] = (kind % 4) switch
            {
                0 => (uint)random.NextInt64(1L << 32),
                1 => (uint)(i * 0x010203),
                2 => (uint)random.Next(4) * 0xFF,
                _ => (uint)random.Next(2) * 0xFFFF_FFFF,
            };
        }

        return pixels;
    }
}
