using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Security;

/// <summary>Fills bytes that nobody can foresee.</summary>
public delegate void FillRandom(Span<byte> bytes);

/// <summary>
/// The client's side of RSA-AES up to its two keys: both show a public key, each sends a secret to the other's, and both secrets make a key a direction.
/// <code>
/// server  u32 bits | modulus | exponent                client  the same
/// client  u16 length | RSA(secret)                     server  the same                 PKCS#1 1.5, with the other's key
/// client's key = hash(server's secret | client's)      server's key = hash(client's | server's)
/// </code>
/// Then, encrypted, each side sends the hash of both public keys, its own first: whoever stands between and swapped one is found out.
/// SHA-1 and 16 bytes for types 5 and 6, SHA-256 and 32 bytes for 129 and 130.
/// </summary>
internal sealed class RsaAes(bool is256, RSA own, FillRandom random) : IDisposable
{
    private const int LeastBits = 1024;
    private const int MostBits = 8192;

    private byte[] server = [];
    private byte[] client = [];
    private byte[] secret = [];

    public int HashLength => is256 ? 32 : 20;

    /// <summary>How long the encrypted secret of the server is.</summary>
    public int SecretLength { get; } = (own.KeySize + 7) / 8;

    public EaxMessages Reading { get; private set; } = null!;

    public EaxMessages Writing { get; private set; } = null!;

    /// <summary>Bytes of a public key's message, as far as its first bytes tell.</summary>
    public static int KeyLength(ReadOnlySpan<byte> input)
    {
        if (input.Length < 4)
        {
            return 4;
        }

        uint bits = BinaryPrimitives.ReadUInt32BigEndian(input);
        Require(bits is >= LeastBits and <= MostBits, "The VNC server has a key of a length that is not taken.");
        return 4 + ((int)((bits + 7) / 8) * 2);
    }

    /// <summary>The server's key came: ours goes, and our secret for it.</summary>
    public void Answer(ReadOnlySpan<byte> message, IBufferWriter<byte> output)
    {
        server = message.ToArray();
        int length = (message.Length - 4) / 2;
        var modulus = new BigInteger(message.Slice(4, length), isUnsigned: true, isBigEndian: true);
        var exponent = new BigInteger(message[(4 + length)..], isUnsigned: true, isBigEndian: true);
        Require(!modulus.IsEven && !exponent.IsEven && exponent > BigInteger.One && exponent < modulus && modulus.GetBitLength() > LeastBits - 8, "The VNC server has a key that is none.");

        var parameters = own.ExportParameters(includePrivateParameters: false);
        client = new byte[4 + (SecretLength * 2)];
        BinaryPrimitives.WriteUInt32BigEndian(client, (uint)own.KeySize);
        parameters.Modulus!.CopyTo(client, 4 + SecretLength - parameters.Modulus!.Length);
        parameters.Exponent!.CopyTo(client, client.Length - parameters.Exponent!.Length);
        output.WriteBytes(client);

        secret = new byte[is256 ? 32 : 16];
        random(secret);
        output.WriteU16(length);
        output.WriteBytes(Encrypt(secret, modulus, exponent, length));
    }

    /// <summary>The server's secret came: the keys are made.</summary>
    public void Agree(ReadOnlySpan<byte> encrypted)
    {
        byte[] theirs;
        try
        {
            theirs = own.Decrypt(encrypted, RSAEncryptionPadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            throw new ProtocolException("The VNC server sent a secret that is none.");
        }

        Require(theirs.Length == secret.Length, "The VNC server sent a secret of another length.");
        Writing = new(Hash(theirs, secret).AsSpan(0, secret.Length));
        Reading = new(Hash(secret, theirs).AsSpan(0, secret.Length));
        CryptographicOperations.ZeroMemory(secret);
        CryptographicOperations.ZeroMemory(theirs);
    }

    /// <summary>What we say of both keys.</summary>
    public byte[] OwnProof => Hash(client, server);

    public void Check(ReadOnlySpan<byte> proof) =>
        Require(CryptographicOperations.FixedTimeEquals(proof, Hash(server, client)), "Somebody stands between here and the VNC server: it has not seen the key that was sent to it.");

    public void Dispose()
    {
        Reading?.Dispose();
        Writing?.Dispose();
        own.Dispose();
    }

    private byte[] Hash(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        byte[] both = [.. first, .. second];
#pragma warning disable CA5350 // The protocol's own choice for types 5 and 6.
        return is256 ? SHA256.HashData(both) : SHA1.HashData(both);
#pragma warning restore CA5350
    }

    /// <summary>00 | 02 | random bytes without 0 | 00 | text (PKCS#1 1.5), to the power of the exponent.</summary>
    private byte[] Encrypt(ReadOnlySpan<byte> text, BigInteger modulus, BigInteger exponent, int length)
    {
        var padded = new byte[length];
        padded[1] = 2;
        var padding = padded.AsSpan(2, length - text.Length - 3);
        random(padding);
        for (int i = 0; i < padding.Length; i++)
        {
            padding[i] = padding[i] == 0 ? (byte)1 : padding[i];
        }

        text.CopyTo(padded.AsSpan(length - text.Length));
        var power = BigInteger.ModPow(new(padded, isUnsigned: true, isBigEndian: true), exponent, modulus);
        byte[] bytes = power.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[length - bytes.Length], .. bytes];
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}
