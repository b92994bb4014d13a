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
/// <code>
/// u8 format (1) | u8 flags | u32 sequence | u32 capture | u16 width | u16 height | u32 packed length     18 bytes
/// </code>
/// docs/protocol/codec.md.
/// </summary>
internal readonly record struct UpdateHeader(
    UpdateFlags Flags, uint Sequence, uint CaptureMicros, int Width, int Height, int PackedLength)
{
    public const int Length = 18;

    private const byte Format = 1;

    public bool IsReset => (Flags & UpdateFlags.Reset) != 0;

    public bool IsFull => (Flags & UpdateFlags.Full) != 0;

    public bool HasDeferred => (Flags & UpdateFlags.Deferred) != 0;

    public bool IsSnapshot => (Flags & UpdateFlags.Snapshot) != 0;

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteU8(Format);
        output.WriteU8((byte)Flags);
        output.WriteU32(Sequence);
        output.WriteU32(CaptureMicros);
        output.WriteU16(Width);
        output.WriteU16(Height);
        output.WriteU32((uint)PackedLength);
    }

    public static UpdateHeader Read(ref WireReader reader)
    {
        byte format = reader.ReadU8();
        if (format != Format)
        {
            throw new ProtocolException($"An update has format {format}; only {Format} is known.");
        }

        var flags = (UpdateFlags)reader.ReadU8();
        uint sequence = reader.ReadU32(), capture = reader.ReadU32();
        int width = reader.ReadU16(), height = reader.ReadU16();
        uint packed = reader.ReadU32();
        if (packed > (uint)reader.Remaining)
        {
            throw new ProtocolException("An update's packed part is longer than the update.");
        }

        return new(flags, sequence, capture, width, height, (int)packed);
    }
}
