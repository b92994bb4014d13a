using System.Text;

namespace Alongside.Vnc.Security;

/// <summary>
/// VNC authentication (RFB 7.2.2): the challenge, 16 bytes, encrypted with DES under the first eight bytes of the password. Weak: eight characters
/// at most, and who listens can try them all. Only its answer crosses the wire.
/// </summary>
public static class VncAuth
{
    /// <summary>Of the challenge and of its answer, in bytes.</summary>
    public const int ChallengeLength = 16;

    /// <summary>What follows is ignored by every implementation.</summary>
    public const int MaxPassword = 8;

    /// <summary>The answer to a challenge. A password's characters beyond Latin-1 are sent as question marks.</summary>
    public static byte[] Respond(string password, ReadOnlySpan<byte> challenge)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(challenge.Length, ChallengeLength);
        Span<byte> key = stackalloc byte[8];
        byte[] latin = Encoding.Latin1.GetBytes(password);
        for (int i = 0; i < key.Length; i++)
        {
            // The first implementation numbered the bits of a byte the other way round, so everybody does.
            key[i] = i < latin.Length ? Turn(latin[i]) : (byte)0;
        }

        byte[] answer = new byte[ChallengeLength];
        var des = new DesBlock(key);
        des.Encrypt(challenge[..8], answer);
        des.Encrypt(challenge[8..], answer.AsSpan(8));
        return answer;
    }

    private static byte Turn(byte value)
    {
        int turned = 0;
        for (int bit = 0; bit < 8; bit++)
        {
            turned |= ((value >> bit) & 1) << (7 - bit);
        }

        return (byte)turned;
    }
}
