using System.Security.Cryptography;
using System.Text;

namespace Alongside.Rtc.Stun;

/// <summary>How the key is made of a password (RFC 8489, 18.5). The numbers are those on the wire; 0 is a server that does not say, which means MD5.</summary>
public enum PasswordAlgorithm : ushort
{
    Unsaid = 0,
    Md5 = 1,
    Sha256 = 2,
}

/// <summary>What a challenge comes to.</summary>
public enum Challenged : byte
{
    /// <summary>It lacks what a request would be made with, or would have another realm than before.</summary>
    Unusable,

    /// <summary>What is known already: a request that was signed with it was refused for something else, one that was not can be made again.</summary>
    Known,

    /// <summary>A request that repeats it would be longer than any may be.</summary>
    TooLong,

    Taken,
}

/// <summary>
/// A name and a password, and what a server asked them to be mixed with (RFC 8489, 9.2). A server that offers both algorithms gets the stronger, and its
/// offer back, so that nobody between can take the stronger one away (9.2.1: the nonce that begins with "obMatJos2" says that it offers).
/// </summary>
/// <param name="most">Bytes of a request that may be spent on saying who asks and proving it: a server decides how long what is repeated to it is.</param>
public sealed class LongTermCredential(string username, string password, int most)
{
    private const string Cookie = "obMatJos2";
    private const int MaxText = 763;

    private byte[] realm = [];
    private byte[] nonce = [];
    private byte[] offered = [];
    private byte[] key = [];

    /// <summary>Challenges taken so far: what was signed at another number was signed with something else.</summary>
    public int Round { get; private set; }

    /// <summary>Whether a server has challenged: without, nothing is known to mix with.</summary>
    public bool IsReady => key.Length > 0;

    public PasswordAlgorithm Algorithm { get; private set; }

    /// <summary>The key of the algorithm in use: 16 or 32 bytes.</summary>
    public ReadOnlySpan<byte> Key => key;

    /// <summary>RFC 8489, 18.5.1: MD5 or SHA-256 of `username:realm:password`.</summary>
    public static byte[] MakeKey(string username, ReadOnlySpan<byte> realm, string password, PasswordAlgorithm algorithm)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(username), (byte)':', .. realm, (byte)':', .. Encoding.UTF8.GetBytes(password)];
        return algorithm == PasswordAlgorithm.Sha256 ? SHA256.HashData(text) : MD5.HashData(text);
    }

    /// <summary>Takes what a 401 or 438 says.</summary>
    public Challenged Take(in StunMessage error)
    {
        if (!error.TryFind(StunAttribute.Nonce, out var newNonce) || newNonce.Length is 0 or > MaxText)
        {
            return Challenged.Unusable;
        }

        if (newNonce.SequenceEqual(nonce))
        {
            return Challenged.Known;
        }

        bool hasRealm = error.TryFind(StunAttribute.Realm, out var newRealm) && newRealm.Length is > 0 and <= MaxText;
        if (!hasRealm && realm.Length == 0)
        {
            return Challenged.Unusable;
        }

        bool keepsRealm = !hasRealm || newRealm.SequenceEqual(realm);
        if (!keepsRealm && realm.Length > 0)
        {
            // A server that changes its realm in mid-course would have us hash the password with what it likes.
            return Challenged.Unusable;
        }

        var algorithm = Choose(newNonce, error, out var list);
        if (SignatureLength(Encoding.UTF8.GetByteCount(username), keepsRealm ? realm.Length : newRealm.Length, newNonce.Length, algorithm, list.Length) > most)
        {
            return Challenged.TooLong;
        }

        nonce = newNonce.ToArray();
        realm = keepsRealm ? realm : newRealm.ToArray();
        Algorithm = algorithm;
        offered = list.ToArray();
        key = MakeKey(username, realm, password, Algorithm);
        Round++;
        return Challenged.Taken;
    }

    /// <summary>Bytes that <see cref="Sign"/> writes of texts so long.</summary>
    private static int SignatureLength(int name, int realm, int nonce, PasswordAlgorithm algorithm, int offer)
    {
        const int head = 4, sha1 = 20, sha256 = 32;
        int texts = head + StunMessage.Padded(name) + head + StunMessage.Padded(realm) + head + StunMessage.Padded(nonce);
        return texts + (algorithm == PasswordAlgorithm.Unsaid ? head + sha1 : head + StunMessage.Padded(offer) + head + 4 + head + sha256);
    }

    /// <summary>Writes who asks, and at the end what proves it.</summary>
    public void Sign(ref StunWriter writer)
    {
        writer.Write(StunAttribute.Username, username);
        writer.Write(StunAttribute.Realm, realm);
        writer.Write(StunAttribute.Nonce, nonce);
        if (Algorithm != PasswordAlgorithm.Unsaid)
        {
            writer.Write(StunAttribute.PasswordAlgorithms, offered);
            writer.Write(StunAttribute.PasswordAlgorithm, [0, (byte)Algorithm, 0, 0]);
            writer.WriteIntegritySha256(key);
            return;
        }

        writer.WriteIntegrity(key);
    }

    public bool IsIntact(in StunMessage message) => Algorithm == PasswordAlgorithm.Unsaid ? message.IsIntact(key) : message.IsIntactSha256(key);

    /// <summary>The strongest of what is offered; unsaid when the server follows RFC 5389, or its offer is not one.</summary>
    /// <param name="list">What is offered, to be said again; empty when nothing is.</param>
    private static PasswordAlgorithm Choose(ReadOnlySpan<byte> nonce, in StunMessage error, out ReadOnlySpan<byte> list)
    {
        list = [];
        if (nonce.Length < Cookie.Length + 4 || !nonce.StartsWith(Encoding.ASCII.GetBytes(Cookie))
            || !error.TryFind(StunAttribute.PasswordAlgorithms, out list))
        {
            return PasswordAlgorithm.Unsaid;
        }

        var best = PasswordAlgorithm.Unsaid;
        for (var rest = list; rest.Length >= 4;)
        {
            int parameters = StunMessage.Padded((rest[2] << 8) | rest[3]);
            var here = (PasswordAlgorithm)((rest[0] << 8) | rest[1]);
            if (here is PasswordAlgorithm.Md5 or PasswordAlgorithm.Sha256 && here > best && parameters == 0)
            {
                best = here;
            }

            rest = rest[Math.Min(rest.Length, 4 + parameters)..];
        }

        return best;
    }
}
