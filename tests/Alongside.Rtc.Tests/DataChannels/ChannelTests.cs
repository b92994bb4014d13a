using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.DataChannels;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.DataChannels;

public sealed class ChannelTests
{
    private static readonly LinkTerms Clean = new() { Delay = 10_000 };

    [Fact]
    public void Opens_carries_closes_and_opens_again_under_the_same_number()
    {
        var pair = new ChannelPair(1, Clean);
        for (int round = 0; round < 3; round++)
        {
            var channel = pair.Open(new ChannelTerms { Label = $"round {round}" });
            Assert.Equal(0, channel.Id);
            Assert.True(pair.Left.TrySendText(pair.Now, channel, "hello"u8));
            pair.Run(200_000);
            Assert.Equal(ChannelState.Open, channel.State);
            pair.Left.Close(channel);
            Assert.False(pair.Left.TrySendText(pair.Now, channel, "late"u8));
            pair.Run(500_000);
            Assert.Equal(ChannelState.Closed, channel.State);
            Assert.Equal([$"0 arrived 'round {round}'", "0 text 'hello'", "0 Closed"], pair.RightLog);
            Assert.Equal(["0 Opened", "0 Closed"], pair.LeftLog);
            pair.RightLog.Clear();
            pair.LeftLog.Clear();
        }
    }

    [Fact]
    public void Text_bytes_nothing_and_the_largest_message()
    {
        var pair = new ChannelPair(2, Clean with { Loss = 0.05 }) { Echoes = true };
        var channel = pair.Open(new ChannelTerms { Label = "ä" });
        pair.Left.TrySendText(pair.Now, channel, []);
        pair.Left.TrySend(pair.Now, channel, []);
        pair.Left.TrySendText(pair.Now, channel, "naïve"u8);
        pair.Left.TrySend(pair.Now, channel, new byte[256 * 1024]);
        pair.Run(30_000_000);
        Assert.Equal(["0 arrived 'ä'", "0 text ''", "0 binary ''", "0 text 'naïve'", "0 binary of 262144"], pair.RightLog);
        Assert.Equal(["0 text ''", "0 binary ''", "0 text 'naïve'", "0 binary of 262144"], pair.LeftLog.Where(line => line.Contains("text") || line.Contains("binary")));
    }

    [Fact]
    public void Numbers_are_even_for_the_client_and_odd_for_the_server()
    {
        var pair = new ChannelPair(3, Clean);
        Assert.Equal([0, 2, 4], new[] { pair.Open(new()).Id, pair.Open(new()).Id, pair.Open(new()).Id }.Select(id => (int)id));
        Assert.Equal(1, pair.Right.Open(pair.Now, new ChannelTerms())!.Id);
        pair.Run(100_000);
        Assert.Equal(4, pair.Left.Channels.Count);
    }

    [Fact]
    public void A_number_of_the_wrong_half_is_taken_while_it_is_free()
    {
        var pair = new ChannelPair(7, Clean, areBothClients: true) { Echoes = true };
        Assert.Equal(0, pair.Right.Open(pair.Now, new ChannelTerms { Label = "theirs" })!.Id);
        pair.Run(200_000);
        Assert.Equal(["0 arrived 'theirs'"], pair.LeftLog);
        var ours = pair.Open(new ChannelTerms { Label = "ours" });
        Assert.Equal(2, ours.Id);
        pair.Left.TrySendText(pair.Now, ours, "hello"u8);
        pair.Run(200_000);
        Assert.Equal(["0 arrived 'theirs'", "2 Opened", "2 text 'hello'"], pair.LeftLog);
    }

    [Fact]
    public void One_number_for_two_channels_ends_the_association()
    {
        var pair = new ChannelPair(8, Clean, areBothClients: true);
        pair.Open(new ChannelTerms());
        pair.Right.Open(pair.Now, new ChannelTerms());
        pair.Run(500_000);
        Assert.Contains("not free", $"{pair.Left.EndReason} {pair.Right.EndReason}");
    }

    [Fact]
    public void What_waits_is_counted_and_low_water_told()
    {
        var pair = new ChannelPair(4, Clean with { Rate = 1_000_000 });
        var channel = pair.Open(new ChannelTerms());
        channel.BufferedLowThreshold = 50_000;
        for (int i = 0; i < 10; i++)
        {
            pair.Left.TrySend(pair.Now, channel, new byte[20_000]);
        }

        Assert.True(channel.BufferedAmount >= 200_000);
        pair.Run(5_000_000);
        Assert.Equal(0, channel.BufferedAmount);
        Assert.Equal(1, pair.LowWaters);
    }

    [Fact]
    public void Messages_of_a_channel_without_repeats_are_lost_and_never_late()
    {
        var pair = new ChannelPair(5, Clean);
        var channel = pair.Open(new ChannelTerms { IsOrdered = false, MaxRetransmits = 0 });
        pair.Run(200_000);
        pair.ToRight.Terms = Clean with { Loss = 0.3 };
        for (int i = 0; i < 100; i++)
        {
            pair.Left.TrySendText(pair.Now, channel, Encoding.ASCII.GetBytes($"{i}"));
            pair.Run(20_000);
        }

        pair.Run(10_000_000);
        int arrived = pair.RightLog.Count(line => line.Contains("text"));
        Assert.InRange(arrived, 50, 90);
        Assert.Equal(arrived, pair.RightLog.Where(line => line.Contains("text")).Distinct().Count());
        pair.ToRight.Terms = Clean;
        pair.Left.TrySendText(pair.Now, channel, "after"u8);
        pair.Run(100_000);
        Assert.Equal("0 text 'after'", pair.RightLog[^1]);
    }

