using System.Text;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Sctp.Wire;

public sealed class Crc32cTests
{
    [Fact]
    public void The_known_sums()
    {
        Assert.Equal(0xE306_9283u, Crc32c.Of(Encoding.ASCII.GetBytes("123456789")));

        // RFC 3720, appendix B.4.
        Assert.Equal(0x8A91_36AAu, Crc32c.Of(new byte[32]));
        Assert.Equal(0x62A8_AB43u, Crc32c.Of(Enumerable.Repeat((byte)0xFF, 32).ToArray()));
        Assert.Equal(0x46DD_794Eu, Crc32c.Of(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray()));
    }

    [Fact]
    public void The_fast_one_is_its_scalar_twin()
    {
        var random = new SeededRandomSource(1);
        byte[] bytes = new byte[1500];
        for (int length = 0; length < bytes.Length; length += 1 + random.Next(9))
        {
            random.Fill(bytes);
            Assert.Equal(Crc32c.OfScalar(bytes.AsSpan(0, length)), Crc32c.Of(bytes.AsSpan(0, length)));
        }
    }

    [Fact]
    public void The_packets_own_field_counts_as_zero()
    {
        byte[] packet = new byte[100];
        new SeededRandomSource(2).Fill(packet);
        uint sum = Crc32c.OfPacket(packet);
        packet.AsSpan(8, 4).Clear();
        Assert.Equal(Crc32c.OfScalar(packet), sum);
    }
}
