using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

public sealed class UpdateRoundTripTests : IDisposable
{
    private readonly UpdateEncoder encoder = new([1]);
    private readonly UpdateDecoder decoder = new();
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly DamageRegion damage = new();

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 500)]
    [InlineData(500, 1)]
    [InlineData(127, 129)]
    [InlineData(128, 128)]
    [InlineData(129, 127)]
    [InlineData(640, 400)]
    [InlineData(16384, 3)]
    [InlineData(3, 16384)]
    public void What_is_decoded_is_what_was_captured(int width, int height)
    {
        var scene = new Scene(width, height, width + height);
        for (int i = 0; i < 24; i++)
        {
            Encode(scene.Frame, scene.Change());
            Scene.AssertSame(scene.Frame, decoder.Picture);
            Scene.AssertSame(scene.Frame, encoder.Reference);
        }
    }

    [Fact]
    public void Nothing_changed_writes_nothing()
    {
        var scene = new Scene(100, 100, 1);
        Encode(scene.Frame, scene.Change());
        damage.Add(scene.Frame.Bounds);
        output.ResetWrittenCount();
        scene.Frame.Pixels[5] ^= 0xFF00_0000;

        Assert.False(encoder.TryEncode(scene.Frame, damage, new(), output, out _));
        Assert.Equal(0, output.WrittenCount);
        Assert.Equal(1u, encoder.Sequence);
    }

    [Fact]
    public void A_black_first_frame_is_an_update_too()
    {
        var info = Encode(new Frame(70, 70), default);

        Assert.True(info.IsFull && info.IsReset);
        Assert.Equal((70, 70), (decoder.Picture.Width, decoder.Picture.Height));
    }

    [Fact]
    public void Another_size_begins_the_picture_anew_within_the_same_stream()
    {
        Encode(new Scene(80, 60, 1).Frame, default);
        var larger = new Scene(200, 90, 2);
        larger.Change();
        var info = Encode(larger.Frame, default);

        Assert.True(info is { IsFull: true, IsReset: false, Sequence: 2 });
        Scene.AssertSame(larger.Frame, decoder.Picture);
    }

    [Fact]
    public void A_late_joiner_gets_a_snapshot_and_attaches_at_the_reset()
    {
        var scene = new Scene(300, 200, 5);
        for (int i = 0; i < 10; i++)
        {
            Encode(scene.Frame, scene.Change());
        }

        using var joiner = new UpdateDecoder();
        var snapshot = new ArrayBufferWriter<byte>();
        Assert.Equal(encoder.Sequence, encoder.Snapshot(snapshot).Sequence);
        joiner.Apply(snapshot.WrittenSpan, out var joined);
        Assert.True(joined.IsFull);
        Scene.AssertSame(scene.Frame, joiner.Picture);

        encoder.Reset();
        for (int i = 0; i < 10; i++)
        {
            scene.Frame.Pixels[i] ^= 1;
            scene.Change(150);
            var info = Encode(scene.Frame, scene.Frame.Bounds);
            Assert.Equal(i == 0, info.IsReset);
            joiner.Apply(output.WrittenSpan, out _);
            Scene.AssertSame(scene.Frame, joiner.Picture);
            Scene.AssertSame(scene.Frame, decoder.Picture);
        }
    }

    [Fact]
    public void A_snapshot_does_not_disturb_the_stream()
    {
        var scene = new Scene(300, 200, 6);
        for (int i = 0; i < 20; i++)
        {
            Encode(scene.Frame, scene.Change());
            encoder.Snapshot(new ArrayBufferWriter<byte>());
        }

        Scene.AssertSame(scene.Frame, decoder.Picture);
    }

    [Fact]
    public void A_joiner_without_the_reset_is_refused()
    {
        var scene = new Scene(300, 200, 7);
        Encode(scene.Frame, scene.Change());
        using var joiner = new UpdateDecoder();
        var snapshot = new ArrayBufferWriter<byte>();
        encoder.Snapshot(snapshot);
        joiner.Apply(snapshot.WrittenSpan, out _);
        Encode(scene.Frame, scene.Change());

        Assert.Throws<ProtocolException>(() => joiner.Apply(output.WrittenSpan, out _));
    }

    [Fact]
    public void Dirty_rectangles_cover_what_changed()
    {
        var scene = new Scene(250, 200, 8);
        Encode(scene.Frame, scene.Change());
        var before = new Frame(250, 200);
        for (int i = 0; i < 50; i++)
        {
            decoder.Picture.Pixels.CopyTo(before.Pixels);
            Encode(scene.Frame, scene.Change(60));
            for (int k = 0; k < before.Pixels.Length; k++)
            {
                Assert.True(before.Pixels[k] == decoder.Picture.Pixels[k] || IsDirty(k % 250, k / 250));
            }
        }
    }

    [Fact]
    public void The_sequence_arrives()
    {
        var scene = new Scene(64, 64, 9);
        scene.Change();
        damage.Add(scene.Frame.Bounds);
        encoder.TryEncode(scene.Frame, damage, new(), output, out var info);
        decoder.Apply(output.WrittenSpan, out var result);

        Assert.Equal(info.Sequence, result.Sequence);
        Assert.Equal(info.Bytes, output.WrittenCount);
    }

    [Fact]
    public void Decoders_that_name_no_tiles_are_refused_in_words()
    {
        Assert.Contains("capability 1", Assert.Throws<ProtocolException>(() => new UpdateEncoder([])).Message, StringComparison.Ordinal);
        Assert.Throws<ProtocolException>(() => new UpdateEncoder([2, 3, 16]));
    }

    [Fact]
    public void Capabilities_of_the_future_change_nothing()
    {
        using var newer = new UpdateEncoder([1, 2, 16, 17, 18, 999]);
        var scene = new Scene(100, 100, 10);
        scene.Change();
        damage.Add(scene.Frame.Bounds);
        Assert.True(newer.TryEncode(scene.Frame, damage, new(), output, out _));
        decoder.Apply(output.WrittenSpan, out _);

        Scene.AssertSame(scene.Frame, decoder.Picture);
    }

    [Fact]
    public void Noise_costs_three_bytes_a_pixel_and_no_more()
    {
        var frame = new Frame(512, 512);
        new Random(4).NextBytes(frame.Bytes);
        Encode(frame, default);
        new Random(5).NextBytes(frame.Bytes);

        Assert.InRange(Encode(frame, frame.Bounds).Bytes, 1, (512 * 512 * 3) + 300);
    }

    [Fact]
    public void A_typed_letter_costs_little()
    {
        var frame = new Frame(1920, 1080);
        frame.Pixels.Fill(0xFFFFFF);
        Encode(frame, default);
        var random = new Random(6);
        for (int i = 0; i < 50; i++)
        {
            var cell = new PixelRect(100 + (i * 9), 300, 9, 17);
            for (int y = cell.Y; y < cell.Bottom; y++)
            {
                for (int x = cell.X; x < cell.Right; x++)
                {
                    frame.Row(y)[x] = (uint)random.Next(2) * 0xFFFFFF;
                }
            }

            Assert.InRange(Encode(frame, cell).Bytes, 1, 120);
        }
    }

    [Fact]
    public void Encoding_and_decoding_allocate_nothing_once_running()
    {
        var scene = new Scene(320, 240, 11);
        var output = new FixedOutput(4 << 20);
        var all = new DamageRegion();
        all.Add(scene.Frame.Bounds);

        // The most that each buffer will ever hold: all noise, then all gradient.
        new Random(1).NextBytes(scene.Frame.Bytes);
        Step();
        for (int i = 0; i < scene.Frame.Pixels.Length; i++)
        {
            scene.Frame.Pixels[i] = (uint)(i * 77);
        }

        Step();
        for (int i = 0; i < 30; i++)
        {
            scene.Change();
            Step();
        }

        long allocated = 0;
        for (int i = 0; i < 60; i++)
        {
            scene.Change(200);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Step();
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);

        void Step()
        {
            output.Clear();
            all.Add(scene.Frame.Bounds);
            encoder.TryEncode(scene.Frame, all, new(), output, out _);
            decoder.Apply(output.Written, out _);
        }
    }

    private UpdateInfo Encode(Frame frame, PixelRect changed)
    {
        damage.Clear();
        damage.Add(changed);
        output.ResetWrittenCount();
        if (encoder.TryEncode(frame, damage, new(), output, out var info))
        {
            decoder.Apply(output.WrittenSpan, out _);
        }

        return info;
    }

    private bool IsDirty(int x, int y)
    {
        foreach (var rect in decoder.Dirty)
        {
            if (rect.Contains(x, y))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class FixedOutput(int size) : IBufferWriter<byte>
    {
        private readonly byte[] bytes = new byte[size];
        private int length;

        public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

        public void Clear() => length = 0;

        public void Advance(int count) => length += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => bytes.AsMemory(length);

        public Span<byte> GetSpan(int sizeHint = 0) => bytes.AsSpan(length);
    }
}
