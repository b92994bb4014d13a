using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// AES-256-GCM under the key and IV of one epoch; the nonce is the IV with the record's counter XORed into its last 8 bytes. Holds one
/// native key context for the epoch's life, so that sealing and opening allocate nothing.
/// </summary>
internal sealed class RecordKey : IDisposable
{
    public const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm aead;
    private readonly byte[] iv = new byte[NonceLength];

    public RecordKey(ReadOnlySpan<byte> secret, string keyLabel, string ivLabel)
    {
        Span<byte> key = stackalloc byte[32];
        KeySchedule.Expand(secret, keyLabel, key);
        KeySchedule.Expand(secret, ivLabel, iv);
        aead = new AesGcm(key, TagLength);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts in place: header, plaintext, room for the tag.</summary>
    public void Seal(ulong counter, Span<byte> record, int headerLength)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(counter, nonce);
        var body = record[headerLength..^TagLength];
        aead.Encrypt(nonce, body, body, record[^TagLength..], record[..headerLength]);
    }

    /// <summary>False: not sealed with this key and counter, or changed since. Nothing of the plaintext is left in the output then.</summary>
    public bool TryOpen(ulong counter, ReadOnlySpan<byte> record, int headerLength, Span<byte> plaintext)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        WriteNonce(counter, nonce);
        try
        {
            aead.Decrypt(nonce, record[headerLength..^TagLength], record[^TagLength..], plaintext, record[..headerLength]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => aead.Dispose();

    private void WriteNonce(ulong counter, Span<byte> nonce)
    {
        iv.CopyTo(nonce);
        var last = nonce[4..];
        BinaryPrimitives.WriteUInt64BigEndian(last, BinaryPrimitives.ReadUInt64BigEndian(last) ^ counter);
    }
}
