using Alongside.Core.Link;

namespace Alongside.Core.Tests.Link;

public sealed class WaySearchTests
{
    private const long Second = 1_000_000;

    [Fact]
    public void Nothing_is_looked_for_before_there_is_a_picture()
    {
        var search = new WaySearch();
        Assert.Null(search.NextDeadline);
        Assert.False(search.IsDue(1_000 * Second));
        search.Allow(5 * Second);
        Assert.True(search.IsDue(5 * Second));
    }

    [Fact]
    public void What_is_not_found_is_tried_again_less_and_less_often()
    {
        Assert.Equal([60, 120, 240, 480, 480], Pauses(5, now => now + WaySearch.Patience, opens: false));
    }

    [Fact]
    public void What_dies_soon_is_tried_again_less_and_less_often_and_what_lived_long_at_once()
    {
        Assert.Equal([2, 4, 8, 16, 32, 64, 64], Pauses(7, now => now + Second, opens: true));
        Assert.Equal([2, 2, 2], Pauses(3, now => now + (61 * Second), opens: true));
    }

    [Fact]
    public void Another_address_is_a_reason_to_try_at_once_but_not_again_and_again()
    {
        var search = new WaySearch();
        search.Allow(0);
        search.Began(0);
        Assert.True(search.HasTakenTooLong(WaySearch.Patience));
        search.Ended(WaySearch.Patience);
        search.AddressesChanged(21 * Second);
        Assert.True(search.IsDue(21 * Second));
        search.Began(21 * Second);
        search.Opened(22 * Second);
        Assert.False(search.HasTakenTooLong(100 * Second));
        search.Ended(23 * Second);
        search.AddressesChanged(24 * Second);
        Assert.True(search.IsDue(25 * Second));
        search.Began(25 * Second);
        search.Ended(26 * Second);
        search.AddressesChanged(27 * Second);
        Assert.False(search.IsDue(34 * Second));
        Assert.True(search.IsDue(35 * Second));
    }

    private static List<long> Pauses(int count, Func<long, long> ends, bool opens)
    {
        var search = new WaySearch();
        search.Allow(0);
        var pauses = new List<long>();
        long now = 0;
        for (int i = 0; i < count; i++)
        {
            search.Began(now);
            if (opens)
            {
                search.Opened(now);
            }

            long end = ends(now);
            search.Ended(end);
            now = search.NextDeadline!.Value;
            pauses.Add((now - end) / Second);
        }

        return pauses;
    }
}
