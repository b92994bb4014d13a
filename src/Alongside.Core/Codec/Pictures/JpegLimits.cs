using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Pictures;

/// <summary>
/// Looks through a JPEG from outside before a library may (ITU-T T.81, annex B): the size that was promised, 8 bits, one or three components, baseline or
/// extended sequential, and one scan that holds all components. What decoding it costs is then bounded by its size: no progressive picture whose
/// thousand scans each cost as much as a whole one.
/// </summary>
internal static class JpegLimits
{
    private const byte StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA;
    private const byte Baseline = 0xC0, ExtendedSequential = 0xC1, HuffmanTables = 0xC4, ArithmeticConditioning = 0xCC;

    public static void Require(ReadOnlySpan<byte> jpeg, int width, int height)
    {
        var reader = new WireReader(jpeg);
        if (NextMarker(ref reader) != StartOfImage)
        {
            throw new ProtocolException("A JPEG does not begin like one.");
        }

        int components = 0;
        while (true)
        {
            byte marker = NextMarker(ref reader);
            var segment = reader.Take(Math.Max(0, reader.ReadU16() - 2));
            if (marker == StartOfScan)
            {
                if (components == 0 || segment.IsEmpty || segment[0] != components)
                {
                    throw new ProtocolException("A JPEG's scan does not hold the whole picture.");
                }

                RequireOneScan(reader.Rest);
                return;
            }

            if (marker is >= 0xC0 and <= 0xCF and not HuffmanTables and not ArithmeticConditioning)
            {
                components = components == 0 ? ReadFrame(marker, segment, width, height) : throw new ProtocolException("A JPEG has two frames.");
            }
        }
    }

    private static int ReadFrame(byte marker, ReadOnlySpan<byte> segment, int width, int height)
    {
        if (marker is not (Baseline or ExtendedSequential))
        {
            throw new ProtocolException("A JPEG is progressive, lossless or arithmetic: only sequential ones are accepted.");
        }

        if (segment.Length < 6 || segment[0] != 8 || segment[5] is not (1 or 3))
        {
            throw new ProtocolException("A JPEG has not 8 bits of one or three components.");
        }

        int isHigh = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), isWide = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
        return isWide == width && isHigh == height ? segment[5]
            : throw new ProtocolException($"A JPEG has {isWide} x {isHigh} pixels instead of {width} x {height}.");
    }

    /// <summary>Until the picture's end there is nothing but data and restart markers.</summary>
    internal static void RequireOneScan(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            int at = data.IndexOf((byte)0xFF);
            if (at < 0 || at + 1 >= data.Length)
            {
                throw new ProtocolException("A JPEG ended too early.");
            }

            byte marker = data[at + 1];
            if (marker == EndOfImage)
            {
                return;
            }

            if (marker is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
            {
                throw new ProtocolException("A JPEG has more than one scan.");
            }

            // A fill byte may be followed by a marker.
            data = data[(marker == 0xFF ? at + 1 : at + 2)..];
        }
    }

    private static byte NextMarker(ref WireReader reader)
    {
        if (reader.ReadU8() != 0xFF)
        {
            throw new ProtocolException("A JPEG has no marker where one belongs.");
        }

        byte marker;
        do
        {
            marker = reader.ReadU8();
        }
        while (marker == 0xFF);
        return marker;
    }
}
