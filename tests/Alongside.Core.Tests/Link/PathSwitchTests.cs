using Alongside.Core.Link;
using Alongside.Core.Wire;
using Alongside.Testing;

namespace Alongside.Core.Tests.Link;

public sealed class PathSwitchTests
{
    [Fact]
    public void What_comes_over_the_way_waits_for_what_left_before_it_on_the_relay()
    {
        var pair = new LinkPair();
        pair.A.Switch.Begin(1);
        pair.B.Switch.Begin(1);
        pair.A.Switch.Opened(pair.Now, 1);
        pair.B.Switch.Opened(pair.Now, 1);
        Assert.True(pair.A.Send(1));
        Assert.True(pair.A.DeliverDirect());
        Assert.True(pair.B.DeliverDirect());
        Assert.True(pair.A.Switch.Sends);
        Assert.True(pair.A.Send(2));
        while (pair.A.DeliverDirect())
        {
        }

        Assert.Empty(pair.B.Got);
        pair.Settle();
        Assert.Equal([1, 2], pair.B.Got);
        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
        Assert.Equal([true], pair.A.Paths);
    }

    [Fact]
    public void What_a_dead_way_swallowed_is_sent_again_on_the_relay_in_its_order()
    {
        var pair = new LinkPair();
        pair.Move();
        for (int i = 1; i <= 10; i++)
        {
            Assert.True(pair.A.Send(i, i * 6_000));
        }

        // Three arrive whole, the next in part; none was counted yet on the other side.
        while (pair.B.Got.Count < 3)
        {
            pair.A.DeliverDirect();
        }

        pair.A.DeliverDirect();
        pair.A.Lose();
        pair.B.Lose();
        pair.Wait(PathSwitch.Silence + 100_000);
        Assert.Equal(0, pair.A.Switch.Window);
        Assert.False(pair.A.Send(11));
        pair.Settle();
        Assert.True(pair.A.Send(11));
        pair.Settle();
        Assert.Equal(Enumerable.Range(1, 11), pair.B.Got);
        Assert.Equal((1, 1), (pair.A.Ended.Count, pair.B.Ended.Count));
        Assert.True(pair.A.Switch.IsIdle && pair.B.Switch.IsIdle);
        Assert.Equal([true, false], pair.A.Paths);
    }

    [Fact]
    public void A_quiet_way_that_answers_is_kept()
    {
        var pair = new LinkPair();
        pair.Move();
        for (int i = 0; i < 100; i++)
        {
            pair.Wait(100_000);
            pair.Settle();
        }

        Assert.True(pair.A.Switch.IsDirect && pair.B.Switch.IsDirect);
    }

    [Fact]
    public void Who_stood_still_itself_does_not_blame_the_way()
    {
        var pair = new LinkPair();
        pair.Move();
        pair.A.Send(1);
        pair.Now += 10_000_000;
        pair.A.Switch.Tick(pair.Now);
        pair.Settle();
        Assert.True(pair.A.Switch.IsDirect);
        pair.Now += 10_000_000;
        pair.A.Switch.Tick(pair.Now);
        pair.A.Lose();
        for (int i = 0; i < 6; i++)
        {
            pair.Now += 100_000;
            pair.A.Switch.Tick(pair.Now);
        }

        Assert.False(pair.A.Switch.IsDirect);
    }

    [Fact]
    public void What_is_kept_never_exceeds_the_relays_window()
    {
        var pair = new LinkPair();
        pair.Move();
        int sent = 0;
        while (pair.A.Send(++sent, 60_000))
        {
            Assert.InRange(sent, 0, 100);
        }

        Assert.Equal((1 << 20) / 60_000, sent - 1);
        pair.Settle();
        Assert.True(pair.A.Send(sent, 60_000));
    }

    [Fact]
    public void Without_room_on_the_relay_falling_back_waits_for_it()
    {
        var pair = new LinkPair();
        pair.Move();
        pair.A.Send(1);
        pair.A.Lose();
        pair.A.Room = 0;
        pair.A.Switch.Fail(pair.Now, 1, "It is told so.");
        pair.Settle();
        Assert.Empty(pair.B.Ended);
        pair.A.Room = 1 << 20;
        pair.A.Switch.Flush(pair.Now);
        pair.Settle();
        Assert.Equal([1], pair.B.Got);
        Assert.Equal(["It is told so."], pair.A.Ended);
    }

    [Fact]
    public void A_way_that_was_given_up_before_it_was_heard_of_does_not_begin()
    {
        var pair = new LinkPair();
        pair.A.Switch.Begin(7);
        pair.A.Switch.Fail(pair.Now, 7, "No socket.");
        pair.Settle();
        Assert.False(pair.B.Switch.IsNew(7));
        Assert.True(pair.B.Switch.IsNew(8));
        Assert.True(pair.A.Switch.IsIdle);
    }

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
    public void A_closed_channel_is_noticed_by_the_next_that_is_sent()
    {
        var pair = new LinkPair();
        pair.Move();
        pair.A.IsChannelGone = true;
        Assert.True(pair.A.Send(1));
        pair.Settle();
        Assert.Equal([1], pair.B.Got);
    }

