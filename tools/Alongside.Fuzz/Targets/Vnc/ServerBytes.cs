using System.Buffers;
using System.IO.Compression;
using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>What a VNC server says, piece by piece.</summary>
internal sealed class ServerBytes
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public byte[] All => bytes.WrittenSpan.ToArray();

    public ServerBytes Raw(params ReadOnlySpan<byte> more)
    {
        bytes.Write(more);
        return this;
    }

    public ServerBytes U16(params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            bytes.WriteU16(value & 0xffff);
        }

        return this;
    }

    public ServerBytes U32(params ReadOnlySpan<uint> values)
    {
        foreach (uint value in values)
        {
            bytes.WriteU32(value);
        }

        return this;
    }

    public ServerBytes Init(int width, int height)
    {
        U16(width, height);
        PixelFormat.Bgrx.Write(bytes);
        return U32(4).Raw("Desk"u8);
    }

    /// <summary>An update of one rectangle.</summary>
    public ServerBytes Rect(int x, int y, int width, int height, int encoding) => Raw(0, 0).U16(1, x, y, width, height).U32((uint)encoding);

    /// <summary>A server without security, up to a desktop of this size.</summary>
    public static byte[] Desktop(int width, int height) => new ServerBytes().Raw("RFB 003.008\n"u8).Raw(1, 1).U32(0).Init(width, height).All;

    public static byte[] Zlib(ReadOnlySpan<byte> plain)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(plain);
            zlib.Flush();
            return packed.ToArray();
        }
    }
}
