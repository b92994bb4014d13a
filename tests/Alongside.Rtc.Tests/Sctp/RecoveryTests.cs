using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>How soon what was lost is there, in virtual time: bounds a good sender keeps easily and a stuck one cannot.</summary>
public sealed class RecoveryTests
{
    private const int Line = 12_500_000;

    [Theory]
    [InlineData(CongestionPolicy.Cubic)]
    [InlineData(CongestionPolicy.Reno)]
    public void A_whole_window_lost_is_made_up_for(CongestionPolicy policy)
    {
        var terms = new LinkTerms { Delay = 50_000, Rate = Line, Queue = Line / 10 };
        var pair = new SctpPair(1, terms, SctpPair.Options with { Congestion = policy });
        long received = 0;
        pair.OnMessage = (_, message) => received += message.Length;
        pair.Connect();
        for (int i = 0; i < 160; i++)
        {
            Assert.True(pair.Left.TrySend(pair.Now, 1, 53, default, new byte[64 * 1024]));
        }

        pair.RunUntil(() => received > 2_000_000, 10_000_000);
        pair.ToRight.IsDown = pair.ToLeft.IsDown = true;
        pair.Run(1_500_000);
        pair.ToRight.IsDown = pair.ToLeft.IsDown = false;
        long since = pair.Now;
        Assert.True(pair.RunUntil(() => received == 160 * 64 * 1024, 30_000_000), $"{received} bytes after {(pair.Now - since) / 1000} ms.");
    }

    [Fact]
    public void Starting_fills_the_line_without_flooding_it()
    {
        var pair = new SctpPair(2, new LinkTerms { Delay = 50_000, Rate = Line, Queue = Line / 10, Longest = 1435 });
        long received = 0;
        pair.OnMessage = (_, message) => received += message.Length;
        pair.Connect();
        for (int i = 0; i < 200; i++)
        {
            pair.Left.TrySend(pair.Now, 1, 53, default, new byte[64 * 1024]);
        }

        // 13 MB are 1.1 s of the line.
        Assert.True(pair.RunUntil(() => received == 200 * 64 * 1024, 6_000_000), $"{received} bytes.");
        Assert.True(pair.ToRight.Dropped < pair.ToRight.Sent / 20, $"{pair.ToRight.Dropped} of {pair.ToRight.Sent} lost.");
    }

    /// <summary>More gaps than a SACK can tell of: what has arrived behind them looks as if it were under way, and fills the window.</summary>
    [Theory]
    [InlineData(1435)]
    [InlineData(1200)]
    public void A_start_that_overfills_a_queue_by_a_thousand_packets_is_made_up_for_in_a_few_round_trips(int longest)
    {
        var pair = new SctpPair(2, new LinkTerms { Delay = 60_000, Rate = Line, Queue = Line / 10, Longest = longest });
        long received = 0;
        pair.OnMessage = (_, message) => received += message.Length;
        pair.Connect();
        for (int i = 0; i < 200; i++)
        {
            pair.Left.TrySend(pair.Now, 1, 53, default, new byte[64 * 1024]);
        }

        // 13 MB are 1.1 s of the line, and the start takes another.
        Assert.True(pair.RunUntil(() => received == 200 * 64 * 1024, 3_500_000), $"{received} bytes.");
        Assert.True(pair.ToRight.Dropped > 1000, $"Only {pair.ToRight.Dropped} were lost.");
    }

    [Fact]
    public void The_last_packet_lost_is_noticed_before_the_timeout()
    {
        var pair = new SctpPair(3, new LinkTerms { Delay = 20_000 }).Connect();
        bool arrived = false, isLost = false;
        for (int i = 0; i < 5; i++)
        {
            pair.Left.TrySend(pair.Now, 1, 53, default, new byte[100]);
            pair.Run(300_000);
        }

        pair.OnMessage = (_, _) => arrived = true;
        pair.OnPacket = (from, packet) => isLost || from != pair.Left || packet.Span[12] != ChunkType.Data || !(isLost = true);
        pair.Left.TrySend(pair.Now, 1, 53, default, new byte[100]);
        Assert.True(pair.RunUntil(() => arrived, 180_000));
        Assert.Equal(1, pair.Left.Statistics.Retransmitted);
    }

    /// <summary>Between two programs of one machine: what waits there for a reader is a socket's buffer, and what it does not hold is lost.</summary>
    [Theory]
    [InlineData(125_000_000)]
    [InlineData(40_000_000)]
    public void The_first_large_message_that_is_never_sent_again_fits_a_shallow_buffer_at_the_end_of_a_short_path(long rate)
    {
        var pair = new SctpPair(6, new LinkTerms { Delay = 100, Rate = rate, Queue = 64 * 1024 }).Connect();
        int arrived = 0;
        pair.OnMessage = (_, message) => arrived = message.Length;
        pair.Left.TrySend(pair.Now, 1, 53, new(Unordered: true, MaxRetransmits: 0), new byte[256 * 1024]);
        pair.RunUntil(() => arrived > 0, 5_000_000);
        Assert.Equal(256 * 1024, arrived);
        Assert.Equal(0, pair.ToRight.Dropped);
    }

    [Fact]
    public void Nothing_is_allocated_a_packet_once_running()
    {
        var pair = new SctpPair(5, new LinkTerms { Delay = 1_000 }).Connect();
        byte[] data = new byte[20_000];
        Run(pair, data, 300);

        // The best of some: what a collection takes out of the shared pool in between is made anew once.
        long least = long.MaxValue;
        for (int i = 0; i < 20 && least > 16; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            long packets = pair.ToRight.Sent;
            Run(pair, data, 300);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (pair.ToRight.Sent - packets));
        }

        Assert.InRange(least, 0, 16);

        static void Run(SctpPair pair, byte[] data, int messages)
        {
            for (int i = 0; i < messages; i++)
            {
                pair.Left.TrySend(pair.Now, 1, 53, default, data);
                pair.Run(2_000);
            }
        }
    }
}
