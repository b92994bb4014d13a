using Alongside.Core.Codec.Pictures;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// A photograph, not exact: the data of a JPEG's only scan. The file around it is known: <see cref="JpegFile"/>.
/// <code>
/// u8 19 | u16 x | u16 y | u16 width | u16 height | u8 quality (1 to 100) | u32 length | data
/// </code>
/// </summary>
internal sealed class PictureOp() : DeferredOp(OperationCode, OpTable.Pictures)
{
    public const byte OperationCode = 19;

    private readonly ByteBuffer file = new();
    private JpegDecoder? decoder;

    public override void Show(PixelRect area, byte argument, ReadOnlySpan<byte> data, Frame picture)
    {
        if (argument is < 1 or > 100)
        {
            throw new ProtocolException("A picture has a quality out of range.");
        }

        RequirePlain(data);
        file.Clear();
        JpegFile.Write(area.Width, area.Height, argument, data, file);
        decoder ??= new();
        decoder.Decode(file.Written, picture.Pixels[((area.Y * picture.Width) + area.X)..], picture.Width, area.Width, area.Height);
    }

    /// <summary>Nothing but data: with no marker there is no second scan, no other size, no table.</summary>
    private static void RequirePlain(ReadOnlySpan<byte> data)
    {
        for (int at = data.IndexOf((byte)0xFF); at >= 0; at = data.IndexOf((byte)0xFF))
        {
            if (at + 1 == data.Length || data[at + 1] != 0)
            {
                throw new ProtocolException("A picture's data has a marker in it.");
            }

            data = data[(at + 2)..];
        }
    }

    public override void Dispose() => decoder?.Dispose();
}
