using Alongside.Core.Link;

namespace Alongside.Core.Tests.Link;

/// <summary>A way without a relay beside it, one that nobody answers for, and one that is slower than the relay.</summary>
public sealed class PathSwitchAloneTests
{
    [Fact]
    public void Without_the_relay_it_goes_on_by_the_way_alone_and_falls_back_again_when_there_is_a_relay()
    {
        var pair = new LinkPair();
        pair.Move();
        LoseRelay(pair);
        Assert.True(pair.A.Switch.TryGoOnAlone() && pair.B.Switch.TryGoOnAlone());
        for (int i = 1; i <= 5; i++)
        {
            Assert.True(pair.A.Send(i) && pair.B.Send(i));
            Go(pair, 1_000_000);
        }

        (pair.A.Room, pair.B.Room) = (1 << 20, 1 << 20);
        pair.A.Switch.RelayIsBack();
        pair.B.Switch.RelayIsBack();
        Assert.True(pair.A.Send(6) && pair.B.Send(6));
        pair.A.Lose();
        pair.B.Lose();
        pair.B.Switch.Fail(pair.Now, 1, "It is told so.");
        pair.Settle();
        Assert.Equal([1, 2, 3, 4, 5, 6], pair.A.Got);
        Assert.Equal([1, 2, 3, 4, 5, 6], pair.B.Got);
        Assert.Equal((0, 0), (pair.A.Stranded.Count, pair.B.Stranded.Count));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_did_not_hear_that_the_other_moved_over_has_lost_something_with_the_relay(bool followerHeard)
    {
        var pair = new LinkPair();
        pair.A.Switch.Begin(1);
        pair.B.Switch.Begin(1);
        pair.A.Switch.Opened(pair.Now, 1);
        pair.B.Switch.Opened(pair.Now, 1);
        Assert.True(pair.B.DeliverDirect());
        Assert.True(pair.A.DeliverDirect());
        Assert.True(pair.A.Switch.Sends);
        Assert.False(pair.B.Switch.Sends);
        if (followerHeard)
        {
            Assert.True(pair.A.DeliverRelay());
            Assert.True(pair.B.Switch.Sends);
        }

        LoseRelay(pair);
        Assert.False(pair.A.Switch.TryGoOnAlone());
        Assert.Equal(followerHeard, pair.B.Switch.TryGoOnAlone());

        // The one that cannot ends the way, and the other is left with nothing.
        pair.A.Switch.Reset(pair.Now);
        pair.B.IsChannelGone = true;
        pair.B.Switch.Fail(pair.Now, 1, "The channel was closed.");
        pair.Wait(PathSwitch.BackPatience + 100_000);
        Assert.Equal(followerHeard ? ["The channel was closed."] : [], pair.B.Stranded);
    }

    [Fact]
    public void A_way_that_dies_alone_leaves_both_with_nothing_at_once()
    {
        var pair = new LinkPair();
        pair.Move();
        LoseRelay(pair);
        Assert.True(pair.A.Switch.TryGoOnAlone() && pair.B.Switch.TryGoOnAlone());
        pair.Wait(PathSwitch.Silence + 100_000);
        Assert.Equal((1, 1), (pair.A.Stranded.Count, pair.B.Stranded.Count));
        Assert.Null(pair.A.Switch.NextDeadline);
    }

    [Fact]
    public void Who_follows_does_not_wait_for_an_answer_without_end()
    {
        var pair = new LinkPair();
        pair.Move();
        pair.B.Switch.Fail(pair.Now, 1, "It is told so.");
        LoseRelay(pair);
        pair.B.IsChannelGone = true;
        pair.Wait(PathSwitch.BackPatience - 100_000);
        Assert.Empty(pair.B.Stranded);
        pair.Wait(200_000);
        Assert.Equal(["It is told so."], pair.B.Stranded);

        // What the other says of that way now is of a session that is over, and not answered.
        pair.B.RelaySent.Clear();
        pair.B.Switch.HandleRelay(pair.Now, Convert.FromHexString("2203000100000000"));
        Assert.Empty(pair.B.RelaySent);
    }

    [Fact]
    public void A_way_that_never_opened_and_is_not_answered_for_ends_nothing()
    {
        var pair = new LinkPair();
        pair.B.Switch.Begin(1);
        pair.B.Switch.Fail(pair.Now, 1, "No socket.");
        pair.Wait(10_000_000);
        Assert.Empty(pair.B.Stranded);
        Assert.True(pair.B.Send(1));
    }

    [Fact]
    public void A_way_that_is_slower_than_the_relay_is_taken_when_it_is_no_longer()
    {
        var pair = new LinkPair();
        pair.A.RoundTrips = (100_000, 40_000);
        pair.Move();
        Assert.False(pair.A.Switch.Sends || pair.B.Switch.Sends);
        Assert.True(pair.A.Send(1));
        pair.Settle();
        for (int i = 0; i < 20; i++)
        {
            pair.Wait(500_000);
            pair.Settle();
        }

        Assert.False(pair.A.Switch.Sends);
        pair.A.RoundTrips = (58_000, 40_000);
        pair.Wait(600_000);
        pair.Settle();
        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
    }

    [Fact]
    public void A_way_that_grows_slower_is_left_after_seconds_and_not_for_a_moment()
    {
        var pair = new LinkPair();
        pair.A.RoundTrips = (5_000, 40_000);
        pair.Move();
        pair.A.RoundTrips = (300_000, 40_000);
        Go(pair, 4_000_000);
        pair.A.RoundTrips = (5_000, 40_000);
        Go(pair, 20_000_000);
        Assert.True(pair.A.Switch.IsDirect);
        pair.A.RoundTrips = (300_000, 40_000);
        Go(pair, (2 * PathChoice.Memory) + 1_000_000);
        Assert.Equal(["The server is quicker."], pair.A.Ended);
    }

    [Fact]
    public void While_a_way_is_in_use_the_relay_is_asked_rarely_what_it_takes()
    {
        var pair = new LinkPair();
        pair.A.Switch.MayAsk = true;
        pair.Move();
        int before = pair.A.RelaySent.Count;
        Go(pair, 1_500_000);
        Assert.Null(pair.A.Switch.RelayTook);
        Assert.Equal(before, pair.A.RelaySent.Count);
        pair.Wait(700_000);
        Assert.Equal(before + 1, pair.A.RelaySent.Count);
        Assert.True(pair.A.DeliverRelay());
        pair.Now += 24_000;
        Assert.True(pair.B.DeliverRelay());
        Assert.InRange(pair.A.Switch.RelayTook!.Value, 24_000, 724_000);

        // Answered twice, or with another number: nobody asked.
        long took = pair.A.Switch.RelayTook.Value;
        pair.A.Switch.HandleRelay(pair.Now + 5_000_000, Convert.FromHexString("2205000100000001"));
        pair.A.Switch.HandleRelay(pair.Now + 5_000_000, Convert.FromHexString("2205000100000007"));
        Assert.Equal(took, pair.A.Switch.RelayTook);
        Go(pair, 60_000_000);
        Assert.InRange(pair.A.RelaySent.Count - before, 5, 7);
        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
    }

    [Fact]
    public void Who_has_not_said_that_they_answer_is_not_asked_and_an_answer_to_nothing_changes_nothing()
    {
        var pair = new LinkPair();
        pair.Move();
        int before = pair.A.RelaySent.Count;
        Go(pair, 30_000_000);
        Assert.Equal(before, pair.A.RelaySent.Count);
        pair.A.Switch.HandleRelay(pair.Now, Convert.FromHexString("2205000100000000"));
        pair.B.Switch.HandleRelay(pair.Now, Convert.FromHexString("2205000100000000"));
        Assert.Null(pair.A.Switch.RelayTook);
        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
    }

    [Fact]
    public void A_way_is_left_for_a_relay_that_has_become_quicker()
    {
        // Slower than nothing that is known: it is taken.
        var pair = new LinkPair();
        pair.A.Switch.MayAsk = true;
        pair.A.RoundTrips = (400_000, null);
        pair.Move();
        Assert.True(pair.A.Switch.IsDirect);
        Go(pair, 20_000_000);
        Assert.Equal(["The server is quicker."], pair.A.Ended);
    }

    private static void LoseRelay(LinkPair pair)
    {
        foreach (var end in new[] { pair.A, pair.B })
        {
            end.LoseRelay();
            end.Room = 0;
        }
    }

    /// <summary>Time passes on a way that works.</summary>
    private static void Go(LinkPair pair, long time)
    {
        for (long until = pair.Now + time; pair.Now < until;)
        {
            pair.Wait(100_000);
            pair.Settle();
        }
    }
}
