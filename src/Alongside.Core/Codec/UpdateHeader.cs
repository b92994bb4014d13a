using System.Buffers;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec;

/// <summary>
/// <code>
/// u8 format (1) | u8 flags | u32 sequence | u32 capture | u16 width | u16 height | u32 packed length     18 bytes
/// </code>
/// docs/protocol/codec.md.
/// </summary>
internal readonly record struct UpdateHeader(bool IsReset, bool IsFull, uint Sequence, uint CaptureMicros, int Width, int Height, int PackedLength)
{
    public const int Length = 18;

    private const byte Format = 1;
    private const byte ResetFlag = 1;
    private const byte FullFlag = 2;

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteU8(Format);
        output.WriteU8((byte)((IsReset ? ResetFlag : 0) | (IsFull ? FullFlag : 0)));
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

        byte flags = reader.ReadU8();
        uint sequence = reader.ReadU32(), capture = reader.ReadU32();
        int width = reader.ReadU16(), height = reader.ReadU16();
        uint packed = reader.ReadU32();
        if (packed > (uint)reader.Remaining)
        {
            throw new ProtocolException("An update's packed part is longer than the update.");
        }

        return new((flags & ResetFlag) != 0, (flags & FullFlag) != 0, sequence, capture, width, height, (int)packed);
    }
}