    [Theory]
    [InlineData("", "nothing")]
    [InlineData("25", "an unknown kind")]
    [InlineData("10", "a handshake")]
    [InlineData("22010001", "what is said on the relay")]
    [InlineData("2202000200000000", "of another way")]
    [InlineData("2202000100000001", "more than was sent")]
    [InlineData("2410", "a handshake in parts")]
    [InlineData("23", "an empty part")]
    [InlineData("24", "an empty last part")]
    public void What_no_link_says_ends_the_session(string hex, string what)
    {
        Assert.NotEmpty(what);
        var pair = new LinkPair();
        pair.Move();
        Assert.Throws<ProtocolException>(() => pair.A.Switch.HandleDirect(pair.Now, 1, Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_payload_in_parts_is_no_longer_than_any_and_is_not_interrupted()
    {
        var pair = new LinkPair();
        pair.Move();
        byte[] part = new byte[LinkMessage.MaxOnChannel];
        part[0] = LinkMessage.Part;
        part[1] = 0x20;
        for (int i = 0; i < 4; i++)
        {
            pair.A.Switch.HandleDirect(pair.Now, 1, part);
        }

        Assert.Throws<ProtocolException>(() => pair.A.Switch.HandleDirect(pair.Now, 1, part));
        Assert.Throws<ProtocolException>(() => pair.A.Switch.HandleDirect(pair.Now, 1, new byte[] { 0x20, 1, 2, 3, 4 }));
    }

    [Fact]
    public void More_than_a_window_before_its_turn_ends_the_session()
    {
        var pair = new LinkPair();
        pair.A.Switch.Begin(1);
        pair.A.Switch.Opened(pair.Now, 1);
        byte[] record = new byte[LinkMessage.MaxOnChannel];
        record[0] = 0x20;
        Assert.Throws<ProtocolException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                pair.A.Switch.HandleDirect(pair.Now, 1, record);
            }
        });
    }

    [Theory]
    [InlineData("2203000100000005")]
    [InlineData("2202000100000000")]
    [InlineData("2204000100000000")]
    public void What_no_link_says_on_the_relay_ends_the_session(string hex)
    {
        var pair = new LinkPair();
        pair.Move();
        Assert.Throws<ProtocolException>(() => pair.A.Switch.HandleRelay(pair.Now, Convert.FromHexString(hex)));
    }

    /// <summary>Every order in which two paths can bring things, ways dying in the middle of it: all arrives once, in order.</summary>
    [Fact]
    public void Nothing_is_lost_doubled_or_out_of_order_whatever_happens_when()
    {
        int ways = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = new SeededRandomSource(seed);
            var pair = new LinkPair();
            int way = 0, a = 0, b = 0;
            for (int step = 0; step < 400; step++)
            {
                pair.Now += random.Next(20_000);
                switch (random.Next(12))
                {
                    case 0 or 1 or 2:
                        a += pair.A.Send(a + 1, 5 + random.Next(random.Next(4) == 0 ? 65_000 : 500)) ? 1 : 0;
                        break;
                    case 3:
                        b += pair.B.Send(b + 1, 5 + random.Next(200)) ? 1 : 0;
                        break;
                    case 4:
                        pair.A.DeliverRelay();
                        break;
                    case 5:
                        pair.B.DeliverRelay();
                        break;
                    case 6 or 7:
                        pair.A.DeliverDirect();
                        break;
                    case 8:
                        pair.B.DeliverDirect();
                        break;
                    case 9:
                        pair.A.Switch.Tick(pair.Now);
                        if (!pair.B.Switch.IsGivenUp)
                        {
                            // Its patience ends the session, which is not looked at here.
                            pair.B.Switch.Tick(pair.Now);
                        }

                        break;
                    case 10 when pair.A.Switch.IsIdle && pair.B.Switch.IsIdle:
                        ways++;
                        pair.A.IsChannelGone = pair.B.IsChannelGone = false;
                        pair.A.Lose();
                        pair.B.Lose();
                        pair.A.Switch.Begin(++way);
                        pair.B.Switch.Begin(way);
                        pair.A.Switch.Opened(pair.Now, way);
                        pair.B.Switch.Opened(pair.Now, way);
                        break;
                    case 11 when random.Next(6) == 0 && pair.A.Switch.Way != 0:
                        // Each end loses what it has not delivered yet, and either may notice first.
                        var first = random.Next(2) == 0 ? pair.A : pair.B;
                        pair.A.IsChannelGone = pair.B.IsChannelGone = true;
                        pair.A.Lose();
                        pair.B.Lose();
                        first.Switch.Fail(pair.Now, way, "The channel was closed.");
                        break;
                }
            }

            pair.A.IsChannelGone = pair.B.IsChannelGone = true;
            pair.A.Switch.Fail(pair.Now, way, "The end.");
            pair.Settle();
            Assert.Equal(Enumerable.Range(1, a), pair.B.Got);
            Assert.Equal(Enumerable.Range(1, b), pair.A.Got);
        }

        Assert.InRange(ways, 400, 100_000);
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
