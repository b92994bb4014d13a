using System.Buffers.Binary;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Zlib: raw pixels through one zlib stream.
/// <code>u32 length | zlib data</code>
/// </summary>
internal sealed class ZlibEncoder(int level) : RectEncoder
{
    private readonly ZlibCompressor zlib = new(level);
    private readonly ByteBuffer raw = new();

    public override void Write(UpdateWriter update, Frame picture, PixelRect rect)
    {
        update.Rect(rect, EncodingNumber.Zlib);
        raw.Clear();
        for (int y = rect.Y; y < rect.Bottom; y++)
        {
            Packer.Pack(picture.Row(y, rect.X, rect.Width), raw.Append(rect.Width * Packer.Bytes));
        }

        WriteCompressed(update.Output, zlib, raw.Written);
    }

    /// <summary>The length, then the data.</summary>
    public static void WriteCompressed(ByteBuffer output, ZlibCompressor zlib, ReadOnlySpan<byte> data)
    {
        int at = output.Length;
        output.Append(4);
        zlib.Compress(data, output);
        BinaryPrimitives.WriteInt32BigEndian(output.At(at, 4), output.Length - at - 4);
    }

    public override void Dispose() => zlib.Dispose();
}
