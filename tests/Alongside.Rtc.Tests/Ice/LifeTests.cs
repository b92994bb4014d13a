using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Ice;

/// <summary>The life of a path: it is left when it dies, found again, changed for a better one, and given up when the peer consents no longer. All times are virtual.</summary>
public sealed class LifeTests
{
    private const long Second = 1_000_000;

    private readonly SimulatedNetwork network = new(11);
    private readonly Realm near;
    private readonly Realm far;

    public LifeTests()
    {
        near = new Realm(network);
        far = network.Internet;
        far.Delay = 15_000;
    }

    [Fact]
    public void A_dead_path_is_left_within_two_seconds_and_taken_again_when_it_lives()
    {
        var (host, viewer) = Meet(true, true);
        Run(5 * Second);
        Assert.True(IsOver(host, 10) && IsOver(viewer, 10));

        near.Passes = (_, _, _) => false;
        long died = network.Time.Now;
        Run(2 * Second, () => Arrives(host, died + 500_000) && Arrives(viewer, died + 500_000));
        Assert.True(Arrives(host, died + 500_000) && Arrives(viewer, died + 500_000), "nothing arrives two seconds after the path has died");
        Assert.True(IsOver(host, 203) && IsOver(viewer, 203));

        Run(10 * Second);
        near.Passes = null;
        Run(10 * Second, () => IsOver(host, 10) && IsOver(viewer, 10));
        Assert.True(IsOver(host, 10) && IsOver(viewer, 10), "the better path lives and is not taken again");
        Assert.Equal(0, host.Wrong + viewer.Wrong + host.Repeated + viewer.Repeated);
    }

    /// <summary>By way of a TURN server while there is nothing better; what was given up is tried again every minute.</summary>
    [Fact]
    public void A_relayed_path_takes_over_and_is_left_again()
    {
        var server = new StunTurnServer(network, new([198, 18, 0, 1], 3478));
        var turn = new IceServers([], [new(TurnTransport.Udp, new([198, 18, 0, 1], 3478), StunTurnServer.Username, StunTurnServer.Password)]);
        var (host, viewer) = Meet(false, true, turn, server);
        Run(5 * Second);
        Assert.False(Selected(host).IsRelayed || Selected(viewer).IsRelayed);

        // Between the two nothing passes, from and to the server everything does.
        var at = new TransportAddress([198, 18, 0, 1], 1);
        far.Passes = (from, to, _) => from.SameHost(at) || to.SameHost(at);
        long died = network.Time.Now;
        Run(2 * Second, () => Arrives(host, died + 500_000) && Arrives(viewer, died + 500_000));
        Assert.True(Arrives(host, died + 500_000) && Arrives(viewer, died + 500_000), "nothing arrives two seconds after the path has died");
        Assert.Equal(IceTrouble.OnlyRelayed, host.Transport.Agent.Trouble);

        Run(40 * Second);
        far.Passes = null;
        Run(70 * Second, () => !Selected(host).IsRelayed && !Selected(viewer).IsRelayed);
        Assert.False(Selected(host).IsRelayed || Selected(viewer).IsRelayed);
    }

    [Fact]
    public void Another_path_is_named_only_when_it_is_clearly_better()
    {
        var (host, viewer) = Meet(true, true);
        Run(15 * Second);
        Assert.True(IsOver(host, 10) && IsOver(viewer, 10));
        int selections = host.Selections.Count;

        // 30 ms there and back besides the lines, as the other has: no reason to move.
        near.Delay = 16_000;
        Run(60 * Second);
        Assert.Equal(selections, host.Selections.Count);

        near.Delay = 60_000;
        Run(30 * Second);
        Assert.True(IsOver(host, 203) && IsOver(viewer, 203), "both use the faster path");
        Assert.Equal(selections + 1, host.Selections.Count);
        Assert.Equal(0, host.Wrong + viewer.Wrong + host.Repeated + viewer.Repeated);
    }

    [Fact]
    public void Consent_ends_after_thirty_seconds_without_a_word_and_nothing_is_sent_any_more()
    {
        var (host, viewer) = Meet(false, true);
        Run(5 * Second);
        long data = 0;
        far.Passes = (_, _, packet) =>
        {
            data += packet.Span[0] == 0x80 ? 1 : 0;
            return false;
        };
        Run(2 * Second);
        Assert.Equal((IceState.Disconnected, IceState.Disconnected), (host.State, viewer.State));
        Run(26 * Second);
        Assert.True(host.Transport.Agent.HasPath && viewer.Transport.Agent.HasPath);
        Assert.True(data > 0);
        Run(3 * Second);
        Assert.False(host.Transport.Agent.HasPath || viewer.Transport.Agent.HasPath);
        Assert.Equal((IceTrouble.PathDied, IceTrouble.PathDied), (host.Transport.Agent.Trouble, viewer.Transport.Agent.Trouble));
        Assert.Contains(host.Transport.Agent.Report().Pairs, pair => pair.Failure == PairFailure.ConsentExpired);
        data = 0;
        Run(20 * Second);
        Assert.Equal(0, data);

        // It comes back by itself.
        far.Passes = null;
        Run(65 * Second, () => host.State == IceState.Connected && viewer.State == IceState.Connected);
        Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
    }