    [Fact]
    public void The_end_of_the_association_closes_every_channel()
    {
        var pair = new ChannelPair(6, Clean);
        var channels = Enumerable.Range(0, 5).Select(_ => pair.Open(new ChannelTerms())).ToList();
        pair.Run(200_000);
        pair.RightEnd.Abort("Enough.");
        pair.Run(200_000);
        Assert.All(channels, channel => Assert.Equal(ChannelState.Closed, channel.State));
        Assert.NotNull(pair.Left.EndReason);
        Assert.Null(pair.Left.Open(pair.Now, new ChannelTerms()));
    }

    /// <summary>Of both ends together, so that who opens one takes none.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 0)]
    [InlineData(3, 2)]
    public void One_channel_more_than_are_taken_ends_the_association(int most, int ofTheRight)
    {
        var pair = new ChannelPair(9, Clean, most: most);
        for (int i = 0; i < ofTheRight; i++)
        {
            Assert.NotNull(pair.Right.Open(pair.Now, new ChannelTerms { Label = "ours" }));
        }

        for (int i = 0; i < most - ofTheRight; i++)
        {
            pair.Open(new ChannelTerms { Label = $"{i}" });
        }

        pair.Run(200_000);
        Assert.Null(pair.Right.EndReason);
        Assert.Equal(most, pair.Right.Channels.Count);
        Assert.Null(pair.Right.Open(pair.Now, new ChannelTerms()));
        pair.Open(new ChannelTerms { Label = "one more" });
        pair.Run(200_000);
        Assert.NotNull(pair.Right.EndReason);
        Assert.NotNull(pair.Left.EndReason);
    }

    /// <summary>As werift does it: its number is free for it when its own half is over, though ours still has to send what waits.</summary>
    [Fact]
    public void A_number_taken_again_before_our_half_is_over_waits_for_it()
    {
        var pair = new ChannelPair(9, Clean);
        pair.LeftEnd.TrySend(pair.Now, 0, 50, new(Unordered: false), OpenMessage.Write(new ChannelTerms { Label = "one" }));
        pair.Run(100_000);
        var theirs = Assert.Single(pair.Right.Channels);
        for (int i = 0; i < 4; i++)
        {
            pair.Right.TrySend(pair.Now, theirs, new byte[200_000]);
        }

        pair.LeftEnd.ResetStream(0);
        pair.Run(40_000);
        pair.LeftEnd.TrySend(pair.Now, 0, 50, new(Unordered: false), OpenMessage.Write(new ChannelTerms { Label = "two" }));
        pair.LeftEnd.TrySend(pair.Now, 0, 51, new(Unordered: false), "hello"u8);
        pair.Run(10_000);
        Assert.Equal(ChannelState.Closing, theirs.State);
        pair.Run(5_000_000);
        Assert.Equal(["0 arrived 'one'", "0 Closed", "0 arrived 'two'", "0 text 'hello'"], pair.RightLog);
        Assert.Null(pair.Right.EndReason);
    }

    [Fact]
    public void Closing_and_opening_over_a_bad_way()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var pair = new ChannelPair(seed, Clean with { Loss = 0.15, Jitter = 15_000, Duplicates = 0.05 }) { Echoes = true };
            for (int round = 0; round < 4; round++)
            {
                var channel = pair.Open(new ChannelTerms { Label = "x", IsOrdered = round % 2 == 0 });
                for (int i = 0; i < 5; i++)
                {
                    pair.Left.TrySendText(pair.Now, channel, Encoding.ASCII.GetBytes($"{round} {i}"));
                }

                pair.Run(10_000_000);
                pair.Left.Close(channel);
                pair.Run(20_000_000);
                Assert.True(channel.State == ChannelState.Closed, $"Seed {seed}, round {round}: {channel.State}.");
            }

            Assert.Equal(20, pair.RightLog.Where(line => line.Contains("text")).Distinct().Count());
            Assert.Equal(20, pair.LeftLog.Where(line => line.Contains("text")).Distinct().Count());
        }
    }

    [Fact]
    public void The_opening_on_the_wire()
    {
        byte[] message = OpenMessage.Write(new ChannelTerms { Label = "chat", Protocol = "p", IsOrdered = false, MaxRetransmits = 3 });
        Assert.Equal("0381010000000003000400016368617470", Convert.ToHexStringLower(message));
        Assert.Equal(new ChannelTerms { Label = "chat", Protocol = "p", IsOrdered = false, MaxRetransmits = 3 }, OpenMessage.Read(message));
        Assert.Equal("0302010000000bb800000000", Convert.ToHexStringLower(OpenMessage.Write(new ChannelTerms { MaxPacketLifetime = 3000 })));
    }

    [Fact]
    public void A_broken_opening_is_the_peers_mistake()
    {
        byte[] good = OpenMessage.Write(new ChannelTerms { Label = "chat", Protocol = "p" });
        for (int length = 0; length < good.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => OpenMessage.Read(good.AsSpan(0, length)));
        }

        // What is kept of a name is bounded.
        var longest = new ChannelTerms { Label = new('l', 200), Protocol = new('p', 56) };
        Assert.Equal(longest, OpenMessage.Read(OpenMessage.Write(longest)));
        Assert.Throws<ProtocolException>(() => OpenMessage.Read(OpenMessage.Write(longest with { Label = new('l', 201) })));

        var random = new SeededRandomSource(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] changed = [.. good];
            changed[random.Next(changed.Length)] = (byte)random.Next(256);
            try
            {
                OpenMessage.Read(changed);
            }
            catch (ProtocolException mistake)
            {
                Assert.NotEmpty(mistake.Message);
            }
        }
    }
}
