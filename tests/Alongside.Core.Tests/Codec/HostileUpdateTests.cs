using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>Whatever arrives, a decoder decodes it or throws a ProtocolException, with memory bounded by the picture.</summary>
public sealed class HostileUpdateTests
{
    // Picture, packed part and its doubling, and the zstd window's copy; far below what a bomb would want.
    private const long MemoryBudget = 4 << 20;

    private readonly Random random = new(7);

    [Fact]
    public void Mutated_and_truncated_updates()
    {
        var updates = Record(90, 70);
        using var decoder = new UpdateDecoder();
        for (int round = 0; round < 10_000; round++)
        {
            int last = random.Next(4) == 0 ? 0 : random.Next(updates.Count);
            for (int i = 0; i < last; i++)
            {
                decoder.Apply(updates[i], out _);
            }

            // The size stays: how much memory a size allows is another test.
            ApplyHostile(decoder, Mutate(updates[last], round % 2 == 0 ? 14 : 18));
        }
    }

    [Fact]
    public void Mutated_operations_in_a_sound_stream()
    {
        using var unpacker = new ZstdDecompressor();
        var updates = Record(90, 70).ConvertAll(update => Unpack(unpacker, update));
        var packed = new ByteBuffer();
        using var decoder = new UpdateDecoder();
        using var compressor = new ZstdCompressor();
        for (int round = 0; round < 20_000; round++)
        {
            var (operations, loose) = updates[random.Next(updates.Count)];
            packed.Clear();
            compressor.Reset();
            compressor.Compress(Mutate(operations, 0), packed);
            ApplyHostile(decoder, Compose(90, 70, packed.Written, random.Next(4) == 0 ? Mutate(loose, 0) : loose));
        }
    }

    [Fact]
    public void Random_operations()
    {
        var packed = new ByteBuffer();
        using var decoder = new UpdateDecoder();
        using var compressor = new ZstdCompressor();
        for (int round = 0; round < 10_000; round++)
        {
            byte[] operations = new byte[random.Next(400)];
            random.NextBytes(operations);
            for (int i = 0; i < operations.Length; i++)
            {
                // Small numbers reach deeper than large ones.
                operations[i] = round % 2 == 0 ? operations[i] : (byte)(operations[i] & 7);
            }

            packed.Clear();
            compressor.Reset();
            compressor.Compress(operations, packed);
            ApplyHostile(decoder, Compose(40, 30, packed.Written, []));
        }
    }

    [Fact]
    public void A_bomb_is_refused_before_it_takes_memory()
    {
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress(new byte[64 << 20], packed);
        using var decoder = new UpdateDecoder();
        byte[] update = Compose(100, 100, packed.Written, []);

        Assert.False(ApplyHostile(decoder, update));
    }

    [Fact]
    public void Painting_the_picture_over_and_over_is_refused()
    {
        byte[] solid = [1, 0, 0, 0, 0, 0, 100, 0, 100, 1, 2, 3];
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress([.. Enumerable.Repeat(solid, 5000).SelectMany(b => b)], packed);
        using var decoder = new UpdateDecoder();

        Assert.False(ApplyHostile(decoder, Compose(100, 100, packed.Written, [])));
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 0)]
    [InlineData(16385, 1)]
    [InlineData(65535, 65535)]
    public void Sizes_out_of_range_are_refused(int width, int height)
    {
        using var decoder = new UpdateDecoder();

        Assert.False(ApplyHostile(decoder, Compose(width, height, [], [])));
    }

    [Fact]
    public void A_decoder_that_refused_recovers_with_a_whole_picture()
    {
        var updates = Record(64, 64);
        using var decoder = new UpdateDecoder();
        decoder.Apply(updates[0], out _);
        Assert.False(ApplyHostile(decoder, updates[1][..^1]));
        Assert.False(ApplyHostile(decoder, updates[1]));
        decoder.Apply(updates[0], out var result);

        Assert.True(result.IsFull);
    }

    private static bool ApplyHostile(UpdateDecoder decoder, byte[] update)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            decoder.Apply(update, out _);
            return true;
        }
        catch (ProtocolException)
        {
            return false;
        }
        finally
        {
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MemoryBudget);
        }
    }

    private byte[] Mutate(byte[] bytes, int from)
    {
        byte[] mutated = [.. bytes];
        for (int i = random.Next(1, 5); i > 0 && mutated.Length > from; i--)
        {
            int at = random.Next(from, Math.Min(mutated.Length, random.Next(2) == 0 ? mutated.Length : from + 40));
            mutated[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(mutated[at] ^ (1 << random.Next(8))), _ => (byte)(mutated[at] + 1) };
        }

        return random.Next(4) == 0 ? mutated[..random.Next(mutated.Length + 1)] : mutated;
    }

    private static List<byte[]> Record(int width, int height)
    {
        var scene = new Scene(width, height, 12);
        var updates = new List<byte[]>();
        var damage = new DamageRegion();
        using var encoder = new UpdateEncoder(UpdateEncoder.Shared(Capability.Known));
        uint[] before = scene.Frame.Pixels.ToArray();
        for (int i = 0; i < 16; i++)
        {
            var output = new ArrayBufferWriter<byte>();
            if (i % 4 == 3)
            {
                // What was there before comes back, so that every operation occurs.
                before.CopyTo(scene.Frame.Pixels);
                damage.Add(scene.Frame.Bounds);
            }
            else
            {
                scene.Frame.Pixels.CopyTo(before);
                damage.Add(scene.Change(60));
            }

            if (encoder.TryEncode(scene.Frame, damage, new() { Now = i * 1_000_000L }, output, out _))
            {
                updates.Add(output.WrittenSpan.ToArray());
            }
        }

        return updates;
    }

    private static (byte[] Operations, byte[] Loose) Unpack(ZstdDecompressor unpacker, byte[] update)
    {
        var reader = new WireReader(update);
        var header = UpdateHeader.Read(ref reader);
        var operations = new ByteBuffer();
        unpacker.Decompress(reader.Take(header.PackedLength), operations, 10 << 20);
        return (operations.Written.ToArray(), reader.Rest.ToArray());
    }

    private static byte[] Compose(int width, int height, ReadOnlySpan<byte> packed, byte[] loose)
    {
        var output = new ArrayBufferWriter<byte>();
        new UpdateHeader(UpdateFlags.Reset | UpdateFlags.Full, 1, width, height, packed.Length).Write(output);
        output.Write(packed);
        output.Write(loose);
        return output.WrittenSpan.ToArray();
    }
}
