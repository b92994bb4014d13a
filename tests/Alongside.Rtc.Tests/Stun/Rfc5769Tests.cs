using System.Text;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Tests.Stun;

/// <summary>The test vectors of RFC 5769, byte for byte.</summary>
public sealed class Rfc5769Tests
{
    private const string Password = "VOkJxbRl1RmTxUk/WvJxBt";

    private static readonly byte[] Request = Convert.FromHexString(
        "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff80290008932ff9b151263b36"
        + "00060009" + "6576746a3a68367659202020" + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

    private static readonly byte[] ResponseV4 = Convert.FromHexString(
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f9"
        + "2af9ba53f06be7d780280004c07d4c96");

    private static readonly byte[] ResponseV6 = Convert.FromHexString(
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
        + "00080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c");

    private static readonly byte[] LongTerm = Convert.FromHexString(
        "000100602112a44278ad3433c6ad72c029da412e00060012e3839ee38388e383aae38383e382afe382b900000015001c662f2f3439396b39353464364f4c33346f4c"
        + "39465354767936347341" + "0014000b6578616d706c652e6f72670000080014f67024656dd64a3e02b8e0712e85c9a28ca89666");

    [Fact]
    public void A_request_with_a_short_term_credential()
    {
        Assert.True(StunMessage.TryParse(Request, out var message));
        Assert.Equal(StunClass.Request, message.Class);
        Assert.Equal(StunMethod.Binding, message.Method);
        Assert.True(message.TryFind(StunAttribute.Username, out var name));
        Assert.Equal("evtj:h6vY", Encoding.UTF8.GetString(name));
        Assert.True(message.TryReadU32(StunAttribute.Priority, out uint priority));
        Assert.Equal(0x6e0001ffu, priority);
        Assert.True(message.TryReadU64(StunAttribute.IceControlled, out ulong tieBreaker));
        Assert.Equal(0x932ff9b151263b36ul, tieBreaker);
        Assert.True(message.IsIntact(Encoding.UTF8.GetBytes(Password)));
        Assert.False(message.IsIntact("another"u8));
        Assert.True(message.HasRightFingerprint);
    }

    [Fact]
    public void A_response_with_an_IPv4_address() => Response(ResponseV4, "192.0.2.1:32853");

    [Fact]
    public void A_response_with_an_IPv6_address() => Response(ResponseV6, "[2001:db8:1234:5678:11:2233:4455:6677]:32853");

    [Fact]
    public void A_request_with_a_long_term_credential()
    {
        Assert.True(StunMessage.TryParse(LongTerm, out var message));
        Assert.True(message.TryFind(StunAttribute.Realm, out var realm));
        Assert.Equal("example.org", Encoding.UTF8.GetString(realm));

        // SASLprep has already taken the soft hyphen and the double-width letters out of "The<U+00AD>M<U+00AA>tr<U+2168>".
        var key = LongTermCredential.MakeKey("マトリックス", realm, "TheMatrIX", PasswordAlgorithm.Md5);
        Assert.True(message.IsIntact(key));
    }

    /// <summary>What the writer makes of the same values is the vector, but for the bytes the vector pads with.</summary>
    [Fact]
    public void The_writer_makes_the_same_response()
    {
        var buffer = new byte[128];
        var writer = new StunWriter(buffer, StunMethod.Binding, StunClass.Success, TransactionId.Read(ResponseV4.AsSpan(8)));
        writer.Write(StunAttribute.Software, "test vector");
        Assert.True(StunMessage.TryParse(ResponseV4, out var vector));
        Assert.True(vector.TryReadXorAddress(StunAttribute.XorMappedAddress, out var address));
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, address);
        int unsigned = writer.Length;
        writer.WriteIntegrity(Encoding.UTF8.GetBytes(Password));
        writer.WriteFingerprint();
        Assert.Equal(ResponseV4.Length, writer.Length);
        buffer[35] = 0x20;
        Assert.Equal(ResponseV4.AsSpan(4, unsigned - 4).ToArray(), buffer.AsSpan(4, unsigned - 4).ToArray());
        buffer[35] = 0;
        Assert.True(StunMessage.TryParse(writer.Written, out var written) && written.IsIntact(Encoding.UTF8.GetBytes(Password)) && written.HasRightFingerprint);
    }

    private static void Response(byte[] bytes, string address)
    {
        Assert.True(StunMessage.TryParse(bytes, out var message));
        Assert.Equal(StunClass.Success, message.Class);
        Assert.True(message.TryReadXorAddress(StunAttribute.XorMappedAddress, out TransportAddress mapped));
        Assert.Equal(address, mapped.ToString());
        Assert.True(message.IsIntact(Encoding.UTF8.GetBytes(Password)));
        Assert.True(message.HasRightFingerprint);
    }
}
