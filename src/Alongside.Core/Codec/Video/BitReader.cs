using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video;

/// <summary>Bits from the highest of each byte down, as the headers of video codecs have them.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> bytes, bool skipsEmulation)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;
    private int zeros;
    private int left;
    private byte current;

    /// <summary>The next <paramref name="count"/> bits, 0 to 32.</summary>
    public uint Read(int count)
    {
        uint value = 0;
        for (; count > 0; count--)
        {
            if (left == 0)
            {
                Fill();
            }

            left--;
            value = (value << 1) | (uint)((current >> left) & 1);
        }

        return value;
    }

    /// <summary>ue(v): a number of unknown length, at most 31 bits.</summary>
    public uint ReadGolomb()
    {
        int length = 0;
        while (Read(1) == 0)
        {
            if (++length == 31)
            {
                throw new ProtocolException("A video's header holds a number that is too long.");
            }
        }

        return (1u << length) - 1 + Read(length);
    }

    private void Fill()
    {
        // In H.264 a 3 behind two zeros is there only so that no start code comes about.
        if (skipsEmulation && zeros >= 2 && at < bytes.Length && bytes[at] == 3)
        {
            at++;
            zeros = 0;
        }

        if (at == bytes.Length)
        {
            throw new ProtocolException("A video's header ended too early.");
        }

        current = bytes[at++];
        zeros = current == 0 ? zeros + 1 : 0;
        left = 8;
    }
}
