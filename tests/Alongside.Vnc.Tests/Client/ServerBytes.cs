using System.Buffers;
using System.IO.Compression;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Tests.Client;

/// <summary>What a server says, written by hand, so that it can be wrong as well.</summary>
internal sealed class ServerBytes
{
    private readonly ArrayBufferWriter<byte> bytes = new();

    public static RfbClientOptions Options { get; } = new() { User = "anna", Password = "sesame" };

    public byte[] All => bytes.WrittenSpan.ToArray();

    /// <summary>A server without security, up to a desktop of this size.</summary>
    public static ServerBytes Desktop(int width, int height, string name = "Desk") =>
        new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, 1).U32(0).Init(width, height, name);

    /// <summary>A client that is there already, with its first output taken.</summary>
    public static RfbClient Ready(int width, int height)
    {
        var client = new RfbClient(Options);
        client.Handle(0, Desktop(width, height).All);
        _ = Sent(client);
        while (client.TryPoll(out _))
        {
        }

        return client;
    }

    public static byte[] Sent(RfbClient client)
    {
        var sent = new ArrayBufferWriter<byte>();
        while (client.TryPollOutput(out var more))
        {
            sent.Write(more.Span);
        }

        return sent.WrittenSpan.ToArray();
    }

    public static List<RfbClientEvent> Events(RfbClient client)
    {
        var events = new List<RfbClientEvent>();
        while (client.TryPoll(out var e))
        {
            events.Add(e);
        }

        return events;
    }

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

    public ServerBytes Init(int width, int height, string name)
    {
        U16(width, height);
        PixelFormat.Bgrx.Write(bytes);
        return U32((uint)Encoding.UTF8.GetByteCount(name)).Raw(Encoding.UTF8.GetBytes(name));
    }

    public ServerBytes Update(int rectangles) => U8(0, 0).U16(rectangles);

    public ServerBytes Rect(int x, int y, int width, int height, int encoding) => U16(x, y, width, height).U32((uint)encoding);

    public ServerBytes Text(string text) => U32((uint)text.Length).Raw(Encoding.UTF8.GetBytes(text));

    public ServerBytes Packed(ReadOnlySpan<byte> plain)
    {
        byte[] packed = Zlib(plain);
        return U32((uint)packed.Length).Raw(packed);
    }

    public ServerBytes U8(params ReadOnlySpan<byte> values) => Raw(values);

    public ServerBytes U16(params ReadOnlySpan<int> values)
    {
        foreach (int value in values)
        {
            bytes.WriteU16(value);
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

    public ServerBytes Raw(ReadOnlySpan<byte> more)
    {
        bytes.Write(more);
        return this;
    }
}
