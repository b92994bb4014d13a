using System.Buffers;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec;

[Flags]
internal enum UpdateFlags : byte
{
    None = 0,

    /// <summary>Window and caches are forgotten before this update.</summary>
    Reset = 1,

    /// <summary>The picture becomes black and of the update's size before this update.</summary>
    Full = 2,

    /// <summary>Outside any stream: only an update with <see cref="Reset"/> can follow.</summary>
    Snapshot = 4,

    /// <summary>The loose part begins with deferred operations.</summary>
    Deferred = 8,
}

/// <summary>
/// Two forms (docs/protocol/codec.md). The short one, for decoders that name capability 5, says only what does not follow from the update before:
/// <code>
/// long    u8 format (1) | u8 flags | u32 sequence | u32 0 | u16 width | u16 height | u32 packed length          18 bytes
/// short   u8 0x20 + flags | u8 sequence mod 256, or u32 sequence if reset | u16 width, u16 height if full | packed length, LEB128
/// </code>
/// </summary>
internal readonly record struct UpdateHeader(UpdateFlags Flags, uint Sequence, int Width, int Height, int PackedLength)
{
    /// <summary>Of the long form.</summary>
    public const int Length = 18;

    /// <summary>A decoder that names this reads the short form.</summary>
    public const ushort ShortForm = 5;

    private const byte LongFormat = 1;
    private const byte ShortFormat = 0x20;

    public bool IsReset => (Flags & UpdateFlags.Reset) != 0;

    public bool IsFull => (Flags & UpdateFlags.Full) != 0;

    public bool HasDeferred => (Flags & UpdateFlags.Deferred) != 0;

    public bool IsSnapshot => (Flags & UpdateFlags.Snapshot) != 0;

    /// <returns>Bytes written.</returns>
    public int Write(IBufferWriter<byte> output, bool isShort = false)
    {
        if (isShort)
        {
            return WriteShort(output);
        }

        output.WriteU8(LongFormat);
        output.WriteU8((byte)Flags);
        output.WriteU32(Sequence);
        output.WriteU32(0);
        output.WriteU16(Width);
        output.WriteU16(Height);
        output.WriteU32((uint)PackedLength);
        return Length;
    }

    /// <summary>Reads either form.</summary>
    /// <param name="reader">At the update's beginning; after it at its packed part.</param>
    /// <param name="before">Sequence and size after the update before, which the short form continues.</param>
    public static UpdateHeader Read(ref WireReader reader, UpdateHeader before = default)
    {
        byte format = reader.ReadU8();
        var header = (format & 0xF0) == ShortFormat ? ReadShort(ref reader, (UpdateFlags)(format & 0xF), before)
            : format == LongFormat ? ReadLong(ref reader)
            : throw new ProtocolException($"An update has the unknown format {format}.");
        return (uint)header.PackedLength <= (uint)reader.Remaining ? header
            : throw new ProtocolException("An update's packed part is longer than the update.");
    }

    private static UpdateHeader ReadLong(ref WireReader reader)
    {
        var flags = (UpdateFlags)reader.ReadU8();
        uint sequence = reader.ReadU32();
        _ = reader.ReadU32();
        return new(flags, sequence, reader.ReadU16(), reader.ReadU16(), (int)reader.ReadU32());
    }

    private static UpdateHeader ReadShort(ref WireReader reader, UpdateFlags flags, UpdateHeader before)
    {
        // Another last byte than the next one's is another number, which the decoder then refuses.
        uint next = before.Sequence + 1;
        uint sequence = (flags & UpdateFlags.Reset) != 0 ? reader.ReadU32() : (next & ~0xFFu) | reader.ReadU8();
        bool isFull = (flags & UpdateFlags.Full) != 0;
        int width = isFull ? reader.ReadU16() : before.Width, height = isFull ? reader.ReadU16() : before.Height;
        return new(flags, sequence, width, height, ReadLength(ref reader));
    }

    private static int ReadLength(ref WireReader reader)
    {
        int length = 0;
        for (int shift = 0; shift < 28; shift += 7)
        {
            byte part = reader.ReadU8();
            length |= (part & 0x7F) << shift;
            if (part < 0x80)
            {
                return length;
            }
        }

        throw new ProtocolException("An update's packed part has no end to its length.");
    }

    private int WriteShort(IBufferWriter<byte> output)
    {
        int bytes = 2;
        output.WriteU8((byte)(ShortFormat | (byte)Flags));
        if (IsReset)
        {
            output.WriteU32(Sequence);
            bytes += 3;
        }
        else
        {
            output.WriteU8((byte)Sequence);
        }

        if (IsFull)
        {
            output.WriteU16(Width);
            output.WriteU16(Height);
            bytes += 4;
        }

        int left = PackedLength;
        for (; left >= 0x80; left >>= 7, bytes++)
        {
            output.WriteU8((byte)(left | 0x80));
        }

        output.WriteU8((byte)left);
        return bytes + 1;
    }
}
