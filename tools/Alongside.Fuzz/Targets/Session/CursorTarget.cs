using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Fuzz.Cases;

namespace Alongside.Fuzz.Targets.Session;

/// <summary>The host's pointer: its picture is unpacked.</summary>
public sealed class CursorTarget() : ParserTarget("cursor", "Alongside.Core.Session")
{
    public override IEnumerable<Case> Seeds() => Vectors.Hex("session-messages.json", "cursor");

    protected override void Parse(ReadOnlySpan<byte> message) => CursorMessage.Read(message);

    // The pixels that the message states, its packed bytes, and the unpacker.
    protected override long MemoryFor(ReadOnlySpan<byte> message)
    {
        long pixels = message.Length < 5 ? 0 : Math.Min(CursorImage.MaxSide, (int)BinaryPrimitives.ReadUInt16BigEndian(message[1..]))
            * (long)Math.Min(CursorImage.MaxSide, (int)BinaryPrimitives.ReadUInt16BigEndian(message[3..]));
        return 32 * 1024 + (4 * pixels) + (2L * message.Length);
    }
}

/// <summary>The same behind a real compressor: <c>u16 width | u16 height | u16 hotX | u16 hotY | RGBA</c>, unpacked.</summary>
public sealed class CursorPixelsTarget() : ParserTarget("cursor-pixels", "Alongside.Core.Session")
{
    public override IEnumerable<Case> Seeds() =>
        [Vectors.One([0, 2, 0, 1, 0, 1, 0, 0, 1, 2, 3, 255, 4, 5, 6, 128]), Vectors.One([0, 1, 0, 1, 0, 0, 0, 0, 9, 9, 9, 9])];

    protected override void Parse(ReadOnlySpan<byte> message)
    {
        var packed = new MemoryStream();
        packed.WriteByte(1);
        packed.Write(message[..Math.Min(8, message.Length)]);
        using (var deflate = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(message[Math.Min(8, message.Length)..]);
        }

        CursorMessage.Read(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    protected override long MemoryFor(ReadOnlySpan<byte> message) => 512 * 1024 + (8L * message.Length);
}
