using System.Buffers.Binary;

namespace Alongside.Bench.Rfb;

/// <summary>The handshake of a viewer with a server that asks for nothing, with pixels of 32 bits.</summary>
internal static class Greeting
{
    public const int CopyRectangle = 1;
    public const int Cursor = -239;
    public const int LastRectangle = -224;
    public const int CompressLevel2 = -254;

    /// <summary>The desktop's size.</summary>
    public static (int Width, int Height) Exchange(Stream stream, RfbReader reader, int[] encodings)
    {
        reader.Skip(12);
        stream.Write("RFB 003.008\n"u8);
        reader.Skip(reader.U8());
        stream.WriteByte(1);
        if (reader.S32() != 0)
        {
            throw new InvalidDataException("The VNC server refused a viewer without a password.");
        }

        stream.WriteByte(1);
        int width = reader.U16(), height = reader.U16();
        reader.Skip(16);
        reader.Skip(reader.S32());
        stream.Write([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
        byte[] message = new byte[4 + (encodings.Length * 4)];
        message[0] = 2;
        message[3] = (byte)encodings.Length;
        for (int i = 0; i < encodings.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4 + (i * 4)), encodings[i]);
        }

        stream.Write(message);
        return (width, height);
    }
}
