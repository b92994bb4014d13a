using Alongside.Core.Link;

namespace Alongside.Core.Tests.Link;

public sealed class PathChoiceTests
{
    private const long Second = 1_000_000;

    [Theory]
    [InlineData(0, 10_000, true)]
    [InlineData(0, 10_001, false)]
    [InlineData(40_000, 58_000, true)]
    [InlineData(40_000, 58_001, false)]
    [InlineData(200_000, 1_000, true)]
    public void A_way_may_be_slower_by_ten_milliseconds_and_a_fifth(long relay, long way, bool isWorth)
    {
        var choice = new PathChoice();
        choice.RelayTook(relay);
        choice.WayTook(0, way);
        Assert.Equal(isWorth, choice.IsWorthTaking);
    }

    [Fact]
    public void What_was_not_measured_keeps_nobody_from_it()
    {
        var choice = new PathChoice();
        Assert.True(choice.IsWorthTaking);
        choice.WayTook(0, 10 * Second);
        Assert.True(choice.IsWorthTaking);
        Assert.False(choice.IsTooSlow);
        choice.RelayTook(1);
        choice.RelayTook(null);
        Assert.False(choice.IsWorthTaking);
        choice.Begin();
        Assert.True(choice.IsWorthTaking);
    }

    [Fact]
    public void Only_what_stays_slow_for_seconds_is_too_slow()
    {
        var choice = new PathChoice();
        choice.RelayTook(40_000);
        long now = 0;
        Assert.False(Goes(76_000, 30 * Second));
        Assert.False(Goes(90_000, 4 * Second));
        Assert.False(Goes(60_000, 20 * Second));
        Assert.False(Goes(90_000, 4 * Second));
        Assert.True(Goes(90_000, 7 * Second));

        bool Goes(long roundTrip, long time)
        {
            for (long until = now + time; now < until; now += Second / 2)
            {
                choice.WayTook(now, roundTrip);
            }

            return choice.IsTooSlow;
        }
    }
}
