using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>
/// What both sides of a handshake compute alike. The order of things, viewer on the left:
/// <code>
/// Hello (0x10)            ->
///                         <-  Hello and share Yb (0x11)         the code is spent from here
/// share Ya, confirm (0x12)->                                    the viewer proves first
///                         <-  confirm (0x13)
/// </code>
/// </summary>
internal static class Handshake
{
    /// <summary>From this version on what a host says in a handshake names the Hello it answers.</summary>
    public const ushort BoundVersion = 2;
    public const int NonceLength = 16;
    public const int ConfirmLength = 32;

    /// <summary>A handshake in which nothing arrives for this long, in microseconds, ends.</summary>
    public const long Patience = 15_000_000;

    /// <summary>What both sides of this build know, ascending.</summary>
    public static ushort[] Versions { get; } = [1, BoundVersion];

    /// <summary>The highest that both know; null: none.</summary>
    public static ushort? Choose(ushort[] offered, ushort[] known) => offered.Intersect(known).Select(version => (ushort?)version).Max();

    /// <summary>Whether what a host said answers another Hello than the one with this nonce: an earlier one, and it came late. Of version 1 nobody can tell.</summary>
    public static bool AnswersAnother(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> nonce)
    {
        int at = payload[0] switch
        {
            PayloadKind.HostHello when payload.Length >= 3 + NonceLength && BinaryPrimitives.ReadUInt16BigEndian(payload[1..]) >= BoundVersion => 3,
            PayloadKind.HostFinish when payload.Length == 1 + NonceLength + ConfirmLength => 1,
            PayloadKind.Refuse when payload.Length == 2 + NonceLength => 2,
            _ => 0,
        };
        return at > 0 && !payload.Slice(at, NonceLength).SequenceEqual(nonce);
    }

    /// <summary>CPace's CI: what application, which roles, which credential.</summary>
    public static byte[] ChannelIdentifier(CredentialKind kind, string place) => LengthPrefixed.Join(
        "alongside/1"u8.ToArray(), "viewer"u8.ToArray(), "host"u8.ToArray(), [(byte)kind], Encoding.ASCII.GetBytes(place));

    /// <summary>The keys, once both shares are known.</summary>
    /// <param name="viewerHello">The whole 0x10 message.</param>
    /// <param name="hostHello">The 0x11 message without the share.</param>
    /// <param name="sid">Both nonces, the viewer's first.</param>
    /// <param name="k">CPace's K.</param>
    /// <param name="shareA">The viewer's share.</param>
    /// <param name="shareB">The host's share.</param>
    public static KeySchedule Keys(byte[] viewerHello, byte[] hostHello, byte[] sid, byte[] k, byte[] shareA, byte[] shareB)
    {
        var isk = Cpace.SessionKey(sid, k, shareA, SHA256.HashData(viewerHello), shareB, SHA256.HashData(hostHello));
        var transcript = SHA256.HashData(LengthPrefixed.Join(viewerHello, hostHello, shareA, shareB));
        var keys = new KeySchedule(transcript, isk);
        CryptographicOperations.ZeroMemory(isk);
        CryptographicOperations.ZeroMemory(k);
        return keys;
    }

    /// <summary>
    /// <code>
    /// u8 0x12 | share 65 | confirm 32
    /// </code>
    /// </summary>
    public static void ReadViewerFinish(ReadOnlySpan<byte> payload, out byte[] share, out ReadOnlySpan<byte> confirm)
    {
        var reader = new WireReader(payload[1..]);
        share = reader.Take(Cpace.ShareLength).ToArray();
        confirm = reader.Take(ConfirmLength);
        reader.End();
    }

    /// <summary>
    /// <code>
    /// u8 0x13 | [from version 2: nonce 16 of the Hello that is answered] | confirm 32
    /// </code>
    /// </summary>
    public static ReadOnlySpan<byte> ReadHostFinish(ReadOnlySpan<byte> payload, ushort version)
    {
        var reader = new WireReader(payload[1..]);
        reader.Take(version >= BoundVersion ? NonceLength : 0);
        var confirm = reader.Take(ConfirmLength);
        reader.End();
        return confirm;
    }

    /// <summary>
    /// <code>
    /// u8 0x14 | u8 reason | [to a Hello that named version 2: its nonce 16]
    /// </code>
    /// </summary>
    public static RefuseReason ReadRefuse(ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(payload[1..]);
        var reason = (RefuseReason)reader.ReadU8();
        reader.Take(reader.Remaining == NonceLength ? NonceLength : 0);
        reader.End();
        return Enum.IsDefined(reason) ? reason : throw new ProtocolException("A Refuse gave no known reason.");
    }
}
