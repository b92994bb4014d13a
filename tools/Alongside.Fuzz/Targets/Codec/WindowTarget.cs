using Alongside.Core.Codec;
using Alongside.Core.Codec.Zstd;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Pieces of an endless zstd frame. What is under attack is the library, and how we hold it.</summary>
public sealed class WindowTarget() : Target("window", "Alongside.Core.Codec.Zstd")
{
    public const int Budget = 1 << 16;

    public override IEnumerable<Case> Seeds()
    {
        using var compressor = new ZstdCompressor();
        yield return Pack(compressor, "the same words, the same words"u8.ToArray(), [.. Enumerable.Range(0, 600).Select(i => (byte)(i * i))], new byte[5000]);
        compressor.Reset();
        yield return Pack(compressor, new byte[Budget + 5]);
        compressor.Reset();
        yield return Pack(compressor, [.. Enumerable.Range(0, 3000).Select(i => "abcdefgh"[(i * i * 7 / 3) & 7]).Select(c => (byte)c)]);
    }

    public override Subject Start() => new Window();

    private static Case Pack(ZstdCompressor compressor, params byte[][] pieces) => new([.. pieces.Select(piece =>
    {
        var packed = new ByteBuffer();
        compressor.Compress(piece, packed);
        return packed.Written.ToArray();
    })]);

    private sealed class Window : Subject
    {
        private readonly ZstdDecompressor decompressor = new();
        private readonly ByteBuffer output = new();

        public override long MemoryFor(ReadOnlySpan<byte> message) => 4 * Budget;

        public override void Take(ReadOnlySpan<byte> message)
        {
            output.Clear();
            decompressor.Decompress(message, output, Budget);
        }

        protected override void Dispose(bool disposing) => decompressor.Dispose();
    }
}
