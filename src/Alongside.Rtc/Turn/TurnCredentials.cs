using System.Security.Cryptography;
using System.Text;

namespace Alongside.Rtc.Turn;

/// <summary>
/// A name and a password that open a TURN server for a while: the name begins with when it ends, the password is made of the name with a secret that the TURN server
/// shares with us (coturn's `use-auth-secret`; draft-uberti-behave-turn-rest). Nothing is stored, and nobody has to be told.
/// </summary>
public sealed record TurnCredentials(string Username, string Password, long ExpiresAt)
{
    /// <param name="nowSeconds">Seconds since 1970: what the TURN server's clock says too.</param>
    /// <param name="who">Tells allocations apart in the TURN server's log; nothing that identifies a person.</param>
    public static TurnCredentials Issue(string secret, long nowSeconds, int lifetimeSeconds, string who)
    {
        long expires = nowSeconds + lifetimeSeconds;
        string name = $"{expires}:{who}";
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(name), hash);
        return new(name, Convert.ToBase64String(hash), expires);
    }
}
