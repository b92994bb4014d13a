using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Stun;

/// <summary>Writes one STUN message, attribute after attribute, into a buffer that is long enough for it; the header's length is always right.</summary>
public ref struct StunWriter
{
    internal const uint FingerprintMask = 0x5354554E;

    private readonly Span<byte> buffer;

    public StunWriter(Span<byte> buffer, StunMethod method, StunClass @class, TransactionId transaction)
    {
        this.buffer = buffer;
        int m = (int)method;
        int c = (int)@class;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)((m & 0xF) | ((m & 0x70) << 1) | ((m & 0xF80) << 2) | ((c & 1) << 4) | ((c & 2) << 7)));
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunMessage.Cookie);
        transaction.Write(buffer[8..]);
        Length = StunMessage.HeaderLength;
        WriteLength();
    }

    /// <summary>Bytes of the message so far.</summary>
    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => buffer[..Length];

    public void Write(StunAttribute attribute, scoped ReadOnlySpan<byte> value) => value.CopyTo(Begin(attribute, value.Length));

    public void Write(StunAttribute attribute, string text) => Encoding.UTF8.GetBytes(text, Begin(attribute, Encoding.UTF8.GetByteCount(text)));

    public void WriteU32(StunAttribute attribute, uint value) => BinaryPrimitives.WriteUInt32BigEndian(Begin(attribute, 4), value);

    public void WriteU64(StunAttribute attribute, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Begin(attribute, 8), value);

    public void WriteXorAddress(StunAttribute attribute, TransportAddress address)
    {
        var value = WriteAddressParts(attribute, address, (ushort)(address.Port ^ (StunMessage.Cookie >> 16)));
        for (int i = 0; i < value.Length; i++)
        {
            value[i] ^= buffer[4 + i];
        }
    }

    public void WriteAddress(StunAttribute attribute, TransportAddress address) => WriteAddressParts(attribute, address, address.Port);

    /// <param name="reason">A few words in English, for who debugs it.</param>
    public void WriteError(int code, string reason)
    {
        var value = Begin(StunAttribute.ErrorCode, 4 + Encoding.UTF8.GetByteCount(reason));
        value[2] = (byte)(code / 100);
        value[3] = (byte)(code % 100);
        Encoding.UTF8.GetBytes(reason, value[4..]);
    }

    public void WriteIntegrity(scoped ReadOnlySpan<byte> key)
    {
        int covered = Length;
        var value = Begin(StunAttribute.MessageIntegrity, 20);
        HMACSHA1.HashData(key, buffer[..covered], value);
    }

    public void WriteIntegritySha256(scoped ReadOnlySpan<byte> key)
    {
        int covered = Length;
        var value = Begin(StunAttribute.MessageIntegritySha256, 32);
        HMACSHA256.HashData(key, buffer[..covered], value);
    }

    /// <summary>Nothing may follow.</summary>
    public void WriteFingerprint()
    {
        int covered = Length;
        var value = Begin(StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(value, Crc32.Of(buffer[..covered]) ^ FingerprintMask);
    }

    private Span<byte> WriteAddressParts(StunAttribute attribute, TransportAddress address, ushort port)
    {
        var value = Begin(attribute, 4 + address.AddressLength);
        value[1] = (byte)(address.IsV4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], port);
        address.WriteAddress(value[4..]);
        return value[4..];
    }

    /// <summary>The attribute's head, and room for its value: zeros.</summary>
    private Span<byte> Begin(StunAttribute attribute, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(buffer[Length..], (ushort)attribute);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(Length + 2)..], checked((ushort)length));
        int padded = StunMessage.Padded(length);
        var value = buffer.Slice(Length + 4, padded);
        value.Clear();
        Length += 4 + padded;
        WriteLength();
        return value[..length];
    }

    private readonly void WriteLength() => BinaryPrimitives.WriteUInt16BigEndian(buffer[2..], (ushort)(Length - StunMessage.HeaderLength));
}
