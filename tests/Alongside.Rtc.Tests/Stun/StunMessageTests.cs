using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly byte[] Key = "a key nobody else has"u8.ToArray();
    private readonly SeededRandomSource random = new(1);

    [Fact]
    public void Both_hashes_stand_together_and_each_notices_a_changed_bit()
    {
        var packet = Signed();
        for (int bit = 0; bit < packet.Length * 8; bit++)
        {
            var changed = (byte[])packet.Clone();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            bool isWhole = StunMessage.TryParse(changed, out var message) && message.IsIntact(Key) && message.IsIntactSha256(Key) && message.HasRightFingerprint;
            Assert.False(isWhole, $"bit {bit}");
        }

        Assert.True(StunMessage.TryParse(packet, out var original));
        Assert.True(original.IsIntact(Key) && original.IsIntactSha256(Key) && original.HasRightFingerprint);
    }

    [Fact]
    public void A_message_that_is_cut_short_is_none()
    {
        var packet = Signed();
        for (int length = 0; length < packet.Length; length++)
        {
            Assert.False(StunMessage.TryParse(packet.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void What_stands_behind_the_hash_is_not_seen()
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunMethod.Binding, StunClass.Request, TransactionId.New(random));
        writer.WriteIntegrity(Key);
        writer.Write(StunAttribute.UseCandidate, []);
        writer.WriteFingerprint();
        Assert.True(StunMessage.TryParse(writer.Written, out var message));
        Assert.True(message.IsIntact(Key) && message.HasRightFingerprint);
        Assert.False(message.Has(StunAttribute.UseCandidate));
    }

    [Fact]
    public void Arbitrary_bytes_are_refused_or_read_but_never_overrun()
    {
        var buffer = new byte[300];
        for (int run = 0; run < 20_000; run++)
        {
            var packet = buffer.AsSpan(0, random.Next(buffer.Length) & ~3);
            random.Fill(packet);
            if (packet.Length >= 20)
            {
                packet[0] &= 3;
                new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(packet[4..]);
                packet[2] = (byte)((packet.Length - 20) >> 8);
                packet[3] = (byte)(packet.Length - 20);
                for (int at = 20; at + 4 <= packet.Length; at += 4)
                {
                    // Lengths that often fit, so that attributes are reached.
                    packet[at + 2] = 0;
                    packet[at + 3] &= 0x1F;
                }
            }

            if (StunMessage.TryParse(packet, out var message))
            {
                _ = message.IsIntact(Key) | message.IsIntactSha256(Key) | message.HasRightFingerprint | message.TryReadError(out _);
                _ = message.TryReadXorAddress(StunAttribute.XorMappedAddress, out _) | message.TryReadAddress(StunAttribute.MappedAddress, out _);
                _ = message.FirstUnknown([]);
            }
        }
    }

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, 0x0001)]
    [InlineData(StunClass.Success, StunMethod.Binding, 0x0101)]
    [InlineData(StunClass.Error, StunMethod.Allocate, 0x0113)]
    [InlineData(StunClass.Indication, StunMethod.Data, 0x0017)]
    public void Class_and_method_are_woven_into_the_type(StunClass @class, StunMethod method, int type)
    {
        var buffer = new byte[20];
        var writer = new StunWriter(buffer, method, @class, default);
        Assert.Equal(type, (buffer[0] << 8) | buffer[1]);
        Assert.True(StunMessage.TryParse(writer.Written, out var message));
        Assert.Equal(@class, message.Class);
        Assert.Equal(method, message.Method);
    }

    [Fact]
    public void A_long_term_credential_takes_the_stronger_algorithm_and_offers_back_what_was_offered()
    {
        var credential = new LongTermCredential("user", "pass", 1000);
        Assert.Equal(Challenged.Taken, Challenge(credential, "obMatJos2AAABnonce", "example.org", [0, 1, 0, 0, 0, 2, 0, 0]));
        Assert.Equal(PasswordAlgorithm.Sha256, credential.Algorithm);
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunMethod.Allocate, StunClass.Request, TransactionId.New(random));
        credential.Sign(ref writer);
        Assert.True(StunMessage.TryParse(writer.Written, out var message));
        Assert.True(message.IsIntactSha256(LongTermCredential.MakeKey("user", "example.org"u8, "pass", PasswordAlgorithm.Sha256)));
        Assert.True(message.TryFind(StunAttribute.PasswordAlgorithms, out var offered));
        Assert.Equal([0, 1, 0, 0, 0, 2, 0, 0], offered.ToArray());
    }

    [Fact]
    public void A_long_term_credential_is_not_mixed_with_another_realm_or_the_same_nonce_again()
    {
        var credential = new LongTermCredential("user", "pass", 1000);
        Assert.Equal(Challenged.Unusable, Challenge(credential, "nonce", null, null));
        Assert.Equal(Challenged.Taken, Challenge(credential, "nonce", "example.org", null));
        Assert.Equal(Challenged.Known, Challenge(credential, "nonce", "example.org", null));
        Assert.Equal(Challenged.Unusable, Challenge(credential, "other", "evil.example", null));
        Assert.Equal(Challenged.Taken, Challenge(credential, "other", null, null));
    }

    /// <summary>To the byte: what fits is taken, and is as long as was reckoned.</summary>
    [Theory]
    [InlineData("nonce", null)]
    [InlineData("obMatJos2AAABnonce", new byte[] { 0, 1, 0, 0, 0, 2, 0, 0 })]
    public void A_challenge_that_would_make_a_request_too_long_is_not_taken(string nonce, byte[]? algorithms)
    {
        int refused = 0;
        for (int most = 32; most < 160; most++)
        {
            var credential = new LongTermCredential("user", "pass", most);
            if (Challenge(credential, nonce, "example.org", algorithms) == Challenged.TooLong)
            {
                refused++;
                Assert.False(credential.IsReady);
                continue;
            }

            var writer = new StunWriter(new byte[StunMessage.HeaderLength + most], StunMethod.Allocate, StunClass.Request, TransactionId.New(random));
            credential.Sign(ref writer);
            Assert.Equal(refused + 32, writer.Length - StunMessage.HeaderLength);
        }

        Assert.NotEqual(0, refused);
    }

    private Challenged Challenge(LongTermCredential credential, string nonce, string? realm, byte[]? algorithms)
    {
        var buffer = new byte[512];
        var writer = new StunWriter(buffer, StunMethod.Allocate, StunClass.Error, TransactionId.New(random));
        writer.WriteError(StunError.Unauthenticated, "Unauthenticated");
        writer.Write(StunAttribute.Nonce, nonce);
        if (realm is not null)
        {
            writer.Write(StunAttribute.Realm, realm);
        }

        if (algorithms is not null)
        {
            writer.Write(StunAttribute.PasswordAlgorithms, algorithms);
        }

        Assert.True(StunMessage.TryParse(writer.Written, out var message));
        Assert.True(message.TryReadError(out int code) && code == 401);
        return credential.Take(message);
    }

    private byte[] Signed()
    {
        var buffer = new byte[256];
        var writer = new StunWriter(buffer, StunMethod.Binding, StunClass.Request, TransactionId.New(random));
        writer.Write(StunAttribute.Username, "abc:def!");
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, new TransportAddress([192, 0, 2, 7], 4711));
        writer.WriteIntegrity(Key);
        writer.WriteIntegritySha256(Key);
        writer.WriteFingerprint();
        return writer.Written.ToArray();
    }
}
