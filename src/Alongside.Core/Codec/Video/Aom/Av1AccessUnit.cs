using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video.Aom;

/// <summary>
/// What of AV1 a region may hold (AV1 bitstream specification 5.3 to 5.9): perhaps a temporal delimiter; first one sequence header of main profile and of the region's size,
/// and a key frame; later one frame each that refers to others. A decoder library sees nothing else.
/// </summary>
internal static class Av1AccessUnit
{
    private const int Sequence = 1, Delimiter = 2, Frame = 6;

    /// <exception cref="ProtocolException">It holds something else.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, bool isKey, int width, int height)
    {
        var reader = new WireReader(bytes);
        int sequences = 0, frames = 0;
        for (bool isFirst = true; reader.Remaining > 0; isFirst = false)
        {
            byte header = reader.ReadU8();
            int type = (header >> 3) & 15;

            // No extension, a length, and nothing reserved.
            if ((header & 0x87) != 2)
            {
                throw new ProtocolException("A video frame holds a unit in another form.");
            }

            var unit = reader.Take(ReadLength(ref reader));
            switch (type)
            {
                case Delimiter when isFirst && unit.IsEmpty:
                    break;
                case Sequence when isKey && sequences == 0 && frames == 0:
                    RequireSize(unit, width, height);
                    sequences++;
                    break;
                case Frame when frames == 0 && sequences == (isKey ? 1 : 0):
                    RequireFrame(unit, isKey);
                    frames++;
                    break;
                default:
                    throw new ProtocolException($"A video frame holds a unit of type {type}, which has no place there.");
            }
        }

        if (frames == 0)
        {
            throw new ProtocolException("A video frame holds no frame.");
        }
    }

    // LEB128.
    private static int ReadLength(ref WireReader reader)
    {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            byte part = reader.ReadU8();
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length;
            }
        }

        throw new ProtocolException("A video frame holds a unit that is too long.");
    }

    private static void RequireSize(ReadOnlySpan<byte> sequence, int width, int height)
    {
        var bits = new BitReader(sequence, skipsEmulation: false);
        uint profile = bits.Read(3);

        // No still picture, no timing, no initial delay, one operating point.
        uint others = bits.Read(4) | bits.Read(5);
        bits.Read(12);
        if (bits.Read(5) > 7)
        {
            bits.Read(1);
        }

        int wideBits = (int)bits.Read(4) + 1, highBits = (int)bits.Read(4) + 1;
        long wide = bits.Read(wideBits) + 1L, high = bits.Read(highBits) + 1L;
        if (profile != 0 || others != 0 || wide != width || high != height)
        {
            throw new ProtocolException($"A video begins with frames of {wide} x {high} pixels, profile {profile}, for a region of {width} x {height}.");
        }
    }

    // A new frame, a key frame or one that refers to others, and shown.
    private static void RequireFrame(ReadOnlySpan<byte> frame, bool isKey)
    {
        if (frame.IsEmpty || frame[0] >> 4 != (isKey ? 0b0001 : 0b0011))
        {
            throw new ProtocolException("A video frame is of another kind than its place.");
        }
    }
}
