using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Glyphs;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>Letters that have been seen cost a few bytes wherever they stand next, and what arrives is exact.</summary>
public sealed class GlyphTests : IDisposable
{
    private const int Letters = 40;

    private readonly UpdateEncoder encoder = new([1, 5, 18]);
    private readonly UpdateDecoder decoder = new();
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly DamageRegion damage = new();
    private readonly Random random = new(8);
    private readonly Frame frame = new(900, 300);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Fact]
    public void A_new_line_of_known_letters_costs_two_bytes_a_letter()
    {
        var face = new Typeface(1, Letters, 0x202020, 0xFFFFFF);
        Begin(0xFFFFFF);
        face.Write(frame, 20, 20, [.. Enumerable.Range(0, Letters)]);
        Assert.InRange(Show(), Letters * 20, Letters * 120);

        // Elsewhere, in another order, at another height within the cells.
        face.Write(frame, 33, 131, Text(60));
        Assert.InRange(Show(), 20, 120 + 40);
    }

    [Fact]
    public void A_typed_letter_that_is_known_costs_what_its_place_costs()
    {
        var face = new Typeface(2, Letters, 0x000000, 0xF8F8F0);
        Begin(0xF8F8F0);
        face.Write(frame, 20, 20, [.. Enumerable.Range(0, Letters)]);
        Show();
        for (int i = 0; i < 20; i++)
        {
            face.Write(frame, 20 + (i * 10), 80, random.Next(Letters));
            Assert.InRange(Show(), 10, 32);
        }
    }

    [Fact]
    public void Each_pane_has_its_own_paper()
    {
        var dark = new Typeface(3, Letters, 0xE0E0E0, 0x101820);
        var light = new Typeface(4, Letters, 0x202020, 0xFFF8E8);
        Begin(0x101820);
        Fill(new(300, 30, 400, 200), 0xFFF8E8);
        Fill(new(320, 60, 360, 40), 0x101820);
        for (int round = 0; round < 6; round++)
        {
            dark.Write(frame, 10, 20 + (round * 40), Text(25));
            light.Write(frame, 310, 35 + (round * 31), Text(30));
            dark.Write(frame, 330, 70, Text(20));
            Show();
        }
    }

    [Fact]
    public void More_symbols_than_the_book_holds_are_exact_and_the_used_ones_stay()
    {
        var kept = new Typeface(5, Letters, 0x202020, 0xFFFFFF);
        for (int page = 0; page < 40; page++)
        {
            // 16 lines of 12 new letters and one of known ones: twice the book in the end.
            var face = new Typeface(100 + page, 16 * 14, 0x202020, 0xFFFFFF);
            Begin(0xFFFFFF);
            for (int line = 0; line < 16; line++)
            {
                face.Write(frame, 10, 10 + (line * 16), [.. Enumerable.Range(line * 14, 14)]);
                kept.Write(frame, 200, 10 + (line * 16), Text(20));
            }

            Show();
        }

        Begin(0xFFFFFF);
        Show();
        kept.Write(frame, 40, 40, Text(60));
        Assert.InRange(Show(), 20, 160);
    }

    [Fact]
    public void More_colours_than_the_palette_holds()
    {
        for (int page = 0; page < 30; page++)
        {
            Begin(0xFFFFFF);
            for (int line = 0; line < 8; line++)
            {
                new Typeface(random.Next(), Letters, (uint)random.Next(1 << 24), 0xFFFFFF, colours: 60).Write(frame, 10, 10 + (line * 20), Text(40));
            }

            Show();
        }
    }

    [Fact]
    public void After_a_reset_both_sides_begin_anew()
    {
        var face = new Typeface(7, Letters, 0x202020, 0xFFFFFF);
        Begin(0xFFFFFF);
        face.Write(frame, 20, 20, Text(60));
        Show();
        encoder.Reset();
        face.Write(frame, 20, 80, Text(60));
        Show();
        face.Write(frame, 20, 140, Text(60));
        Show();
    }

    [Fact]
    public void What_is_no_text_is_exact_too()
    {
        var scene = new Scene(700, 500, 11);
        using var other = new UpdateEncoder([1, 16, 17, 18]);
        using var viewer = new UpdateDecoder();
        for (int i = 0; i < 120; i++)
        {
            damage.Add(scene.Change(i % 3 == 0 ? 40 : 400));
            output.ResetWrittenCount();
            if (other.TryEncode(scene.Frame, damage, new() { Now = i * 400_000L }, output, out _))
            {
                viewer.Apply(output.WrittenSpan, out _);
                Scene.AssertSame(scene.Frame, viewer.Picture);
            }
        }
    }

    public static TheoryData<string, byte[]> Wrong()
    {
        byte[] letter = [208, 0, 2, 2, 0, 1, 9, 9, 9, 0, 0, 0, 0];
        return new()
        {
            { "a symbol that was not defined", [0, 214] },
            { "a far slot that was not defined", [207, 255, 214] },
            { "a slot beyond the next", [209, 0, 1, .. letter[1..], 214] },
            { "a slot beyond the last", [209, 16, 0, .. letter[1..], 214] },
            { "no width", [208, 0, 0, 2, 0, 0, 214] },
            { "a side too large", [208, 0, 65, 1, 0, 1, 9, 9, 9, .. new byte[65], 214] },
            { "too many pixels", [208, 0, 64, 64, 0, 1, 9, 9, 9, .. new byte[4096], 214] },
            { "an unknown form", [208, 2, .. letter[2..], 214] },
            { "a colour that is not there", [208, 0, 1, 1, 0, 0, 0, 214] },
            { "a colour of the higher plane that is not there", [208, 1, 1, 1, 0, 1, 9, 9, 9, 0, 1, 214] },
            { "too many colours", [208, 0, 1, 1, 0, 0x81, 0x20, .. new byte[3 * 4097], 0, 214] },
            { "an unknown token", [215, 214] },
            { "no end", letter },
            { "a symbol that is cut off", letter[..^1] },
            { "a symbol right of its paper", [.. letter, 211, 0x80, 1, 0, 214] },
            { "a symbol left of its paper", [210, 0, 1, .. letter, 214] },
            { "a symbol above its paper", [210, 1, 0, .. letter, 214] },
            { "a symbol below its paper", [210, 0x80, 1, 0, .. letter, 214] },
            { "a drop out of its paper", [.. letter, 212, 128, 0, 214] },
            { "a number that is too long", [211, 0x80, 0x80, 0x80, 0, 214] },
            { "a line far away", [.. Enumerable.Repeat<byte[]>([210, 0xFE, 0xFF, 0x7F, 0], 2).SelectMany(b => b), 214] },
            { "more symbols than pixels", [208, 0, 32, 32, 0, 1, 9, 9, 9, .. new byte[1024], .. Enumerable.Repeat<byte[]>([210, 0, 0, 0], 64).SelectMany(b => b), 214] },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_no_encoder_writes_is_refused(string what, byte[] tokens)
    {
        using var whole = new UpdateDecoder();
        whole.Apply(Compose([18, 0, 0, 0, 0, 0, 64, 0, 48, 255, 255, 255, 208, 0, 2, 2, 0, 1, 9, 9, 9, 0, 0, 0, 0, 214]), out _);

        Assert.True(Record.Exception(() => decoder.Apply(Compose([18, 0, 0, 0, 0, 0, 64, 0, 48, 255, 255, 255, .. tokens]), out _)) is ProtocolException, what);
    }

    [Fact]
    public void Random_and_mutated_tokens()
    {
        for (int round = 0; round < 20_000; round++)
        {
            byte[] tokens = [208, 0, 3, 2, 1, 2, 1, 2, 3, 4, 5, 6, 0, 1, 0, 1, 0, 1, 210, 4, 6, 0, 0, 220, 0, 212, 2, 0, 209, 0, 0, 1, 2, 2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 214];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                tokens[random.Next(tokens.Length)] = (byte)(random.Next(3) == 0 ? random.Next(8) : random.Next(256));
            }

            try
            {
                decoder.Apply(Compose([18, 0, 0, 0, 0, 0, 64, 0, 48, 255, 255, 255, .. tokens]), out _);
            }
            catch (ProtocolException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void A_book_takes_no_more_memory_than_its_symbols()
    {
        var book = new GlyphBook();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3 * GlyphBook.Capacity; i++)
        {
            book.Define(i % GlyphBook.Capacity, 64, 32, 0);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 33L << 20);
    }

    private int[] Text(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(Letters))];

    private void Begin(uint paper) => Fill(frame.Bounds, paper);

    private void Fill(PixelRect area, uint colour)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            frame.Row(y, area.X, area.Width).Fill(colour);
        }
    }

    private int Show()
    {
        damage.Add(frame.Bounds);
        output.ResetWrittenCount();
        if (!encoder.TryEncode(frame, damage, new(), output, out _))
        {
            return 0;
        }

        decoder.Apply(output.WrittenSpan, out _);
        Scene.AssertSame(frame, decoder.Picture);
        return output.WrittenCount;
    }

    private static byte[] Compose(byte[] operations)
    {
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress(operations, packed);
        var update = new ArrayBufferWriter<byte>();
        new UpdateHeader(UpdateFlags.Reset | UpdateFlags.Full, 1, 64, 48, packed.Length).Write(update);
        update.Write(packed.Written);
        return update.WrittenSpan.ToArray();
    }
}
