using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Bench;

/// <summary>
/// <c>codec-vectors --size WxH --from FIRST --count N FILE OUT</c>: encodes recorded frames into a golden file;
/// <c>codec-vectors --trace TRACE OUT</c>: the same from a file of tests/vectors/traces; <c>codec-vectors --synthetic FOLDER</c>: writes the made-up ones. The form is in tests/vectors/codec/README.md.
/// </summary>
internal static class CodecVectors
{
    public const string Usage = "Usage: codec-vectors --synthetic FOLDER | --trace TRACE OUT | --size WIDTHxHEIGHT --from FIRST --count N FILE OUT";

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["--synthetic", var folder]:
                SyntheticVectors.WriteAll(folder);
                return 0;
            case ["--size", var size, "--from", var from, "--count", var count, var file, var target]:
                string[] sides = size.Split('x');
                Record(int.Parse(sides[0]), int.Parse(sides[1]), int.Parse(from), int.Parse(count), file, target);
                return 0;
            case ["--trace", var trace, var goal]:
                Encode(trace, goal);
                return 0;
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static void Encode(string trace, string target)
    {
        using var input = new BrotliStream(File.OpenRead(trace), CompressionMode.Decompress);
        using var writer = new VectorWriter(target, [.. UpdateEncoder.Shared(Capability.Known).Where(capability => capability != 1)]);
        byte[] header = new byte[6];
        input.ReadExactly(header);
        var frame = new Frame(BinaryPrimitives.ReadUInt16BigEndian(header), BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(2)));
        byte[] rgb = new byte[frame.Pixels.Length * 3];
        for (int left = BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(4)); left > 0; left--)
        {
            input.ReadExactly(rgb);
            for (int i = 0; i < frame.Pixels.Length; i++)
            {
                frame.Pixels[i] = (uint)((rgb[i * 3] << 16) | (rgb[(i * 3) + 1] << 8) | rgb[(i * 3) + 2]);
            }

            writer.Encode(frame);
        }
    }

    private static void Record(int width, int height, int from, int count, string file, string target)
    {
        using var input = File.OpenRead(file);
        using var writer = new VectorWriter(target);
        var frame = new Frame(width, height);
        input.Position = (long)from * frame.Bytes.Length;
        for (int i = 0; i < count; i++)
        {
            input.ReadExactly(frame.Bytes);
            writer.Encode(frame);
        }
    }
}

/// <summary>Writes a golden file: <c>u32 length | update | SHA-256 of the picture after it</c>, repeated; 32 zero bytes for an update that must be refused.</summary>
internal sealed class VectorWriter(string path, params ushort[] capabilities) : IDisposable
{
    private readonly FileStream file = File.Create(path);
    private readonly ArrayBufferWriter<byte> update = new();
    private readonly DamageRegion damage = new();
    private long now;

    public UpdateEncoder Encoder { get; } = new([1, .. capabilities]);

    /// <summary>A second later than the one before: whatever was painted has been still for long enough to be kept.</summary>
    public void Encode(Frame frame)
    {
        now += 1_000_000;
        update.ResetWrittenCount();
        damage.Clear();
        damage.Add(frame.Bounds);
        if (Encoder.TryEncode(frame, damage, new() { Now = now }, update, out _))
        {
            Write(update.WrittenSpan, Hash(frame));
        }
    }

    public void Snapshot()
    {
        update.ResetWrittenCount();
        Encoder.Snapshot(update);
        Write(update.WrittenSpan, Hash(Encoder.Reference));
    }

    public void Refuse(ReadOnlySpan<byte> wrong) => Write(wrong, new byte[32]);

    public void Write(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> hash)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)bytes.Length);
        file.Write(length);
        file.Write(bytes);
        file.Write(hash);
    }

    /// <summary>SHA-256 of red, green, blue of every pixel, row by row.</summary>
    public static byte[] Hash(Frame frame)
    {
        byte[] rgb = new byte[frame.Pixels.Length * 3];
        for (int i = 0; i < frame.Pixels.Length; i++)
        {
            uint pixel = frame.Pixels[i];
            (rgb[i * 3], rgb[(i * 3) + 1], rgb[(i * 3) + 2]) = ((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
        }

        return SHA256.HashData(rgb);
    }

    public void Dispose()
    {
        file.Dispose();
        Encoder.Dispose();
    }
}
