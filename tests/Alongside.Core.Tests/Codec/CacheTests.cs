using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Cache;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>What comes back on the screen costs a reference, is exact, and takes bounded memory.</summary>
public sealed class CacheTests : IDisposable
{
    private const long Second = 1_000_000;

    private readonly UpdateEncoder encoder = new([1, 17]);
    private readonly UpdateDecoder decoder = new();
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly DamageRegion damage = new();
    private readonly Random random = new(5);
    private long now = Second;

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Fact]
    public void A_page_that_comes_back_costs_a_reference()
    {
        Frame[] pages = [Noise(700, 500), Noise(700, 500), Noise(700, 500)];
        for (int round = 0; round < 3; round++)
        {
            foreach (var page in pages)
            {
                int bytes = Show(page, Second);
                Assert.InRange(bytes, 1, round == 0 ? int.MaxValue : 100);
            }
        }
    }

    [Fact]
    public void More_pages_than_layers_are_exact_and_the_oldest_is_forgotten()
    {
        Frame[] pages = [.. Enumerable.Range(0, 6).Select(_ => Noise(300, 200))];
        foreach (var page in pages)
        {
            Show(page, Second);
        }

        Assert.InRange(Show(pages[0], Second), 100_000, int.MaxValue);
        Assert.InRange(Show(pages[4], Second), 1, 100);
        Assert.InRange(Show(pages[5], Second), 1, 100);
    }

    [Fact]
    public void What_comes_back_is_not_overwritten_by_what_it_replaces()
    {
        Frame[] pages = [.. Enumerable.Range(0, 4).Select(_ => Noise(300, 200))];
        foreach (var page in pages)
        {
            Show(page, Second);
        }

        Assert.InRange(Show(pages[0], Second), 1, 100);
    }

    [Fact]
    public void A_window_that_moves_away_uncovers_what_was_there()
    {
        var desktop = Noise(800, 600);
        var frame = Copy(desktop);
        Show(frame, Second);
        for (int step = 0; step < 40; step++)
        {
            // The window itself has one colour, so that what an update costs is what it uncovers.
            desktop.Pixels.CopyTo(frame.Pixels);
            Fill(frame, new(100 + (step * 7), 90 + (step * 3), 300, 200), 0x303030);
            int bytes = Show(frame, step == 0 ? Second : 33_000);
            Assert.InRange(bytes, 1, step == 0 ? 2000 : 600);
        }

        Assert.InRange(Show(desktop, Second), 1, 300);
    }

    [Fact]
    public void What_keeps_changing_is_not_kept()
    {
        var background = Noise(128, 128);
        Show(background, Second);
        for (int i = 0; i < 20; i++)
        {
            Show(Noise(128, 128), i == 0 ? Second : 50_000);
        }

        Assert.InRange(Show(background, 50_000), 1, 100);
    }

    [Fact]
    public void A_blinking_cursor_does_not_wear_out_the_cache()
    {
        var background = Noise(128, 128);
        var page = Noise(128, 128);
        Show(background, Second);
        Show(page, Second);
        for (int i = 0; i < 20; i++)
        {
            Fill(page, new(20, 20, 2, 16), i % 2 == 0 ? 0u : 0xFF_FFFF);
            Show(page, Second);
        }

        Assert.InRange(Show(background, Second), 1, 100);
    }

    [Fact]
    public void A_reset_forgets()
    {
        var first = Noise(200, 200);
        Show(first, Second);
        Show(Noise(200, 200), Second);
        encoder.Reset();
        using var joiner = new UpdateDecoder();
        var snapshot = new ArrayBufferWriter<byte>();
        encoder.Snapshot(snapshot);
        joiner.Apply(snapshot.WrittenSpan, out _);

        Assert.InRange(Show(first, Second), 100_000, int.MaxValue);
        joiner.Apply(output.WrittenSpan, out _);
        Show(Noise(200, 200), Second);
        joiner.Apply(output.WrittenSpan, out _);
        Assert.InRange(Show(first, Second), 1, 100);
        joiner.Apply(output.WrittenSpan, out _);
        Scene.AssertSame(first, joiner.Picture);
    }

    [Fact]
    public void Another_size_forgets()
    {
        var first = Noise(200, 200);
        Show(first, Second);
        Show(Noise(200, 200), Second);
        Show(Noise(210, 190), Second);

        Assert.InRange(Show(first, Second), 100_000, int.MaxValue);
    }

    [Fact]
    public void A_decoder_without_the_cache_is_not_sent_it()
    {
        using var old = new UpdateEncoder([1]);
        var first = Noise(200, 200);
        var second = Noise(200, 200);
        for (int i = 0; i < 4; i++)
        {
            damage.Add(first.Bounds);
            output.ResetWrittenCount();
            now += Second;
            Assert.True(old.TryEncode(i % 2 == 0 ? first : second, damage, new() { Now = now }, output, out _));
            Assert.InRange(output.WrittenCount, 100_000, int.MaxValue);
        }
    }

    [Theory]
    [InlineData(300, 260)]
    [InlineData(129, 1)]
    [InlineData(1, 400)]
    public void Whatever_comes_and_goes_is_exact(int width, int height)
    {
        var scene = new Scene(width, height, 3);
        var earlier = new List<Frame>();
        for (int i = 0; i < 400; i++)
        {
            scene.Change();
            if (earlier.Count > 3 && random.Next(3) == 0)
            {
                // A part of an earlier picture comes back.
                var from = earlier[random.Next(earlier.Count)];
                int w = random.Next(1, width + 1), h = random.Next(1, height + 1), x = random.Next(width - w + 1), y = random.Next(height - h + 1);
                for (int row = y; row < y + h; row++)
                {
                    from.Row(row, x, w).CopyTo(scene.Frame.Row(row, x, w));
                }
            }

            if (random.Next(40) == 0)
            {
                encoder.Reset();
            }

            Show(scene.Frame, random.Next(3) * 200_000);
            earlier.Add(Copy(scene.Frame));
            if (earlier.Count > 5)
            {
                earlier.RemoveAt(0);
            }
        }
    }

    [Fact]
    public void Layers_take_no_more_than_their_budget()
    {
        Assert.Equal(3, CacheLayers.CountFor(new(0, 0, 3840, 2160)));
        Assert.Equal(2, CacheLayers.CountFor(new(0, 0, 5120, 2880)));
        Assert.Equal(0, CacheLayers.CountFor(new(0, 0, 8192, 4320)));
    }

    [Theory]
    [InlineData("an unknown form", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 16 })]
    [InlineData("a layer in which nothing is", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 0 })]
    [InlineData("a layer in which nothing is", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 3 })]
    [InlineData("a layer that its picture does not have", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 7 })]
    [InlineData("outside", new byte[] { 17, 0, 0, 0, 0, 0, 0, 0, 8, 4 })]
    [InlineData("outside", new byte[] { 17, 255, 255, 255, 255, 255, 255, 255, 255, 4 })]
    [InlineData("outside", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 12, 0, 25, 0, 0 })]
    [InlineData("outside", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 12, 255, 255, 255, 255 })]
    [InlineData("ended too early", new byte[] { 17, 0, 0, 0, 0, 0, 8, 0, 8, 12, 0, 0, 0 })]
    [InlineData("stores more", new byte[] { 17, 0, 0, 0, 0, 0, 32, 0, 32, 4, 17, 0, 0, 0, 0, 0, 1, 0, 1, 4 })]
    public void Wrong_references_are_refused(string reason, byte[] operations)
    {
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress(operations, packed);
        new UpdateHeader(UpdateFlags.Reset | UpdateFlags.Full, 1, 32, 32, packed.Length).Write(output);
        output.Write(packed.Written);

        Assert.Contains(reason, Assert.Throws<ProtocolException>(() => decoder.Apply(output.WrittenSpan, out _)).Message, StringComparison.Ordinal);
    }

    private int Show(Frame frame, long after)
    {
        now += after;
        damage.Add(frame.Bounds);
        output.ResetWrittenCount();
        if (!encoder.TryEncode(frame, damage, new() { Now = now }, output, out _))
        {
            return 0;
        }

        decoder.Apply(output.WrittenSpan, out _);
        Scene.AssertSame(frame, decoder.Picture);
        Scene.AssertSame(frame, encoder.Reference);
        return output.WrittenCount;
    }

    private Frame Noise(int width, int height)
    {
        var frame = new Frame(width, height);
        foreach (ref uint pixel in frame.Pixels)
        {
            pixel = (uint)random.NextInt64(1L << 32);
        }

        return frame;
    }

    private static Frame Copy(Frame frame)
    {
        var copy = new Frame(frame.Width, frame.Height);
        frame.Pixels.CopyTo(copy.Pixels);
        return copy;
    }

    private static void Fill(Frame frame, PixelRect area, uint colour)
    {
        area = area.Intersect(frame.Bounds);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            frame.Row(y, area.X, area.Width).Fill(colour);
        }
    }
}
