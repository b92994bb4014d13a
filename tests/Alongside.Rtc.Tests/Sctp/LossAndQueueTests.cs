using Alongside.Rtc.Sctp;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>A loss that nothing but bad luck explains costs next to nothing; a queue that runs over is backed away from, and shared. In virtual time: the same everywhere.</summary>
public sealed class LossAndQueueTests
{
    /// <summary>2 Mbit/s, 100 ms there and back, a queue of 200 ms.</summary>
    private static readonly LinkTerms Thin = new() { Delay = 50_000, Rate = 250_000, Queue = 50_000, Longest = 1435 };

    private static readonly LinkTerms Wide = new() { Delay = 20_000, Rate = 12_500_000, Queue = 500_000, Longest = 1435 };

    [Fact]
    public void A_film_on_a_thin_line_that_loses_one_in_a_hundred_is_shown_whole_and_soon()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var pair = new SctpPair(seed, Thin with { Loss = 0.01 }).Connect();
            var film = new Film(pair, framesASecond: 20, bytes: 10_000, allowance: 100_000).Play(seconds: 30);
            Assert.True(film.Shown > 19.5, $"Seed {seed}: {film.Shown} frames a second.");

            // On the line that loses nothing half of them are 110 ms old and less.
            Assert.True(film.Age(50) < 150_000, $"Seed {seed}: half are older than {film.Age(50) / 1000} ms.");
        }
    }

    [Fact]
    public void Bad_luck_does_not_empty_a_long_line()
    {
        var line = new SharedLine(1, Wide with { Loss = 0.01 }, CongestionPolicy.Cubic).Run(20_000_000);
        Assert.True(line.Carried[0] > 0.5 * 20 * Wide.Rate, $"{line.Carried[0]} bytes.");
    }

    /// <summary>With a queue of a round trip, of a fifth of one, and of next to nothing.</summary>
    [Theory]
    [InlineData(50_000, 0.02)]
    [InlineData(10_000, 0.02)]
    [InlineData(6_000, 0.02)]
    public void A_queue_that_runs_over_is_backed_away_from(int queue, double most)
    {
        var line = new SharedLine(1, new LinkTerms { Delay = 20_000, Rate = 1_250_000, Queue = queue, Longest = 1435 }, CongestionPolicy.Cubic).Run(20_000_000);
        Assert.True(line.LossShare < most, $"{line.LossShare} is lost.");
        Assert.True(line.Carried[0] > 0.8 * 20 * 1_250_000, $"{line.Carried[0]} bytes.");
    }

    [Theory]
    [InlineData(50_000, CongestionPolicy.Cubic, 0.35)]
    [InlineData(50_000, CongestionPolicy.Reno, 0.35)]
    [InlineData(200_000, CongestionPolicy.Cubic, 0.35)]
    [InlineData(10_000, CongestionPolicy.Cubic, 0.35)]
    [InlineData(10_000, CongestionPolicy.Reno, 0.2)]
    public void Who_comes_later_gets_a_share_of_a_line_whose_queue_runs_over(int queue, CongestionPolicy other, double share)
    {
        var line = new SharedLine(1, new LinkTerms { Delay = 20_000, Rate = 1_250_000, Queue = queue, Longest = 1435 }, CongestionPolicy.Cubic, other)
            .Run(20_000_000, late: 3_000_000).Run(40_000_000);
        Assert.True(line.Carried[1] > share * 40 * 1_250_000, $"{line.Carried[0]} and {line.Carried[1]} bytes.");
    }
}
