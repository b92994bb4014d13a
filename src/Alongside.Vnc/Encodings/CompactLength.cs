using Alongside.Core.Codec;

namespace Alongside.Vnc.Encodings;

/// <summary>Tight's length in one to three bytes, seven bits each, the lowest first (RFB 7.7.5).</summary>
internal static class CompactLength
{
    public const int Most = 0x3F_FFFF;

    public static void Write(ByteBuffer output, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)length, (uint)Most, nameof(length));
        if (length < 0x80)
        {
            output.Append(1)[0] = (byte)length;
        }
        else if (length < 0x4000)
        {
            var two = output.Append(2);
            (two[0], two[1]) = ((byte)(length | 0x80), (byte)(length >> 7));
        }
        else
        {
            var three = output.Append(3);
            (three[0], three[1], three[2]) = ((byte)(length | 0x80), (byte)((length >> 7) | 0x80), (byte)(length >> 14));
        }
    }
}
