using System.Text;
using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Testing;

namespace Alongside.Core.Tests.Relay;

/// <summary>The client's side of the relay: entering, windows, breaks, ends.</summary>
public sealed class Peers
{
    private const string Room = "RRRRRRRRRRRRRRRRRRRRRR";
    private const string Token = "TTTTTTTTTTTTTTTTTTTTTT";

    [Fact]
    public void It_opens_is_told_of_arrivals_and_counts_windows()
    {
        var peer = RelayPeer.ToOpen(MemberRole.Host, withNumber: true);
        Assert.Equal("{\"t\":\"open\",\"v\":1,\"role\":\"host\",\"number\":true}", Encoding.UTF8.GetString(SignalJson.Write(peer.FirstMessage())));
        Hear(peer, $$"""{"t":"opened","room":"{{Room}}","member":1,"token":"{{Token}}","number":"482","seconds":600,"window":100000}""");
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        Assert.Equal(["Opened 1 482 600", "Arrived 2 Viewer"], Told(peer));

        Assert.True(peer.TryReserve([2], 60_000));
        Assert.Equal(40_000, peer.Window(2));
        Assert.False(peer.TryReserve([2], 60_000));
        Credit(peer, 2, 10_000);
        Assert.Equal(["WindowOpened 2"], Told(peer));
        Assert.False(peer.TryReserve([2], 60_000));
        Credit(peer, 2, 20_000);
        Assert.Equal(["WindowOpened 2"], Told(peer));
        Assert.True(peer.TryReserve([2], 60_000));
        Credit(peer, 2, uint.MaxValue);
        Assert.Equal(100_000, peer.Window(2));
    }

    [Fact]
    public void A_payload_to_many_takes_from_all_windows_or_none()
    {
        var peer = Here();
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        Hear(peer, """{"t":"arrived","member":3,"role":"viewer"}""");
        Assert.True(peer.TryReserve([3], 90_000));
        Assert.False(peer.TryReserve([2, 3], 20_000));
        Assert.Equal(100_000, peer.Window(2));
        Assert.False(peer.TryReserve([2, 9], 1));
        Hear(peer, """{"t":"left","member":2,"gone":false}""");
        Assert.Equal(0, peer.Window(2));
        Assert.False(peer.TryReserve([2], 1));
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        Assert.Equal(100_000, peer.Window(2));
    }

    [Fact]
    public void Who_came_in_anew_is_sent_nothing_before_who_sends_has_heard_of_it()
    {
        var peer = RelayPeer.ToOpen(MemberRole.Host, withNumber: false, arrivalsAreHeardLater: true);
        Hear(peer, $$"""{"t":"opened","room":"{{Room}}","member":1,"token":"{{Token}}","window":100000}""");
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        Assert.False(peer.TryReserve([2], 1));
        Hear(peer, """{"t":"left","member":2,"gone":false}""");
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        peer.HasHeardOf(2);
        Assert.Equal(0, peer.Window(2));
        peer.HasHeardOf(2);
        Assert.Equal(100_000, peer.Window(2));
        peer.HandleClosed(null, "");
        Hear(peer, $$"""{"t":"joined","room":"{{Room}}","member":1,"token":"{{Token}}","window":100000,"members":[{"member":2,"role":"viewer","here":true}]}""");
        Assert.False(peer.TryReserve([2], 1));
        peer.HasHeardOf(2);
        peer.HasHeardOf(2);
        Assert.True(peer.TryReserve([2], 1));
    }

    [Fact]
    public void After_a_break_it_takes_its_place_again_and_learns_who_is_there()
    {
        var peer = Here();
        Hear(peer, """{"t":"arrived","member":2,"role":"viewer"}""");
        Hear(peer, """{"t":"arrived","member":3,"role":"viewer"}""");
        peer.TryReserve([2], 90_000);
        Told(peer);
        peer.HandleClosed(null, "gone");
        Assert.Equal(["Broken"], Told(peer));
        Assert.Equal(0, peer.Window(2));
        Assert.Equal(new ClientSignal.Rejoin(1, Room, 1, Token), peer.FirstMessage());
        peer.HandleClosed(null, "no answer");
        peer.HandleClosed((int)RelayClose.Restart, "again");
        Assert.Empty(Told(peer));
        Hear(peer, $$"""{"t":"joined","room":"{{Room}}","member":1,"token":"{{Token}}","window":100000,"members":[{"member":2,"role":"viewer","here":true},{"member":4,"role":"viewer","here":false}]}""");
        Assert.Equal(["Back", "Left 3 gone", "Arrived 2 Viewer"], Told(peer));
        Assert.Equal(100_000, peer.Window(2));
        Assert.Equal(0, peer.Window(4));
    }