    /// <summary>As Chrome may from 144 on: its own checks are all the life there is, and it is believed by them.</summary>
    [Fact]
    public void A_peer_that_checks_and_answers_no_longer_is_given_eight_seconds()
    {
        var (host, viewer) = Meet(false, true, talk: false);
        Run(5 * Second);
        far.Passes = (from, _, packet) => !from.SameHost(new([203, 0, 113, 2], 1)) || !StunMessage.TryParse(packet.Span, out var message) || message.Class != StunClass.Success;
        Run(8 * Second);
        int states = host.States.Count;
        for (int i = 0; i < 200; i++)
        {
            Run(Second / 10);
            Assert.Equal(IceState.Connected, host.State);
        }

        Assert.Equal(states, host.States.Count);

        // Nothing at all is another matter; checks come every two and a half seconds.
        far.Passes = (_, _, _) => false;
        Run(5 * Second);
        Assert.Equal((IceState.Connected, IceState.Disconnected), (host.State, viewer.State));
        Run(4 * Second);
        Assert.Equal(IceState.Disconnected, host.State);
    }

    /// <summary>Only signed messages renew consent (RFC 7675, 5.1): data, which anybody can forge, shows at most that the path lives.</summary>
    [Fact]
    public void Data_alone_is_no_consent()
    {
        var (host, viewer) = Meet(false, true);
        Run(5 * Second);
        far.Passes = (_, _, packet) => !StunMessage.IsStun(packet.Span);
        Run(25 * Second);
        Assert.True(host.Received > 400 && viewer.Received > 400);
        Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
        Run(8 * Second);
        Assert.False(host.Transport.Agent.HasPath || viewer.Transport.Agent.HasPath);
    }

    /// <summary>After two seconds of trying, that it is being tried is no longer what is said.</summary>
    [Fact]
    public void Why_there_is_no_path_is_said_within_five_seconds()
    {
        far.Passes = (_, _, _) => false;
        var (host, viewer) = Meet(false, true);
        Run(1 * Second);
        Assert.Equal(IceTrouble.StillChecking, host.Transport.Agent.Trouble);
        Run(4 * Second);
        Assert.Equal((IceTrouble.NothingHeard, IceTrouble.NothingHeard), (host.Transport.Agent.Trouble, viewer.Transport.Agent.Trouble));

        // What is known is not forgotten when everything is tried again a minute later.
        for (int i = 0; i < 100; i++)
        {
            Run(Second);
            Assert.Equal(IceTrouble.NothingHeard, host.Transport.Agent.Trouble);
        }
    }

    [Fact]
    public void Checks_that_come_while_ours_are_not_answered_are_told_apart()
    {
        far.Passes = (from, _, _) => from.SameHost(new([203, 0, 113, 2], 1));
        var (host, _) = Meet(false, true);
        Run(5 * Second);
        Assert.Equal(IceTrouble.OneWay, host.Transport.Agent.Trouble);
    }

    /// <summary>The second restart begins before the answer to the first has come: that answer belongs to nothing any more, and is no restart of the peer's.</summary>
    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    [InlineData(3, 1)]
    [InlineData(2, 2)]
    [InlineData(1, 3)]
    public void Restarts_within_a_round_trip_are_followed_by_no_others(int ofTheHost, int ofTheViewer)
    {
        var (host, viewer) = Meet(false, true);
        Run(5 * Second);
        long began = network.Time.Now;
        for (int i = 0; i < 3; i++)
        {
            if (i < ofTheHost)
            {
                host.Restart();
            }

            if (i < ofTheViewer)
            {
                viewer.Restart();
            }

            Run(10_000);
        }

        Run(20 * Second);
        int most = Math.Max(ofTheHost, ofTheViewer);
        Assert.Equal((1 + most, 1 + most), (host.Described, viewer.Described));
        Assert.Equal((1, 1), (host.Transport.Agent.Report().Pairs.Count, viewer.Transport.Agent.Report().Pairs.Count));
        Assert.True(host.Selections[^1].At > began && viewer.Selections[^1].At > began, "the checks of the last restart have found no path");
        Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
        Assert.Equal(0, host.Wrong + viewer.Wrong + host.Repeated + viewer.Repeated);
    }

    private (SimulatedPeer Host, SimulatedPeer Viewer) Meet(bool hasNear, bool hasFar, IceServers? servers = null, StunTurnServer? turn = null, bool talk = true)
    {
        var (host, viewer) = (Make(true), Make(false));
        for (byte i = 0; i < 2; i++)
        {
            var peer = i == 0 ? host : viewer;
            if (hasNear)
            {
                peer.AddInterface(near, new([10, 0, 0, (byte)(i + 1)], 1), 2000);
            }

            if (hasFar)
            {
                peer.AddInterface(far, new([203, 0, 113, (byte)(i + 1)], 1));
            }
        }

        SimulatedPeer.Introduce(host, viewer);
        if (talk)
        {
            host.Talk(50_000, 100);
            viewer.Talk(50_000, 100);
        }

        return (host, viewer);

        SimulatedPeer Make(bool isControlling) => new(network, new(2_000), new() { IsControlling = isControlling, Pacing = 20_000 }, servers ?? IceServers.None, turn);
    }

    private void Run(long time, Func<bool>? until = null) => network.Time.RunTo(network.Time.Now + time, until);

    private static PairReport Selected(SimulatedPeer peer) => peer.Transport.Agent.Report().Pairs.Single(pair => pair.IsSelected);

    /// <param name="first">The first byte of the address.</param>
    private static bool IsOver(SimulatedPeer peer, byte first) => Selected(peer).Remote.Address.ToIPAddress().GetAddressBytes()[0] == first;

    private static bool Arrives(SimulatedPeer peer, long after) => peer.LastReceivedAt > after;
}
