using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Alongside.Core.Wire;

/// <summary>Reads big-endian values from a message that is whole. Reading past its end is the peer's mistake.</summary>
public ref struct WireReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;

    public readonly int Remaining => rest.Length;

    public readonly ReadOnlySpan<byte> Rest => rest;

    public byte ReadU8() => Take(1)[0];

    public ushort ReadU16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public short ReadI16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public uint ReadU32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    public ulong ReadU64() => BinaryPrimitives.ReadUInt64BigEndian(Take(8));

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)rest.Length)
        {
            ThrowShort();
        }

        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    /// <summary>States that the message ends here.</summary>
    public readonly void End()
    {
        if (rest.Length != 0)
        {
            throw new ProtocolException("A message was longer than its contents.");
        }
    }

    [DoesNotReturn]
    private static void ThrowShort() => throw new ProtocolException("A message ended too early.");
}