    [Theory]
    [InlineData(RelayClose.Token, true)]
    [InlineData(RelayClose.NoRoom, true)]
    [InlineData(RelayClose.Replaced, true)]
    [InlineData(RelayClose.Ended, true)]
    [InlineData(RelayClose.Removed, true)]
    [InlineData(RelayClose.Window, true)]
    [InlineData(RelayClose.Restart, false)]
    [InlineData(RelayClose.Timeout, false)]
    [InlineData(RelayClose.SlowDown, false)]
    public void It_gives_up_when_its_place_is_lost_and_only_then(RelayClose code, bool ends)
    {
        var peer = Here();
        Told(peer);
        Hear(peer, """{"t":"error","code":"x","message":"In the server's words."}""");
        peer.HandleClosed((int)code, "reason");
        Assert.Equal(ends ? [$"Ended {(int)code} In the server's words."] : ["Broken"], Told(peer));
        Assert.Equal(ends, peer.HasEnded);
        Assert.Equal(code == RelayClose.SlowDown, peer.SlowDown);
    }

    [Fact]
    public void What_cannot_be_entered_ends_at_once()
    {
        var peer = RelayPeer.ToJoin(MemberRole.Viewer, "482");
        peer.HandleClosed((int)RelayClose.NoRoom, RelayClose.NoRoom.Words());
        Assert.Equal([$"Ended 4404 {RelayClose.NoRoom.Words()}"], Told(peer));
    }

    [Theory]
    [InlineData("48")]
    [InlineData("482190573")]
    [InlineData("48a")]
    [InlineData("")]
    public void A_place_is_a_number_or_an_id(string place) => Assert.Throws<ArgumentException>(() => RelayPeer.ToJoin(MemberRole.Viewer, place));

    [Theory]
    [InlineData("""{"t":"joined","room":"RRRRRRRRRRRRRRRRRRRRRR","member":1,"token":"TTTTTTTTTTTTTTTTTTTTTT","window":100000,"members":[]}""")]
    [InlineData("""{"t":"arrived","member":0,"role":"viewer"}""")]
    [InlineData("""{"t":"arrived","member":2,"role":"king"}""")]
    [InlineData("""{"t":"arrived","member":-1,"role":"viewer"}""")]
    [InlineData("""{"t":"number","number":"4821905","seconds":600}""")]
    [InlineData("""{"member":2}""")]
    [InlineData("""{"t":7}""")]
    [InlineData("")]
    public void A_server_that_says_something_wrong_is_a_protocol_error(string text) => Assert.Throws<ProtocolException>(() => Hear(Here(), text));

    [Theory]
    [InlineData("""{"t":"weather","sunny":true}""")]
    [InlineData("""{"t":"arrived","member":2,"role":"viewer","hat":"blue"}""")]
    [InlineData("""{"member":2,"role":"viewer","t":"arrived"}""")]
    public void What_a_newer_server_adds_is_ignored(string text) => Hear(Here(), text);

    [Fact]
    public void Mutated_messages_of_a_server_are_understood_or_refused_never_more()
    {
        var random = new SeededRandomSource(11);
        string[] good =
        [
            """{"t":"arrived","member":2,"role":"viewer"}""",
            """{"t":"left","member":2,"gone":true}""",
            """{"t":"number","number":"517","seconds":600}""",
            """{"t":"error","code":"no-room","message":"no"}""",
        ];
        for (var i = 0; i < 20_000; i++)
        {
            var peer = Here();
            var text = Encoding.UTF8.GetBytes(good[random.Next(good.Length)]);
            text[random.Next(text.Length)] = (byte)random.Next(256);
            var frame = new byte[random.Next(12)];
            random.Fill(frame);
            if (frame.Length > 0)
            {
                frame[0] = (byte)random.Next(4);
            }

            Try(() => peer.HandleText(text));
            Try(() => peer.HandleBinary(frame, out _));
        }

        static void Try(Action action)
        {
            try
            {
                action();
            }
            catch (ProtocolException error)
            {
                Assert.NotEmpty(error.Message);
            }
        }
    }

