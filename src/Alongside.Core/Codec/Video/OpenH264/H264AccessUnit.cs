using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video.OpenH264;

/// <summary>
/// What of H.264 a region may hold: units behind start codes (Annex B); first one sequence parameter set of baseline profile and of the region's
/// size, picture parameters and a key frame; later nothing but slices. A decoder library sees nothing else.
/// </summary>
internal static class H264AccessUnit
{
    private const int Slice = 1, KeySlice = 5, Sequence = 7, Picture = 8;

    /// <exception cref="ProtocolException">It holds something else.</exception>
    public static void Require(ReadOnlySpan<byte> bytes, bool isKey, int width, int height)
    {
        if (!IsStart(bytes))
        {
            throw new ProtocolException("A video frame does not begin with a start code.");
        }

        int sequences = 0, slices = 0;
        while (!bytes.IsEmpty)
        {
            // Past the start code, up to the next one; a zero before that belongs to it.
            bytes = bytes[(bytes.IndexOf((byte)1) + 1)..];
            int next = bytes.IndexOf("\0\0\x1"u8);
            var unit = next < 0 ? bytes : bytes[..next];
            bytes = next < 0 ? [] : bytes[next..];
            int type = unit.IsEmpty ? 0 : unit[0] & 31;
            switch (type)
            {
                case Sequence when isKey && sequences == 0 && slices == 0:
                    RequireSize(unit[1..], width, height);
                    sequences++;
                    break;
                case Picture when isKey && sequences == 1 && slices == 0:
                    break;
                case KeySlice when isKey && sequences == 1:
                case Slice when !isKey:
                    slices++;
                    break;
                default:
                    throw new ProtocolException($"A video frame holds a unit of type {type}, which has no place there.");
            }
        }

        if (slices == 0)
        {
            throw new ProtocolException("A video frame holds no slice.");
        }
    }

    private static bool IsStart(ReadOnlySpan<byte> bytes) => bytes.StartsWith("\0\0\x1"u8) || bytes.StartsWith("\0\0\0\x1"u8);

    // Rec. ITU-T H.264 7.3.2.1.1, for profile 66, which has no chroma format.
    private static void RequireSize(ReadOnlySpan<byte> sequence, int width, int height)
    {
        var bits = new BitReader(sequence, skipsEmulation: true);
        uint profile = bits.Read(8);
        bits.Read(16);
        bits.ReadGolomb();
        bits.ReadGolomb();
        uint order = bits.ReadGolomb();
        if (order == 0)
        {
            bits.ReadGolomb();
        }

        bits.ReadGolomb();
        bits.Read(1);
        long wide = (bits.ReadGolomb() + 1L) * 16, high = (bits.ReadGolomb() + 1L) * 16;
        bool framesOnly = bits.Read(1) == 1;
        bits.Read(1);
        if (bits.Read(1) == 1)
        {
            wide -= 2L * (bits.ReadGolomb() + (long)bits.ReadGolomb());
            high -= 2L * (bits.ReadGolomb() + (long)bits.ReadGolomb());
        }

        if (profile != 66 || order is not (0 or 2) || !framesOnly || wide != width || high != height)
        {
            throw new ProtocolException($"A video begins with frames of {wide} x {high} pixels, profile {profile}, for a region of {width} x {height}.");
        }
    }
}
