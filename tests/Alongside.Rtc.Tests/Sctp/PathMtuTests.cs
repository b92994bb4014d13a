using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>How long packets may be: found by trying, and forgotten when they vanish. Under virtual time.</summary>
public sealed class PathMtuTests
{
    private const int Least = 1191, Narrow = 1300;

    [Theory]
    [InlineData(0, 2008)]
    [InlineData(1435, 1432)]
    [InlineData(1415, 1412)]
    [InlineData(1311, Least)]
    [InlineData(Least, Least)]
    public void The_longest_that_arrives_is_found_and_used(int longest, int found)
    {
        var pair = new SctpPair(1, new LinkTerms { Delay = 20_000, Longest = longest }).Connect();
        pair.Run(1_000_000);
        Assert.Equal(found, pair.Left.Statistics.LongestPacket);
        int used = 0;
        pair.OnPacket = (from, packet) =>
        {
            used = from == pair.Left ? Math.Max(used, packet.Length) : used;
            return true;
        };
        Assert.Equal(50, Arrivals(pair, 50, 64 * 1024, 0).Count);

        // Pieces are of a length and end on fours: a few bytes may be left.
        Assert.InRange(used, found - 31, found);
    }

    [Fact]
    public void Lost_tries_are_made_again()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            var pair = new SctpPair(seed, new LinkTerms { Delay = 20_000, Loss = 0.2, Longest = 1435 }).Connect();
            pair.Run(1_300_000_000);
            Assert.Equal(1432, pair.Left.Statistics.LongestPacket);
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(20_000)]
    [InlineData(150_000)]
    public void A_path_that_becomes_narrow_loses_nothing_and_stands_still_for_less_than_two_seconds(long delay)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var terms = new LinkTerms { Delay = delay, Rate = 5_000_000, Queue = 200_000, Longest = 1435 };
            var pair = new SctpPair(seed, terms).Connect();
            pair.Run(5_000_000);
            Assert.Equal(1432, pair.Left.Statistics.LongestPacket);

            // In the midst of it.
            Assert.Equal(60, Arrivals(pair, 60, 30_000, 0).Count);
            pair.Left.TrySend(pair.Now, 1, 51, default, new byte[200_000]);
            pair.Run(pair.Random.Next(100_000));
            pair.ToRight.Terms = pair.ToLeft.Terms = terms with { Longest = Narrow };
            long longestWait = 0, last = pair.Now;
            foreach (long at in Arrivals(pair, 60, 30_000, 0))
            {
                longestWait = Math.Max(longestWait, at - last);
                last = at;
            }

            Assert.InRange(longestWait, 0, 2_000_000);
            Assert.Equal(Least, pair.Left.Statistics.LongestPacket);
        }
    }

    /// <summary>A letter's worth of picture now and then: no flight behind it to notice anything by.</summary>
    [Fact]
    public void Single_messages_arrive_over_a_path_that_has_become_narrow()
    {
        var terms = new LinkTerms { Delay = 20_000, Longest = 1435 };
        var pair = new SctpPair(3, terms).Connect();
        pair.Run(1_000_000);
        pair.ToRight.Terms = terms with { Longest = Narrow };
        int arrived = 0;
        pair.OnMessage = (_, _) => arrived++;
        for (int i = 1; i <= 20; i++)
        {
            pair.Left.TrySend(pair.Now, 1, 51, default, new byte[1400]);
            Assert.True(pair.RunUntil(() => arrived == i, 400_000), $"Message {i}.");
        }

        Assert.Equal(Least, pair.Left.Statistics.LongestPacket);
    }

    [Fact]
    public void What_is_lost_of_a_long_packet_leaves_in_a_short_one()
    {
        var pair = new SctpPair(4, new LinkTerms { Delay = 20_000, Longest = 1435 }).Connect();
        pair.Run(1_000_000);
        var seen = new HashSet<uint>();
        int again = 0, longestAgain = 0;
        pair.OnPacket = (from, packet) =>
        {
            if (from != pair.Left || packet.Span[12] != ChunkType.Data)
            {
                return true;
            }

            bool isNew = seen.Add(System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(packet.Span[16..]));
            again += isNew ? 0 : 1;
            longestAgain = isNew ? longestAgain : Math.Max(longestAgain, packet.Length);
            return !isNew || seen.Count % 10 != 0;
        };
        Assert.Equal(10, Arrivals(pair, 10, 64 * 1024, 0).Count);
        Assert.InRange(again, 10, 1000);
        Assert.InRange(longestAgain, 1, Least);
    }

    [Fact]
    public void A_full_queue_is_no_narrow_path()
    {
        var pair = new SctpPair(5, new LinkTerms { Delay = 20_000, Rate = 2_000_000, Queue = 20_000, Longest = 1435 }, SctpPair.Options with { Congestion = CongestionPolicy.Reno }).Connect();
        pair.Run(1_000_000);
        int least = int.MaxValue;
        pair.OnPacket = (_, _) =>
        {
            least = Math.Min(least, pair.Left.Statistics.LongestPacket);
            return true;
        };
        Assert.Equal(100, Arrivals(pair, 100, 64 * 1024, 0).Count);
        Assert.True(pair.ToRight.Dropped > 20, "The queue was never full.");
        Assert.Equal(1432, least);
    }

    [Fact]
    public void Of_another_path_nothing_is_known()
    {
        var terms = new LinkTerms { Delay = 20_000, Longest = 1435 };
        var pair = new SctpPair(6, terms).Connect();
        pair.Run(1_000_000);
        pair.ToRight.Terms = terms with { Longest = 1415 };
        pair.Left.PathChanged(pair.Now);
        Assert.Equal(Least, pair.Left.Statistics.LongestPacket);
        pair.Run(1_000_000);
        Assert.Equal(1412, pair.Left.Statistics.LongestPacket);
    }

    /// <summary>When each of so many messages arrived.</summary>
    private static List<long> Arrivals(SctpPair pair, int messages, int length, ushort stream)
    {
        var times = new List<long>();
        pair.OnMessage = (_, message) =>
        {
            if (message.Stream == stream && message.Length == length)
            {
                times.Add(pair.Now);
            }
        };
        for (int i = 0; i < messages; i++)
        {
            Assert.True(pair.Left.TrySend(pair.Now, stream, 51, default, new byte[length]));
        }

        pair.RunUntil(() => times.Count == messages, 60_000_000);
        return times;
    }
}
