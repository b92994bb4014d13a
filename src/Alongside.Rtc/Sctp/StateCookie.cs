using System.Buffers.Binary;
using System.Security.Cryptography;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp;

/// <summary>
/// What an INIT told, carried by who sent it (RFC 9260 5.1.3): answering an INIT costs this end no memory. Authenticated with a key that never leaves
/// the association.
/// </summary>
/// <remarks><code>
/// made at:u64  local tag:u32  local tie:u32  peer tie:u32
/// peer tag:u32  window:u32  outbound:u16  inbound:u16  peer TSN:u32  abilities:u8  0:u24  HMAC-SHA-256
/// </code></remarks>
internal readonly record struct StateCookie(long MadeAt, uint LocalTag, uint LocalTie, uint PeerTie, InitChunk Peer)
{
    public const int Length = BodyLength + 32;

    private const int BodyLength = 40;

    public void Write(Span<byte> cookie, ReadOnlySpan<byte> key)
    {
        BinaryPrimitives.WriteInt64BigEndian(cookie, MadeAt);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[8..], LocalTag);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[12..], LocalTie);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[16..], PeerTie);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[20..], Peer.Tag);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[24..], Peer.Window);
        BinaryPrimitives.WriteUInt16BigEndian(cookie[28..], Peer.OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(cookie[30..], Peer.InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[32..], Peer.InitialTsn);
        int abilities = (Peer.HasForwardTsn ? 1 : 0) | (Peer.HasReConfig ? 2 : 0) | (Peer.TakesZeroChecksum ? 4 : 0);
        BinaryPrimitives.WriteUInt32BigEndian(cookie[36..], (uint)abilities << 24);
        HMACSHA256.HashData(key, cookie[..BodyLength], cookie[BodyLength..]);
    }

    /// <summary>False: not a cookie this end has made.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> key, out StateCookie state)
    {
        state = default;
        Span<byte> mac = stackalloc byte[32];
        if (cookie.Length != Length)
        {
            return false;
        }

        HMACSHA256.HashData(key, cookie[..BodyLength], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, cookie[BodyLength..]))
        {
            return false;
        }

        byte abilities = cookie[36];
        state = new StateCookie(
            BinaryPrimitives.ReadInt64BigEndian(cookie),
            BinaryPrimitives.ReadUInt32BigEndian(cookie[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(cookie[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(cookie[16..]),
            new InitChunk(
                BinaryPrimitives.ReadUInt32BigEndian(cookie[20..]),
                BinaryPrimitives.ReadUInt32BigEndian(cookie[24..]),
                BinaryPrimitives.ReadUInt16BigEndian(cookie[28..]),
                BinaryPrimitives.ReadUInt16BigEndian(cookie[30..]),
                BinaryPrimitives.ReadUInt32BigEndian(cookie[32..]),
                (abilities & 1) != 0,
                (abilities & 2) != 0,
                (abilities & 4) != 0));
        return true;
    }
}
