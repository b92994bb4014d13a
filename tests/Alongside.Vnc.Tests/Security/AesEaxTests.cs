using Alongside.Vnc.Security;

namespace Alongside.Vnc.Tests.Security;

public sealed class AesEaxTests
{
    /// <summary>From the paper that describes EAX, appendix G.</summary>
    [Theory]
    [InlineData("", "233952DEE4D5ED5F9B9C6D6FF80FF478", "62EC67F9C3A4A407FCB2A8C49031A8B3", "6BFB914FD07EAE6B", "E037830E8389F27B025A2D6527E79D01")]
    [InlineData("F7FB", "91945D3F4DCBEE0BF45EF52255F095A4", "BECAF043B0A23D843194BA972C66DEBD", "FA3BFD4806EB53FA", "19DD5C4C9331049D0BDAB0277408F67967E5")]
    [InlineData("1A47CB4933", "01F74AD64077F2E704C0F60ADA3DD523", "70C3DB4F0D26368400A10ED05D2BFF5E", "234A3463C1264AC6", "D851D5BAE03A59F238A23E39199DC9266626C40F80")]
    public void The_papers_vectors_come_out(string text, string key, string nonce, string header, string sealedText)
    {
        using var eax = new AesEax(Convert.FromHexString(key));
        byte[] bytes = Convert.FromHexString(text), tag = new byte[16], head = Convert.FromHexString(header), once = Convert.FromHexString(nonce);
        eax.Seal(once, head, bytes, tag);
        Assert.Equal(sealedText, Convert.ToHexString([.. bytes, .. tag]));
        Assert.True(eax.TryOpen(once, head, bytes, tag));
        Assert.Equal(text, Convert.ToHexString(bytes));
    }

    [Fact]
    public void Whatever_is_changed_is_found_out()
    {
        using var eax = new AesEax(new byte[32]);
        byte[] nonce = new byte[16], header = [0, 40], text = new byte[40], tag = new byte[16];
        eax.Seal(nonce, header, text, tag);
        foreach (byte[] part in (byte[][])[nonce, header, text, tag])
        {
            part[^1] ^= 1;
            Assert.False(eax.TryOpen(nonce, header, text, tag));
            part[^1] ^= 1;
        }

        Assert.True(eax.TryOpen(nonce, header, text, tag));
        Assert.All(text, value => Assert.Equal(0, value));
    }
}
