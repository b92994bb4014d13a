using Alongside.Vnc.Security;

namespace Alongside.Vnc.Tests.Security;

public sealed class VncAuthTests
{
    [Theory]
    [InlineData("133457799BBCDFF1", "0123456789ABCDEF", "85E813540F0AB405")]
    [InlineData("0000000000000000", "0000000000000000", "8CA64DE9C1B123A7")]
    [InlineData("FFFFFFFFFFFFFFFF", "FFFFFFFFFFFFFFFF", "7359B2163E4EDC58")]
    [InlineData("7CA110454A1A6E57", "01A1D6D039776742", "690F5B0D9A26939B")]
    public void Des_gives_the_published_blocks(string key, string clear, string expected)
    {
        byte[] output = new byte[8];
        new DesBlock(Convert.FromHexString(key)).Encrypt(Convert.FromHexString(clear), output);
        Assert.Equal(expected, Convert.ToHexString(output));
    }

    [Fact]
    public void Only_the_first_eight_characters_count()
    {
        byte[] challenge = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
        Assert.Equal(VncAuth.Respond("12345678", challenge), VncAuth.Respond("123456789", challenge));
        Assert.NotEqual(VncAuth.Respond("12345678", challenge), VncAuth.Respond("1234567", challenge));
        Assert.Equal(16, VncAuth.Respond("", challenge).Length);
    }
}
