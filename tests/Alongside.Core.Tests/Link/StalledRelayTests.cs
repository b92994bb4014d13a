using Alongside.Core.Link;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Link;

/// <summary>A relay that stalls just when a way is taken: what it holds back comes over the way, once, in its order.</summary>
public sealed class StalledRelayTests
{
    [Fact]
    public void What_a_stalled_relay_holds_back_comes_over_the_way_before_what_was_sent_on_it()
    {
        var pair = Stall();
        Assert.Equal([1, 2, 3, 4], pair.B.Got);
        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);

        // Who follows moved when it had taken the rest, and the host went round the relay in the same way.
        Assert.Equal([11, 12], pair.A.Got);
        Assert.Equal((1, 1), (pair.A.Rests, pair.B.Rests));
    }

    [Fact]
    public void What_the_relay_brings_in_the_end_is_not_delivered_twice_and_it_is_as_good_as_before()
    {
        var pair = Stall();
        pair.Settle();
        Assert.Equal([1, 2, 3, 4], pair.B.Got);
        pair.A.Switch.Fail(pair.Now, 1, "It is told so.");
        pair.Settle();
        Assert.True(pair.A.Send(5) && pair.B.Send(13));
        pair.Settle();
        Assert.Equal([1, 2, 3, 4, 5], pair.B.Got);
        Assert.Equal([11, 12, 13], pair.A.Got);
        pair.Move(2);
        Assert.True(pair.A.Send(6) && pair.B.Send(14));
        pair.Settle();
        Assert.Equal([1, 2, 3, 4, 5, 6], pair.B.Got);
        Assert.Equal([11, 12, 13, 14], pair.A.Got);
    }

    [Fact]
    public void A_relay_that_breaks_after_a_stall_is_not_missed()
    {
        var pair = Stall();
        pair.A.LoseRelay();
        pair.B.LoseRelay();
        Assert.True(pair.A.Switch.TryGoOnAlone() && pair.B.Switch.TryGoOnAlone());
        Assert.True(pair.A.Send(5) && pair.B.Send(13));
        Direct(pair);
        pair.A.Switch.RelayIsBack();
        pair.B.Switch.RelayIsBack();
        Assert.True(pair.A.Send(6));
        pair.A.Lose();
        pair.A.Switch.Fail(pair.Now, 1, "It is told so.");
        pair.Settle();
        Assert.True(pair.A.Send(7) && pair.B.Send(14));
        pair.Settle();
        Assert.Equal(Enumerable.Range(1, 7), pair.B.Got);
        Assert.Equal([11, 12, 13, 14], pair.A.Got);
    }

    [Fact]
    public void A_way_that_dies_while_it_brings_the_rest_leaves_it_to_the_relay()
    {
        var pair = new LinkPair(marks: true);
        pair.Open(1);
        for (int i = 1; i <= 4; i++)
        {
            Assert.True(pair.A.Send(i, 40_000));
        }

        Direct(pair);
        Assert.True(pair.A.Switch.Sends && pair.A.Send(5));
        Miss(pair);

        // They ask, are told how much there is, and given one and a half of four.
        while (pair.B.DeliverDirect())
        {
        }

        while (pair.B.Got.Count < 1)
        {
            Assert.True(pair.A.DeliverDirect());
        }

        pair.A.DeliverDirect();
        pair.A.Lose();
        pair.B.Lose();
        pair.B.Switch.Fail(pair.Now, 1, "It is told so.");
        pair.Settle();
        Assert.Equal([1, 2, 3, 4, 5], pair.B.Got);
        Assert.True(pair.A.Switch.IsIdle && pair.B.Switch.IsIdle);
    }

    [Fact]
    public void A_relay_that_goes_on_in_the_middle_of_the_rest_doubles_nothing()
    {
        for (int between = 0; between < 8; between++)
        {
            var pair = new LinkPair(marks: true);
            pair.Open(1);
            Assert.True(pair.A.Send(1) && pair.A.Send(2) && pair.A.Send(3));
            Direct(pair);
            Assert.True(pair.A.Send(4));
            Miss(pair);
            while (pair.B.DeliverDirect())
            {
            }

            for (int i = 0; i < between; i++)
            {
                pair.A.DeliverDirect();
            }

            pair.Settle();
            Assert.Equal([1, 2, 3, 4], pair.B.Got);
            Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
        }
    }

    [Fact]
    public void What_is_on_a_relay_that_does_not_stall_is_not_sent_again()
    {
        var pair = new LinkPair(marks: true);
        pair.Open(1);
        Assert.True(pair.A.Send(1, 60_000) && pair.B.Send(11));
        pair.Settle();
        Assert.True(pair.A.Send(2) && pair.B.Send(12));
        pair.Wait(400_000);
        pair.Settle();
        pair.Wait(400_000);
        pair.Settle();
        Assert.Equal([1, 2], pair.B.Got);
        Assert.Equal([11, 12], pair.A.Got);
        Assert.Equal((0, 0), (pair.A.Rests, pair.B.Rests));
    }

    [Fact]
    public void What_is_more_than_a_window_waits_for_the_relay()
    {
        var pair = new LinkPair(marks: true);
        pair.Open(1);
        int sent = 0;
        while (sent < 40)
        {
            Assert.True(pair.A.Send(++sent, 60_000));
        }

        Direct(pair);
        Assert.True(pair.A.Send(++sent));
        Miss(pair);
        Direct(pair);
        Assert.Empty(pair.B.Got);
        pair.Settle();
        Assert.Equal(Enumerable.Range(1, sent), pair.B.Got);
        Assert.Equal(0, pair.A.Rests);
    }

    [Fact]
    public void Who_does_not_know_marks_waits_for_the_relay()
    {
        var pair = new LinkPair(marks: true);
        pair.B.Switch.MayMark = false;
        pair.A.Switch.MayMark = false;
        pair.Open(1);
        Assert.True(pair.A.Send(1));
        Direct(pair);
        Assert.True(pair.A.Send(2));
        Miss(pair);
        Direct(pair);
        Assert.Empty(pair.B.Got);
        pair.Settle();
        Assert.Equal([1, 2], pair.B.Got);
    }

    [Theory]
    [InlineData("2207000100000001", false, "more came than was sent")]
    [InlineData("2208000100000000", false, "what nobody asked for")]
    [InlineData("2207000100000000", true, "counted twice")]
    [InlineData("2208000100000000", true, "given twice")]
    public void What_nobody_says_of_a_marked_relay_ends_the_session(string hex, bool isSettled, string what)
    {
        Assert.NotEmpty(what);
        var pair = new LinkPair(marks: true);
        pair.Move();
        for (int i = 0; isSettled && i < 2; i++)
        {
            pair.Wait(600_000);
            pair.Settle();
        }

        Assert.Throws<ProtocolException>(() => pair.A.Switch.HandleDirect(pair.Now, 1, Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_way_is_marked_once()
    {
        var pair = new LinkPair(marks: true);
        pair.Move();
        Assert.Throws<ProtocolException>(() => pair.B.Switch.HandleRelay(pair.Now, Convert.FromHexString("22060001")));
        pair.B.Switch.HandleRelay(pair.Now, Convert.FromHexString("22060002"));
    }

    /// <summary>Both have something on a relay that brings nothing, and move; what they have gone round it with is there.</summary>
    private static LinkPair Stall()
    {
        var pair = new LinkPair(marks: true);
        pair.Open(1);
        while (pair.B.DeliverRelay())
        {
        }

        Assert.True(pair.A.Send(1) && pair.A.Send(2) && pair.A.Send(3, 60_000) && pair.B.Send(11));
        Direct(pair);
        Assert.True(pair.A.Switch.Sends && pair.A.Send(4));
        Miss(pair);
        Direct(pair);
        Assert.True(pair.B.Switch.IsDirect && pair.B.Send(12));
        Miss(pair);
        Direct(pair);
        return pair;
    }

    /// <summary>Time passes until an `over` is missed, on a way that works and a relay that stalls.</summary>
    private static void Miss(LinkPair pair)
    {
        for (int i = 0; i < 2; i++)
        {
            Direct(pair);
            pair.Wait(300_000);
        }
    }

    private static void Direct(LinkPair pair)
    {
        while (pair.A.DeliverDirect() || pair.B.DeliverDirect())
        {
        }
    }
}
