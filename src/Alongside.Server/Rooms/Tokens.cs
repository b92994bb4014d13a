using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Alongside.Server.Rooms;

/// <summary>Room ids and tokens: 16 random bytes in base64url. Of a token only its SHA-256 is kept.</summary>
public static class Tokens
{
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    public static byte[] Hash(string token) => SHA256.HashData(Encoding.ASCII.GetBytes(token));

    public static bool Matches(string token, byte[] hash) => CryptographicOperations.FixedTimeEquals(Hash(token), hash);
}
