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
    [InlineData("2203000100000000", "what is said on the relay")]
    [InlineData("22060001", "a mark")]
    [InlineData("2207000100000000", "what came on a relay that nobody marked")]
    [InlineData("2208000100000001", "what nobody asked for")]
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
    [InlineData("2209000100000000")]
    [InlineData("2207000100000000")]
    [InlineData("2208000100000000")]
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
        int ways = 0, rests = 0;
        for (ulong seed = 0; seed < 300; seed++)
        {
            var random = new SeededRandomSource(seed);
            var pair = new LinkPair(marks: seed % 3 > 0);
            int way = 0, a = 0, b = 0;

            // A relay that stalls now and then, for longer than it is waited for.
            bool stalls = seed % 3 == 2;
            long stalledUntil = 0;
            for (int step = 0; step < 400; step++)
            {
                pair.Now += random.Next(stalls ? 60_000 : 20_000);
                stalledUntil = stalls && random.Next(30) == 0 ? pair.Now + random.Next(4_000_000) : stalledUntil;
                switch (random.Next(12))
                {
                    case 4 or 5 when pair.Now < stalledUntil:
                        break;
                    case 6 or 7 or 8 when stalls:
                        for (int i = random.Next(12); i > 0; i--)
                        {
                            _ = random.Next(2) == 0 ? pair.A.DeliverDirect() : pair.B.DeliverDirect();
                        }

                        break;
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
                        pair.Open(++way);
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
            rests += pair.A.Rests + pair.B.Rests;
        }

        Assert.InRange(ways, 400, 100_000);
        Assert.InRange(rests, 30, 100_000);
    }
}
