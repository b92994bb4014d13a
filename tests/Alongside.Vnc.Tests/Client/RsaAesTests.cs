using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Security;

namespace Alongside.Vnc.Tests.Client;

/// <summary>RSA-AES against a server written from the protocol's text, with its own keys; in pieces of any size.</summary>
public sealed class RsaAesTests : IDisposable
{
    private readonly RSA serverKey = RSA.Create(2048);
    private readonly RSA clientKey = RSA.Create(2048);
    private readonly byte[] serverSecret = RandomNumberGenerator.GetBytes(32);

    public void Dispose()
    {
        serverKey.Dispose();
        clientKey.Dispose();
    }

    [Theory]
    [InlineData(SecurityType.RsaAes, 2, int.MaxValue)]
    [InlineData(SecurityType.RsaAes, 1, 1)]
    [InlineData(SecurityType.RsaAes256, 1, 7)]
    [InlineData(SecurityType.RsaAesUnencrypted, 2, int.MaxValue)]
    [InlineData(SecurityType.RsaAes256Unencrypted, 1, 1)]
    public void A_desktop_is_reached_by_every_form_of_it(byte type, byte kind, int piece)
    {
        using var client = new RfbClient(Options());
        bool is256 = type >= 129, stays = type is SecurityType.RsaAes or SecurityType.RsaAes256;
        Feed(client, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, type).All, piece);
        byte[] said = ServerBytes.Sent(client);
        Assert.Equal(type, said[12]);

        byte[] ours = Public(serverKey);
        Feed(client, ours, piece);
        said = ServerBytes.Sent(client);
        byte[] theirs = Public(clientKey);
        Assert.Equal(theirs, said[..theirs.Length]);
        Assert.Equal(256, BinaryPrimitives.ReadUInt16BigEndian(said.AsSpan(theirs.Length)));
        byte[] clientSecret = serverKey.Decrypt(said.AsSpan(theirs.Length + 2), RSAEncryptionPadding.Pkcs1);
        int length = is256 ? 32 : 16;
        Assert.Equal(length, clientSecret.Length);

        byte[] secret = serverSecret[..length];
        using var reading = new EaxMessages(Hash(is256, secret, clientSecret).AsSpan(0, length));
        using var writing = new EaxMessages(Hash(is256, clientSecret, secret).AsSpan(0, length));
        byte[] encrypted = clientKey.Encrypt(secret, RSAEncryptionPadding.Pkcs1);

        // Secret, proof and kind in one breath, as a server may send them.
        Feed(client, [.. new ServerBytes().U16(256).Raw(encrypted).All, .. Seal(writing, Hash(is256, ours, theirs)), .. Seal(writing, [kind])], piece);
        said = ServerBytes.Sent(client);
        byte[] proof = Hash(is256, theirs, ours);
        Assert.Equal(proof, Open(reading, ref said));
        Assert.Equal(kind == 1 ? [4, .. "anna"u8, 6, .. "sesame"u8] : [0, 6, .. "sesame"u8], Open(reading, ref said));
        Assert.Empty(said);

        Feed(client, stays ? Seal(writing, [0, 0, 0, 0]) : [0, 0, 0, 0], piece);
        said = ServerBytes.Sent(client);
        Assert.Equal([1], stays ? Open(reading, ref said) : said);
        byte[] init = new ServerBytes().Init(64, 48, "Desk").All;
        Feed(client, stays ? [.. Seal(writing, init[..9]), .. Seal(writing, init[9..])] : init, piece);
        Assert.True(client.IsReady);
        Assert.Equal(stays, client.IsEncrypted);
    }

    [Fact]
    public void A_swapped_key_is_found_out_and_one_that_is_not_trusted_gets_nothing()
    {
        using var client = new RfbClient(Options());
        using var other = RSA.Create(2048);
        client.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, SecurityType.RsaAes).Raw(Public(other)).All);
        byte[] said = ServerBytes.Sent(client);
        byte[] clientSecret = other.Decrypt(said.AsSpan(^256), RSAEncryptionPadding.Pkcs1);
        byte[] secret = serverSecret[..16];
        using var writing = new EaxMessages(Hash(false, clientSecret, secret).AsSpan(0, 16));
        byte[] proof = Seal(writing, Hash(false, Public(serverKey), Public(clientKey)));
        var wrong = Assert.Throws<ProtocolException>(() =>
            client.Handle(0, [.. new ServerBytes().U16(256).Raw(clientKey.Encrypt(secret, RSAEncryptionPadding.Pkcs1)).All, .. proof]));
        Assert.Contains("between", wrong.Message, StringComparison.Ordinal);

        using var careful = new RfbClient(Options() with { KeyRefusal = _ => "Not this one." });
        careful.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, SecurityType.RsaAes).All);
        _ = ServerBytes.Sent(careful);
        Assert.Throws<RfbRefusedException>(() => careful.Handle(0, Public(serverKey)));
        Assert.Empty(ServerBytes.Sent(careful));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(512, 64, 3)]
    [InlineData(100_000, 64, 3)]
    [InlineData(2048, 256, 0)]
    [InlineData(2048, 256, 2)]
    public void A_key_that_is_none_is_refused(int bits, int length, byte exponent)
    {
        using var client = new RfbClient(Options());
        client.Handle(0, new ServerBytes().Raw("RFB 003.008\n"u8).U8(1, SecurityType.RsaAes).All);
        byte[] modulus = [.. Enumerable.Repeat((byte)0xff, length)], power = new byte[length];
        if (length > 0)
        {
            power[^1] = exponent;
        }

        Assert.Throws<ProtocolException>(() => client.Handle(0, new ServerBytes().U32((uint)bits).Raw(modulus).Raw(power).All));
    }

    private RfbClientOptions Options() => ServerBytes.Options with
    {
        // The client's is disposed with it.
        NewKey = () => RSA.Create(clientKey.ExportParameters(includePrivateParameters: true)),
        Random = RandomNumberGenerator.Fill,
    };

    private static void Feed(RfbClient client, byte[] bytes, int piece)
    {
        foreach (byte[] part in bytes.Chunk(Math.Min(piece, bytes.Length)))
        {
            client.Handle(0, part);
        }
    }

    private static byte[] Public(RSA key)
    {
        var parameters = key.ExportParameters(includePrivateParameters: false);
        byte[] exponent = new byte[256];
        parameters.Exponent!.CopyTo(exponent, 256 - parameters.Exponent!.Length);
        return new ServerBytes().U32(2048).Raw(parameters.Modulus!).Raw(exponent).All;
    }

    private static byte[] Hash(bool is256, byte[] first, byte[] second) =>
        is256 ? SHA256.HashData([.. first, .. second]) : SHA1.HashData([.. first, .. second]);

    private static byte[] Seal(EaxMessages messages, byte[] text)
    {
        var output = new ArrayBufferWriter<byte>();
        messages.Seal(text, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Open(EaxMessages messages, ref byte[] said)
    {
        int length = EaxMessages.Length(said);
        byte[] text = new byte[length];
        int count = messages.Open(said.AsSpan(0, length), text);
        said = said[length..];
        return text[..count];
    }
}
