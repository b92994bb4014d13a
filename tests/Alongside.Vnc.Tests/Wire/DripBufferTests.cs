using Alongside.Core.Wire;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Wire;

public sealed class DripBufferTests
{
    [Fact]
    public void Bytes_come_out_in_their_order_however_they_came_in()
    {
        var buffer = new DripBuffer(100_000);
        var random = new Random(5);
        int written = 0, read = 0;
        while (read < 300_000)
        {
            byte[] more = new byte[random.Next(0, 20_000)];
            for (int i = 0; i < more.Length; i++)
            {
                more[i] = (byte)(written++ * 7);
            }

            buffer.Append(more);
            int take = buffer.Count > 70_000 ? buffer.Count : random.Next(0, buffer.Count + 1);
            for (int i = 0; i < take; i++)
            {
                Assert.Equal((byte)(read++ * 7), buffer.Unread[i]);
            }

            buffer.Consume(take);
        }
    }

    [Fact]
    public void More_than_the_limit_is_refused()
    {
        var buffer = new DripBuffer(10);
        buffer.Append(new byte[10]);
        Assert.Throws<ProtocolException>(() => buffer.Append(new byte[1]));
        buffer.Consume(1);
        buffer.Append(new byte[1]);
        Assert.Equal(10, buffer.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Consume(11));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Consume(-1));
    }
}