    [Fact]
    public void The_waits_between_tries_grow_and_scatter()
    {
        Assert.Equal(0, RelayRetry.Delay(0, 0, false, 0.9));
        Assert.Equal(250_000, RelayRetry.Delay(1, 0, false, 0.5));
        Assert.Equal(500_000, RelayRetry.Delay(2, 0, false, 0.5));
        Assert.Equal(2_000_000, RelayRetry.Delay(40, 0, false, 0.5));
        Assert.Equal(15_000_000, RelayRetry.Delay(1, 121_000_000, false, 0.5));
        Assert.Equal(15_000_000, RelayRetry.Delay(0, 0, true, 0.5));
        Assert.True(RelayRetry.Delay(3, 0, false, 0) < RelayRetry.Delay(3, 0, false, 0.99));
    }

    [Fact]
    public void A_frame_that_overtakes_the_news_of_being_in_is_lost_and_costs_no_place()
    {
        byte[] frame = [1, 0, 2, 0x20, 9];
        var peer = RelayPeer.ToOpen(MemberRole.Host, withNumber: false);
        Assert.True(peer.HandleBinary(frame, out _).IsEmpty);
        Hear(peer, $$"""{"t":"opened","room":"{{Room}}","member":1,"token":"{{Token}}","window":100000}""");
        Assert.Equal([0x20, 9], peer.HandleBinary(frame, out ushort from).ToArray());
        Assert.Equal(2, from);
        peer.HandleClosed(null, "gone");
        Assert.True(peer.HandleBinary(frame, out _).IsEmpty);
    }

    [Fact]
    public void A_connection_that_was_thrown_out_at_once_does_not_begin_the_waits_anew()
    {
        var tries = default(RelayTries);
        long now = 1_000_000;
        foreach (long wait in (long[])[0, 250_000, 500_000, 1_000_000, 2_000_000, 2_000_000])
        {
            Assert.Equal(wait, tries.Next(now, now - 4_999_999, false, 0.5));
        }

        now += 130_000_000;
        Assert.Equal(15_000_000, tries.Next(now, null, false, 0.5));
        Assert.Equal(0, tries.Next(now, now - RelayTries.Held, false, 0.5));
    }

    private static RelayPeer Here()
    {
        var peer = RelayPeer.ToOpen(MemberRole.Host, withNumber: false);
        Hear(peer, $$"""{"t":"opened","room":"{{Room}}","member":1,"token":"{{Token}}","window":100000}""");
        return peer;
    }

    private static void Hear(RelayPeer peer, string text) => peer.HandleText(Encoding.UTF8.GetBytes(text));

    private static void Credit(RelayPeer peer, ushort member, uint bytes)
    {
        var message = new byte[RelayFrames.WindowUpdate];
        RelayFrames.WriteWindow(message, member, bytes);
        Assert.True(peer.HandleBinary(message, out _).IsEmpty);
    }

    private static string[] Told(RelayPeer peer)
    {
        var told = new List<string>();
        while (peer.TryPoll(out var happened))
        {
            told.Add(happened.Kind switch
            {
                RelayEventKind.Opened => $"Opened {happened.Member} {happened.Text} {happened.Number}",
                RelayEventKind.Arrived => $"Arrived {happened.Member} {happened.Role}",
                RelayEventKind.Left => $"Left {happened.Member}{(happened.Gone ? " gone" : "")}",
                RelayEventKind.WindowOpened => $"WindowOpened {happened.Member}",
                RelayEventKind.Ended => $"Ended {happened.Number} {happened.Text}",
                _ => happened.Kind.ToString(),
            });
        }

        return [.. told];
    }
}
