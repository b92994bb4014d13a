using System.Text;
using Alongside.Core.Input;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Link;

/// <summary>Whole sessions that move between the relay and a direct way, under virtual time.</summary>
public sealed class DirectSessions
{
    private const string Fingerprint = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private const string Described = "\"ufrag\":\"abcd\",\"pwd\":\"0123456789abcdefghijkl\",\"setup\":\"active\",\"fingerprint\":\"" + Fingerprint + "\"";
    private static readonly SimulatedLine Relay = new(30_000, 2_000_000);
    private static readonly SimulatedLine Near = new(1_000, 10_000_000);

    [Fact]
    public void A_way_is_looked_for_when_the_first_picture_is_there_and_taken_without_anybody_noticing()
    {
        using var host = new SimulatedHost(1, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(150_000);
        Assert.DoesNotContain(host.Events, e => e.Kind == HostEventKind.WayBegins);
        host.Run(1_500_000);
        Assert.True(viewer.Session.IsDirect);
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.InRange(Delay(host, viewer), 0, 20_000);
        Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken);
    }

    [Fact]
    public void A_way_that_goes_dark_is_left_within_two_seconds_and_what_was_typed_meanwhile_arrives_once()
    {
        using var session = new Direct(2);
        var (host, viewer) = session;
        host.Ways!.Cut(1, 600_000_000);
        long began = host.Net.Now;
        for (int i = 0; i < 20; i++)
        {
            viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, (uint)(0x61 + i), 0)));
            host.PaintSome();
            host.Run(100_000);
        }

        Assert.Equal(2_000_000, host.Net.Now - began);
        Assert.False(viewer.Session.IsDirect);
        host.Run(200_000);
        Assert.Equal(Enumerable.Range(0x61, 20), host.Injected.Where(i => i.Kind == InputKind.Key).Select(i => (int)i.Keysym));
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_way_that_is_dead_in_one_direction_is_left_within_two_seconds(bool toViewer)
    {
        using var host = new SimulatedHost(11, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        Assert.True(viewer.Session.IsDirect);
        host.Ways!.CutOne(1, 600_000_000, toViewer);
        for (int i = 0; i < 20; i++)
        {
            viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, (uint)(0x61 + i), 0)));
            host.PaintSome();
            host.Run(100_000);
        }

        Assert.False(viewer.Session.IsDirect);
        Assert.False(host.Room.Link(1).IsDirect);
        host.Run(200_000);
        Assert.Equal(Enumerable.Range(0x61, 20), host.Injected.Where(i => i.Kind == InputKind.Key).Select(i => (int)i.Keysym));
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_relay_that_stalls_while_a_way_is_taken_holds_up_only_who_does_not_know_marks(bool knowsMarks)
    {
        using var host = new SimulatedHost(15, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near, capabilities: knowsMarks ? null : [.. Capability.Known.Where(known => known != Capability.Marks)]);
        while (!host.Ways!.IsOpen(1))
        {
            host.Run(1_000);
        }

        host.Net.StallBoth(1, 20_000_000);
        for (int i = 0; i < 20; i++)
        {
            viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, (uint)(0x61 + i), 0)));
            host.PaintSome();
            host.Run(100_000);
        }

        host.Run(500_000);
        Assert.Equal(knowsMarks, viewer.Session.IsDirect);
        Assert.Equal(knowsMarks, viewer.SeesExactly(host.Screen));
        Assert.Equal(knowsMarks ? Enumerable.Range(0x61, 20) : [], Typed(host));
        host.Run(25_000_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        if (knowsMarks)
        {
            // The relay brought it all once more.
            Assert.Equal(Enumerable.Range(0x61, 20), Typed(host));
            Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken);
            Assert.Equal(0, viewer.Resumed);
        }

        static IEnumerable<int> Typed(SimulatedHost host) => host.Injected.Where(i => i.Kind == InputKind.Key).Select(i => (int)i.Keysym);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 130_000_000)]
    public void Who_closed_their_relay_and_then_their_direct_way_has_left_and_is_not_waited_for(bool inOrder, long between)
    {
        using var host = new SimulatedHost(16, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        Assert.True(viewer.Session.IsDirect);
        viewer.Cut(gone: inOrder);
        host.Run(100_000 + between);
        Assert.True(host.Room.Session(1)?.IsHere);
        host.Ways!.Cut(1, 600_000_000);
        host.Run(2_200_000);

        // Who could not reach the server for two minutes closed nothing, and may come back.
        Assert.Equal(inOrder && between == 0, host.Room.Session(1) is null);
        Assert.NotEqual(true, host.Room.Session(1)?.IsHere);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(700_000, 0)]
    [InlineData(0, 700_000)]
    public void A_relay_that_is_lost_and_comes_back_is_not_noticed_on_a_direct_way_and_takes_over_again(long hostHears, long viewerHears)
    {
        using var host = new SimulatedHost(12, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        Assert.True(viewer.Session.IsDirect);
        viewer.Cut(hostHears: hostHears, viewerHears: viewerHears);
        for (int i = 0; i < 10; i++)
        {
            viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, (uint)(0x61 + i), 0)));
            host.PaintSome();
            host.Run(400_000);
            Assert.True(viewer.SeesExactly(host.Screen));
        }

        viewer.Connect();
        host.Run(300_000);
        Assert.True(viewer.Session.IsDirect);
        host.Ways!.Cut(1, 600_000_000);
        host.PaintSome();
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0x7a, 0)));
        host.Run(2_200_000);
        Assert.False(viewer.Session.IsDirect);
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.Equal([.. Enumerable.Range(0x61, 10), 0x7a], host.Injected.Where(i => i.Kind == InputKind.Key).Select(i => (int)i.Keysym));
        Assert.Equal(0, viewer.Resumed);
        Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken);
        Assert.Equal(1, host.Ways.Opened);
    }

    [Fact]
    public void Without_a_relay_the_session_lives_as_long_as_the_direct_way_and_is_resumed_when_there_is_one_again()
    {
        using var host = new SimulatedHost(13, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        viewer.Cut();
        viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0x61, 0)));
        host.Run(300_000_000);
        host.PaintSome();
        host.Run(100_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.True(host.Room.HoldsWithoutRelay && viewer.Session.HoldsWithoutRelay);
        host.Ways!.Close(1);
        host.Run(200_000);
        Assert.False(host.Room.HoldsWithoutRelay || viewer.Session.HoldsWithoutRelay);
        Assert.False(viewer.Session.IsLive);
        Assert.Empty(host.Room.Guests);
        Assert.Contains(host.Injected, i => i.Kind == InputKind.Release);
        viewer.Connect();
        host.Run(1_000_000);
        Assert.Equal(1, viewer.Resumed);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    /// <summary>
    /// What once stayed "Reconnecting" for ever: the host has given the way up and waits for an answer; the viewer has begun anew and gives none; and the host's part of the new beginning waited
    /// for room on the path whose end was waited for.
    /// </summary>
    [Fact]
    public void A_viewer_that_begins_anew_while_the_host_waits_for_the_end_of_the_way_is_let_in()
    {
        using var host = new SimulatedHost(14, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        host.Ways!.CutOne(1, 600_000_000, toViewer: false);
        while (!host.Room.Link(1).IsGivenUp)
        {
            host.Run(1_000);
        }

        Assert.True(viewer.Session.IsDirect);
        byte[] noRecord = new byte[64];
        noRecord[0] = 0x20;
        viewer.Do(() => viewer.Session.Handle(host.Net.Now, 0, noRecord));
        Assert.False(viewer.Session.IsLive);
        host.Run(2_000_000);
        Assert.Equal(1, viewer.Resumed);
        Assert.True(viewer.Session.IsLive);
        host.PaintSome();
        host.Run(500_000);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Fact]
    public void A_way_by_a_satellite_is_not_taken_and_one_that_becomes_quick_is()
    {
        using var host = new SimulatedHost(15, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: new(280_000, 2_000_000));
        host.Run(10_000_000);
        Assert.Equal(1, host.Ways!.Opened);
        Assert.False(viewer.Session.IsDirect);
        host.Ways.SetLine(1, Near);
        host.Run(2_000_000);
        Assert.True(viewer.Session.IsDirect);
        host.Ways.SetLine(1, new(280_000, 2_000_000));
        host.Run(15_000_000);
        Assert.False(viewer.Session.IsDirect);
        host.PaintSome();
        host.Run(500_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken);
    }

    [Fact]
    public void A_short_silence_is_waited_out()
    {
        using var session = new Direct(3);
        var (host, viewer) = session;
        host.Ways!.Cut(1, 900_000);
        host.Run(3_000_000);
        Assert.True(viewer.Session.IsDirect);
        Assert.Equal(1, host.Ways.Opened);
    }

    [Fact]
    public void Ways_that_keep_dying_are_tried_less_and_less()
    {
        using var host = new SimulatedHost(4, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        for (int i = 0; i < 1_200; i++)
        {
            host.Run(100_000);
            host.Ways!.Close(1);
        }

        Assert.InRange(host.Ways!.Opened, 4, 8);
        Assert.True(viewer.Session.IsLive);
    }

    [Fact]
    public void Who_roams_is_back_within_three_seconds_and_direct_again_soon()
    {
        using var host = new SimulatedHost(5, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(15_000_000);
        Assert.True(viewer.Session.IsDirect);
        host.Ways!.Cut(1, 1_000_000);
        viewer.Cut();
        host.Net.After(500_000, viewer.Connect);
        host.Run(1_500_000);
        host.PaintSome();
        host.Run(1_500_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        host.Run(3_000_000);
        Assert.True(viewer.Session.IsDirect);
    }

    [Fact]
    public void A_stream_goes_through_the_relay_once_for_those_who_are_there_and_directly_to_the_others()
    {
        using var host = new SimulatedHost(6, Grant.All, direct: true);
        using var direct = host.Join(1, Near, direct: Near);
        using var one = host.Join(2, Near);
        using var two = host.Join(3, Near);
        host.Run(4_000_000);
        Assert.True(direct.Session.IsDirect);
        var seen = new List<ushort[]>();
        host.Net.ServerSees = (to, payload) =>
        {
            if (payload[0] == 0x21)
            {
                seen.Add(to);
            }
        };
        host.PaintAll();
        host.Run(500_000);
        Assert.All(seen, to => Assert.DoesNotContain((ushort)1, to));
        Assert.Contains(seen, to => to.Length == 2);
        Assert.All([direct, one, two], viewer => Assert.True(viewer.SeesExactly(host.Screen)));
    }

    [Theory]
    [InlineData("{\"t\":\"direct\",\"way\":9," + Described + "}", "a way that nobody began")]
    [InlineData("{\"t\":\"candidate\",\"way\":9,\"candidate\":\"candidate:1\"}", "a candidate of one")]
    [InlineData("{\"t\":\"direct\",\"way\":1," + Described + "}", "another fingerprint")]
    [InlineData("{\"t\":\"direct\",\"way\":1}", "nothing to find it by")]
    public void What_a_viewer_must_not_say_of_a_way_ends_its_session_and_no_other(string json, string what)
    {
        Assert.NotEmpty(what);
        using var host = new SimulatedHost(7, Grant.All, direct: true);
        using var bad = host.Join(1, Relay, direct: Near);
        using var good = host.Join(2, Relay, direct: Near);
        host.Run(2_000_000);
        bad.Do(() => bad.Session.SendRaw(host.Net.Now, ChannelBudgets.Control, Encoding.ASCII.GetBytes(json)));
        host.Run(500_000);
        Assert.Contains(bad.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Protocol });
        Assert.Contains(host.Events, e => e.Kind == HostEventKind.WayEnded && e.Member == 1);
        Assert.True(good.Session.IsDirect);
    }

    [Fact]
    public void What_a_viewer_must_not_send_over_a_way_ends_its_session()
    {
        using var session = new Direct(8);
        var (host, bad) = session;
        host.Do(() => host.Room.HandleDirect(host.Net.Now, 1, 1, [0x10, 0, 0]));
        host.Run(500_000);
        Assert.Contains(host.Events, e => e.Kind == HostEventKind.Remove && e.Member == 1);
        Assert.Contains(bad.Events, e => e.Kind == ViewerEventKind.Ended);
    }

    [Fact]
    public void Candidates_without_end_end_the_session()
    {
        using var session = new Direct(9);
        var (host, bad) = session;
        for (int i = 0; i < 97; i++)
        {
            bad.Do(() => bad.Session.SendRaw(host.Net.Now, ChannelBudgets.Control, "{\"t\":\"candidate\",\"way\":1,\"candidate\":\"candidate:1\"}"u8));
            host.Run(50_000);
        }

        Assert.Contains(bad.Events, e => e is { Kind: ViewerEventKind.Ended, Text: ByeReason.Protocol });
    }

    [Fact]
    public void A_viewer_that_does_not_know_of_ways_hears_nothing_of_them()
    {
        using var host = new SimulatedHost(10, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay);
        host.Run(2_000_000);
        Assert.DoesNotContain(host.Events, e => e.Kind == HostEventKind.WayBegins);
        viewer.Do(() => viewer.Session.SendRaw(host.Net.Now, ChannelBudgets.Control, Encoding.ASCII.GetBytes("{\"t\":\"direct\",\"way\":9," + Described + "}")));
        host.Run(500_000);
        Assert.True(viewer.Session.IsLive);
    }

    /// <summary>A host and one viewer, two seconds after that came: the session is direct.</summary>
    private sealed class Direct : IDisposable
    {
        private readonly SimulatedHost host;
        private readonly SimulatedViewer viewer;

        public Direct(ulong seed)
        {
            host = new(seed, Grant.All, direct: true);
            viewer = host.Join(1, Relay, direct: Near);
            host.Run(2_000_000);
            Assert.True(viewer.Session.IsDirect);
        }

        public void Deconstruct(out SimulatedHost its, out SimulatedViewer one) => (its, one) = (host, viewer);

        public void Dispose()
        {
            viewer.Dispose();
            host.Dispose();
        }
    }

    /// <summary>From a change on the screen until it is seen, in microseconds.</summary>
    private static long Delay(SimulatedHost host, SimulatedViewer viewer)
    {
        host.Run(200_000);
        long changed = host.Net.Now;
        host.Paint(new(1, 1, 4, 4), 1);
        host.Run(200_000);
        return viewer.UpdatedAt.First(at => at > changed) - changed;
    }
}
