using System.Buffers.Binary;
using System.IO.Compression;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Kernels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// A PNG (ISO 15948) of 8-bit colours or of a palette, as small as one pass makes it: rows unfiltered for a palette, each less the one above for
/// colours. Its buffers are used again.
/// </summary>
internal sealed class PngWriter
{
    private readonly ByteBuffer file = new();
    private readonly ByteBuffer rows = new();

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];

    /// <summary>A picture of few colours; valid until the next.</summary>
    public ReadOnlySpan<byte> Write(int level, int width, int height, ReadOnlySpan<uint> palette, ReadOnlySpan<byte> places)
    {
        int bits = palette.Length <= 2 ? 1 : palette.Length <= 4 ? 2 : palette.Length <= 16 ? 4 : 8;
        Begin(width, height, bits, colourType: 3);
        int at = BeginChunk("PLTE"u8);
        foreach (uint colour in palette)
        {
            file.AppendColour(colour);
        }

        EndChunk(at);
        rows.Clear();
        for (int y = 0; y < height; y++)
        {
            var row = rows.Append(1 + (((width * bits) + 7) / 8));
            row.Clear();
            for (int x = 0; x < width; x++)
            {
                int bit = x * bits;
                row[1 + (bit >> 3)] |= (byte)(places[(y * width) + x] << (8 - bits - (bit & 7)));
            }
        }

        return End(level);
    }

    /// <summary>A picture of any colours; valid until the next.</summary>
    public ReadOnlySpan<byte> Write(int level, int width, int height, ReadOnlySpan<uint> pixels)
    {
        const byte Up = 2;
        Begin(width, height, 8, colourType: 2);
        rows.Clear();
        var before = new byte[width * 3];
        var line = new byte[width * 3];
        for (int y = 0; y < height; y++)
        {
            ColourKernel.ToRgb(pixels.Slice(y * width, width), line);
            var row = rows.Append(1 + line.Length);
            row[0] = Up;
            for (int i = 0; i < line.Length; i++)
            {
                row[1 + i] = (byte)(line[i] - before[i]);
            }

            (line, before) = (before, line);
        }

        return End(level);
    }

    private void Begin(int width, int height, int bits, byte colourType)
    {
        file.Clear();
        Signature.CopyTo(file.Append(8));
        int at = BeginChunk("IHDR"u8);
        var header = file.Append(13);
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        (header[8], header[9], header[10], header[11], header[12]) = ((byte)bits, colourType, 0, 0, 0);
        EndChunk(at);
    }

    private ReadOnlySpan<byte> End(int level)
    {
        int at = BeginChunk("IDAT"u8);
        using (var zlib = new ZLibStream(new BufferStream { Output = file }, new ZLibCompressionOptions { CompressionLevel = level }))
        {
            zlib.Write(rows.Written);
        }

        EndChunk(at);
        EndChunk(BeginChunk("IEND"u8));
        return file.Written;
    }

    private int BeginChunk(ReadOnlySpan<byte> type)
    {
        int at = file.Length;
        file.Append(4);
        type.CopyTo(file.Append(4));
        return at;
    }

    private void EndChunk(int at)
    {
        int length = file.Length - at - 8;
        BinaryPrimitives.WriteInt32BigEndian(file.At(at, 4), length);
        uint crc = Crc(file.At(at + 4, length + 4));
        BinaryPrimitives.WriteUInt32BigEndian(file.Append(4), crc);
    }

    private static readonly uint[] Table = MakeTable();

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++)
            {
                value = (value & 1) != 0 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1;
            }

            table[i] = value;
        }

        return table;
    }
}
