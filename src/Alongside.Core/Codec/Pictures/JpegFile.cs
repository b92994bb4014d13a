using System.Buffers.Binary;

namespace Alongside.Core.Codec.Pictures;

/// <summary>
/// The file around the data of a picture operation, which alone is sent: a baseline picture of 8 bits, Y Cb Cr, no subsampling, with the example
/// tables of ITU-T T.81, annex K. The quantisers are scaled by quality as libjpeg does it. docs/protocol/codec.md.
/// </summary>
internal static class JpegFile
{
    public const int HeadLength = 623;

    private const ushort EndOfImage = 0xFFD9;
    private const int LuminanceAt = 25, ChrominanceAt = 94, SizeAt = 163;

    // Tables K.1 and K.2 in zigzag order.
    private static readonly byte[] Luminance = Convert.FromHexString(
        "100b0c0e0c0a100e0d0e1211101318281a181616183123251d283a333d3c3933383740485c4e404457453738506d51575f626768673e4d71797064785c656763");

    private static readonly byte[] Chrominance = Convert.FromHexString(
        "1112121815182f1a1a2f634238426363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363636363");

    // Tables K.3, K.5, K.4, K.6, each in a segment of its own.
    private const string Huffman =
        "ffc4001f0000010501010101010100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131" +
        "410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a63" +
        "6465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6" +
        "d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffc4001f0100030101010101010101010000000000000102030405060708090a0bffc400b5110002" +
        "0102040403040705040400010277000102031104052131061241510761711322328108144291a1b1c109233352f0156272d10a162434e125f11718191a262728" +
        "292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7" +
        "a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa";

    private static readonly byte[] Head = Convert.FromHexString(
        // Start of image; JFIF 1.1, no units, 1:1, no thumbnail.
        "ffd8" + "ffe000104a46494600010100000100010000" +
        // Two tables of quantisers, filled in later.
        "ffdb004300" + new string('0', 128) + "ffdb004301" + new string('0', 128) +
        // Baseline frame: 8 bits, height, width, three components of 1 x 1.
        "ffc0001108" + "00000000" + "03011100021101031101" +
        Huffman +
        // One scan of all.
        "ffda000c03010002110311003f00");

    /// <summary>Writes the file around the data.</summary>
    /// <param name="quality">1 to 100.</param>
    public static void Write(int width, int height, int quality, ReadOnlySpan<byte> data, ByteBuffer file)
    {
        WriteHead(width, height, quality, file.Append(HeadLength));
        data.CopyTo(file.Append(data.Length));
        BinaryPrimitives.WriteUInt16BigEndian(file.Append(2), EndOfImage);
    }

    /// <summary>
    /// The data of a file, without what surrounds it; false when it is not surrounded by just this, as by a library with other tables.
    /// </summary>
    public static bool TryReadData(ReadOnlySpan<byte> file, int width, int height, int quality, out ReadOnlySpan<byte> data)
    {
        Span<byte> head = stackalloc byte[HeadLength];
        WriteHead(width, height, quality, head);
        bool isOurs = file.Length >= HeadLength + 2 && file.StartsWith(head) && file[^2] == 0xFF && file[^1] == 0xD9;
        data = isOurs ? file[HeadLength..^2] : default;
        return isOurs;
    }

    private static void WriteHead(int width, int height, int quality, Span<byte> head)
    {
        Head.CopyTo(head);
        BinaryPrimitives.WriteUInt16BigEndian(head[SizeAt..], (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(head[(SizeAt + 2)..], (ushort)width);
        int percent = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        for (int i = 0; i < 64; i++)
        {
            head[LuminanceAt + i] = (byte)Math.Clamp(((Luminance[i] * percent) + 50) / 100, 1, 255);
            head[ChrominanceAt + i] = (byte)Math.Clamp(((Chrominance[i] * percent) + 50) / 100, 1, 255);
        }
    }
}
