using System.Buffers.Binary;
using System.Security.Cryptography;
using Alongside.Rtc.Stun;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>
/// STUN messages whose proof is right whatever is in them, since random bytes would never have one. A message of a case is either:
/// <code>
/// 0 | bytes as they come
/// 1 | u16 type | attributes                behind a header, with a transaction of zeros, as all of ours are here; before MESSAGE-INTEGRITY and FINGERPRINT
/// </code>
/// </summary>
internal static class SignedStun
{
    private const uint FingerprintMask = 0x5354554E;

    /// <summary>As a case has it: what was written without a proof.</summary>
    public static byte[] ToCase(StunWriter written) => [1, .. written.Written[..2], .. written.Written[StunMessage.HeaderLength..]];

    public static byte[] RawToCase(params ReadOnlySpan<byte> bytes) => [0, .. bytes];

    /// <param name="key">Of the type that the message has.</param>
    public static ReadOnlySpan<byte> FromCase(ReadOnlySpan<byte> message, Func<int, byte[]> key)
    {
        if (message.Length < 3 || message[0] != 1)
        {
            return message.IsEmpty ? message : message[1..];
        }

        var attributes = message[3..];
        int padded = StunMessage.HeaderLength + StunMessage.Padded(attributes.Length);
        byte[] made = new byte[padded + 24 + 8];
        message.Slice(1, 2).CopyTo(made);
        BinaryPrimitives.WriteUInt32BigEndian(made.AsSpan(4), StunMessage.Cookie);
        attributes.CopyTo(made.AsSpan(StunMessage.HeaderLength));
        Begin(padded, StunAttribute.MessageIntegrity, 20);
        HMACSHA1.HashData(key(BinaryPrimitives.ReadUInt16BigEndian(made)), made.AsSpan(0, padded), made.AsSpan(padded + 4));
        Begin(padded + 24, StunAttribute.Fingerprint, 4);
        BinaryPrimitives.WriteUInt32BigEndian(made.AsSpan(padded + 28), Crc32.Of(made.AsSpan(0, padded + 24)) ^ FingerprintMask);
        return made;

        void Begin(int at, StunAttribute attribute, int length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(made.AsSpan(2), (ushort)(at + 4 + length - StunMessage.HeaderLength));
            BinaryPrimitives.WriteUInt16BigEndian(made.AsSpan(at), (ushort)attribute);
            BinaryPrimitives.WriteUInt16BigEndian(made.AsSpan(at + 2), (ushort)length);
        }
    }
}
