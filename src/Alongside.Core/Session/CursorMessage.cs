using System.Buffers;
using System.IO.Compression;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// The host's pointer, which the viewer draws.
/// <code>
/// u8 1 shape     | u16 width | u16 height | u16 hotX | u16 hotY | deflate-raw(RGBA, straight alpha)
/// u8 2 position  | u16 x | u16 y
/// </code>
/// </summary>
public abstract record CursorMessage
{
    private const byte ShapeType = 1;
    private const byte PositionType = 2;

    private CursorMessage()
    {
    }

    public sealed record Shape(CursorImage Image) : CursorMessage;

    /// <summary>Where the host's pointer is, when somebody else moved it.</summary>
    public sealed record Position(int X, int Y) : CursorMessage;

    public static CursorMessage Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        switch (reader.ReadU8())
        {
            case ShapeType:
                return new Shape(ReadShape(reader));
            case PositionType:
                var position = new Position(reader.ReadU16(), reader.ReadU16());
                reader.End();
                return position;
            default:
                throw new ProtocolException("A cursor message has an unknown type.");
        }
    }

    public void Write(IBufferWriter<byte> output)
    {
        switch (this)
        {
            case Shape { Image: var image }:
                output.WriteU8(ShapeType);
                output.WriteU16(image.Width);
                output.WriteU16(image.Height);
                output.WriteU16(image.HotX);
                output.WriteU16(image.HotY);
                if (image.Rgba.Length > 0)
                {
                    using var packed = new MemoryStream();
                    using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
                    {
                        deflate.Write(image.Rgba);
                    }

                    output.Write(packed.GetBuffer().AsSpan(0, (int)packed.Length));
                }

                break;
            case Position at:
                output.WriteU8(PositionType);
                output.WriteU16(at.X);
                output.WriteU16(at.Y);
                break;
        }
    }

    private static CursorImage ReadShape(WireReader reader)
    {
        int width = reader.ReadU16(), height = reader.ReadU16(), hotX = reader.ReadU16(), hotY = reader.ReadU16();
        if (width == 0 && height == 0)
        {
            reader.End();
            return CursorImage.Hidden;
        }

        if (width is 0 or > CursorImage.MaxSide || height is 0 or > CursorImage.MaxSide || hotX >= width || hotY >= height)
        {
            throw new ProtocolException("A cursor's size was out of its range.");
        }

        // The size is known before anything is unpacked, so a bomb ends at the last pixel.
        var rgba = new byte[width * height * 4];
        using var inflate = new DeflateStream(new MemoryStream(reader.Rest.ToArray(), writable: false), CompressionMode.Decompress);
        try
        {
            if (inflate.ReadAtLeast(rgba, rgba.Length, throwOnEndOfStream: false) != rgba.Length || inflate.ReadByte() >= 0)
            {
                throw new ProtocolException("A cursor's pixels did not fit its size.");
            }
        }
        catch (InvalidDataException)
        {
            throw new ProtocolException("A cursor's pixels did not unpack.");
        }

        return new(width, height, hotX, hotY, rgba);
    }
}
