namespace Alongside.Bench.Rfb;

/// <summary>Finds the end of a rectangle of Tight encoding (community RFB specification, 7.7.6) with pixels of three bytes, without unpacking it.</summary>
internal static class TightRectangle
{
    private const int Fill = 8;
    private const int Jpeg = 9;
    private const int HasFilter = 4;
    private const int PaletteFilter = 1;
    private const int SmallestPacked = 12;

    public static void Skip(RfbReader reader, int width, int height)
    {
        int kind = reader.U8() >> 4;
        if (kind == Fill)
        {
            reader.Skip(3);
        }
        else if (kind == Jpeg)
        {
            reader.Skip(CompactLength(reader));
        }
        else if (kind > Jpeg)
        {
            throw new InvalidDataException($"Tight has no rectangle of kind {kind}.");
        }
        else
        {
            long size = (long)width * height * 3;
            if ((kind & HasFilter) != 0 && reader.U8() == PaletteFilter)
            {
                int colours = reader.U8() + 1;
                reader.Skip(colours * 3);
                size = (long)(colours == 2 ? (width + 7) / 8 : width) * height;
            }

            reader.Skip(size < SmallestPacked ? size : CompactLength(reader));
        }
    }

    private static int CompactLength(RfbReader reader)
    {
        int length = 0;
        for (int shift = 0; shift <= 14; shift += 7)
        {
            int part = reader.U8();
            length |= (shift < 14 ? part & 0x7f : part) << shift;
            if (part < 0x80)
            {
                break;
            }
        }

        return length;
    }
}
