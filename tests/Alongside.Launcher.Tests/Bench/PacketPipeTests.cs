using Alongside.Bench.Links;

namespace Alongside.Launcher.Tests.Bench;

/// <summary>The thin links of <c>bench desktop</c>: what rate, delay, queue and loss do to packets, under a clock of the test's.</summary>
public sealed class PacketPipeTests
{
    private static readonly byte[] Packet = new byte[1250];

    [Fact]
    public void A_packet_takes_its_time_on_the_wire_and_the_distance()
    {
        // 1,250 bytes at 1 Mbit/s are ten milliseconds.
        var pipe = new PacketPipe(new("", "", 1_000_000, DelayMs: 20, QueueMs: 1000, LossPercent: 0), 1);
        pipe.Add(5_000, Packet);
        Assert.Equal(35_000, pipe.NextDue);
        Assert.False(pipe.TryTake(34_999, out _));
        Assert.True(pipe.TryTake(35_000, out byte[] taken));
        Assert.Equal(Packet.Length, taken.Length);
        Assert.Equal(long.MaxValue, pipe.NextDue);
    }

    [Fact]
    public void Packets_wait_for_each_other_and_keep_their_order()
    {
        var pipe = new PacketPipe(new("", "", 1_000_000, DelayMs: 0, QueueMs: 1000, LossPercent: 0), 1);
        for (byte i = 0; i < 5; i++)
        {
            pipe.Add(0, [i, .. Packet.AsSpan(1)]);
        }

        for (byte i = 0; i < 5; i++)
        {
            Assert.False(pipe.TryTake((i * 10_000) + 9_999, out _));
            Assert.True(pipe.TryTake((i * 10_000) + 10_000, out byte[] taken));
            Assert.Equal(i, taken[0]);
        }
    }

    [Fact]
    public void What_the_queue_has_no_room_for_is_dropped_and_counted()
    {
        var pipe = new PacketPipe(new("", "", 1_000_000, DelayMs: 0, QueueMs: 100, LossPercent: 0), 1);
        for (int i = 0; i < 30; i++)
        {
            pipe.Add(0, Packet);
        }

        // Ten of them stand in a tenth of a second.
        int passed = 0;
        while (pipe.TryTake(10_000_000, out _))
        {
            passed++;
        }

        Assert.Equal((10, 20), (passed, (int)pipe.Dropped));
        Assert.Equal(passed * Packet.Length, pipe.Passed);
        pipe.Add(10_000_000, Packet);
        Assert.True(pipe.TryTake(20_000_000, out _));
    }

    [Fact]
    public void About_as_many_vanish_as_were_said_to()
    {
        var pipe = new PacketPipe(new("", "", 1_000_000_000, DelayMs: 0, QueueMs: 1000, LossPercent: 2), 7);
        for (int i = 0; i < 10_000; i++)
        {
            pipe.Add(i * 1000, Packet);
        }

        Assert.InRange(pipe.Dropped, 120, 280);
    }
}
