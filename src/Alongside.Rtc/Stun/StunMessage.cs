using System.Buffers.Binary;
using System.Security.Cryptography;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Stun;

/// <summary>
/// A STUN message somebody sent (RFC 8489, 5), read where it lies. <see cref="TryParse"/> has seen that every attribute ends inside the message;
/// what an attribute says is looked at when it is asked for.
/// <code>
///  0                   1                   2                   3
///  |0 0|     type, 14 bits         |     length without header     |
///  |                       cookie 0x2112A442                       |
///  |                    transaction id, 96 bits                    |
///  |   attribute   |    length     |  value, padded to 4 bytes ...  
/// </code>
/// Attributes behind MESSAGE-INTEGRITY are not covered by it and are not seen here, but for its own kind and FINGERPRINT.
/// </summary>
public readonly ref struct StunMessage
{
    public const int HeaderLength = 20;
    public const uint Cookie = 0x2112A442;

    /// <summary>No message of ours or for us is longer; one that is is nobody's we talk to.</summary>
    public const int MaxLength = 2048;

    private const int MaxAttributes = 64;
    private const int Sha1Length = 20;
    private const int Sha256Length = 32;

    private readonly ReadOnlySpan<byte> bytes;

    private StunMessage(ReadOnlySpan<byte> bytes) => this.bytes = bytes;

    public StunClass Class => (StunClass)(((bytes[0] & 1) << 1) | ((bytes[1] >> 4) & 1));

    public StunMethod Method
    {
        get
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            return (StunMethod)((type & 0xF) | ((type & 0xE0) >> 1) | ((type & 0x3E00) >> 2));
        }
    }

    public TransactionId TransactionId => TransactionId.Read(bytes[8..]);

    public int Length => bytes.Length;

    /// <summary>Whether a datagram is STUN rather than what else shares its port (RFC 7983): cheap, and right for all but one in four billion.</summary>
    public static bool IsStun(ReadOnlySpan<byte> packet) =>
        packet.Length >= HeaderLength && packet[0] < 4 && BinaryPrimitives.ReadUInt32BigEndian(packet[4..]) == Cookie;

    public static bool TryParse(ReadOnlySpan<byte> packet, out StunMessage message)
    {
        message = default;
        if (!IsStun(packet) || packet.Length > MaxLength || (packet.Length & 3) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) != packet.Length - HeaderLength)
        {
            return false;
        }

        int count = 0;
        for (int at = HeaderLength; at < packet.Length;)
        {
            int next = at + 4 + Padded(BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]));
            bool isFingerprint = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]) == (ushort)StunAttribute.Fingerprint;
            if (next > packet.Length || ++count > MaxAttributes || (isFingerprint && next != packet.Length))
            {
                return false;
            }

            at = next;
        }

        message = new(packet);
        return true;
    }

    /// <summary>The first attribute of a kind.</summary>
    public bool TryFind(StunAttribute attribute, out ReadOnlySpan<byte> value) => TryFind(attribute, out value, out _);

    public bool Has(StunAttribute attribute) => TryFind(attribute, out _);

    public bool TryReadU32(StunAttribute attribute, out uint value)
    {
        bool found = TryFind(attribute, out var bytes) && bytes.Length == 4;
        value = found ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : 0;
        return found;
    }

    public bool TryReadU64(StunAttribute attribute, out ulong value)
    {
        bool found = TryFind(attribute, out var bytes) && bytes.Length == 8;
        value = found ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : 0;
        return found;
    }

    /// <summary>An address that is mixed with the cookie and the transaction (14.2), so that no box on the way mistakes it for its own to change.</summary>
    public bool TryReadXorAddress(StunAttribute attribute, out TransportAddress address) => TryReadAddress(attribute, isMixed: true, out address);

    public bool TryReadAddress(StunAttribute attribute, out TransportAddress address) => TryReadAddress(attribute, isMixed: false, out address);

    /// <summary>The code of ERROR-CODE, 300 to 699.</summary>
    public bool TryReadError(out int code)
    {
        code = 0;
        if (!TryFind(StunAttribute.ErrorCode, out var value) || value.Length < 4)
        {
            return false;
        }

        int hundreds = value[2] & 7;
        code = (hundreds * 100) + value[3];
        return hundreds is >= 3 and <= 6 && value[3] < 100;
    }

    /// <summary>An attribute that must be understood and is not among <paramref name="known"/>; 0 when there is none.</summary>
    public ushort FirstUnknown(ReadOnlySpan<StunAttribute> known)
    {
        for (int at = HeaderLength; at < bytes.Length; at = Next(at))
        {
            var attribute = AttributeAt(at);
            if ((ushort)attribute < 0x8000 && !known.Contains(attribute))
            {
                return (ushort)attribute;
            }

            if (attribute == StunAttribute.MessageIntegrity)
            {
                break;
            }
        }

        return 0;
    }

    /// <summary>Whether FINGERPRINT is there and right (14.7).</summary>
    public bool HasRightFingerprint =>
        bytes.Length >= HeaderLength + 8 && AttributeAt(bytes.Length - 8) == StunAttribute.Fingerprint
        && BinaryPrimitives.ReadUInt16BigEndian(bytes[^6..]) == 4
        && BinaryPrimitives.ReadUInt32BigEndian(bytes[^4..]) == (Crc32.Of(bytes[..^8]) ^ StunWriter.FingerprintMask);

    /// <summary>Whether MESSAGE-INTEGRITY is there and made with this key (14.5).</summary>
    public bool IsIntact(ReadOnlySpan<byte> key)
    {
        if (!TryFind(StunAttribute.MessageIntegrity, out var given, out int at) || given.Length != Sha1Length)
        {
            return false;
        }

        Span<byte> covered = stackalloc byte[MaxLength];
        Span<byte> expected = stackalloc byte[Sha1Length];
        HMACSHA1.HashData(key, Covered(covered, at, Sha1Length), expected);
        return CryptographicOperations.FixedTimeEquals(expected, given);
    }

    /// <summary>Whether MESSAGE-INTEGRITY-SHA256 is there and made with this key (14.6). It may be cut short, to 16 bytes at the least.</summary>
    public bool IsIntactSha256(ReadOnlySpan<byte> key)
    {
        if (!TryFind(StunAttribute.MessageIntegritySha256, out var given, out int at) || given.Length is < 16 or > Sha256Length || (given.Length & 3) != 0)
        {
            return false;
        }

        Span<byte> covered = stackalloc byte[MaxLength];
        Span<byte> expected = stackalloc byte[Sha256Length];
        HMACSHA256.HashData(key, Covered(covered, at, given.Length), expected);
        return CryptographicOperations.FixedTimeEquals(expected[..given.Length], given);
    }

    internal static int Padded(int length) => (length + 3) & ~3;

    /// <summary>What the hash goes over: all before the attribute, with the length the message has when it ends with the attribute.</summary>
    private ReadOnlySpan<byte> Covered(Span<byte> copy, int at, int hashLength)
    {
        bytes[..at].CopyTo(copy);
        BinaryPrimitives.WriteUInt16BigEndian(copy[2..], (ushort)(at + 4 + hashLength - HeaderLength));
        return copy[..at];
    }

    private bool TryFind(StunAttribute attribute, out ReadOnlySpan<byte> value, out int at)
    {
        bool isBehind = false;
        for (at = HeaderLength; at < bytes.Length; at = Next(at))
        {
            var here = AttributeAt(at);
            if (here == attribute && (!isBehind || attribute is StunAttribute.MessageIntegritySha256 or StunAttribute.Fingerprint))
            {
                value = bytes.Slice(at + 4, BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
                return true;
            }

            isBehind |= here is StunAttribute.MessageIntegrity or StunAttribute.MessageIntegritySha256;
        }

        value = default;
        return false;
    }

    private bool TryReadAddress(StunAttribute attribute, bool isMixed, out TransportAddress address)
    {
        address = default;
        if (!TryFind(attribute, out var value) || value.Length is not (8 or 20) || value[1] != (value.Length == 8 ? 1 : 2))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[16];
        plain = plain[..(value.Length - 4)];
        value[4..].CopyTo(plain);
        int port = BinaryPrimitives.ReadUInt16BigEndian(value[2..]);
        if (isMixed)
        {
            port ^= (int)(Cookie >> 16);
            for (int i = 0; i < plain.Length; i++)
            {
                plain[i] ^= bytes[4 + i];
            }
        }

        address = new(plain, (ushort)port);
        return true;
    }

    private StunAttribute AttributeAt(int at) => (StunAttribute)BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]);

    private int Next(int at) => at + 4 + Padded(BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
}
