using System.Buffers.Binary;
using Alongside.Core.Secure;

namespace Alongside.Rtc.Stun;

/// <summary>The 96 bits that join an answer to its request. They cannot be guessed: who answers has seen the request.</summary>
public readonly record struct TransactionId(ulong High, uint Low)
{
    public const int Length = 12;

    public static TransactionId New(IRandomSource random)
    {
        Span<byte> bytes = stackalloc byte[Length];
        random.Fill(bytes);
        return Read(bytes);
    }

    public static TransactionId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]));

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[8..], Low);
    }
}
