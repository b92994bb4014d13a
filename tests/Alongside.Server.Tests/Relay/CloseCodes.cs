using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>Every row of "Close codes" in docs/protocol/relay.md.</summary>
public sealed class CloseCodes
{
    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"t\":\"dance\"}")]
    [InlineData("{\"v\":1,\"role\":\"host\"}")]
    [InlineData("{\"t\":\"open\",\"v\":1}")]
    [InlineData("{\"t\":\"open\",\"v\":\"1\",\"role\":\"host\"}")]
    [InlineData("{\"t\":\"open\",\"v\":0,\"role\":\"host\"}")]
    [InlineData("{\"t\":\"open\",\"v\":1,\"role\":\"HOST\"}")]
    [InlineData("{\"t\":\"open\",\"v\":1,\"role\":0}")]
    [InlineData("{\"t\":\"open\",\"v\":1,\"role\":\"host\",\"role\":\"viewer\"}")]
    [InlineData("{\"t\":\"open\",\"v\":1,\"role\":\"host\"} trailing")]
    [InlineData("{\"t\":\"open\",\"v\":1,\"role\":\"host\",\"x\":{\"a\":{\"b\":{\"c\":{}}}}}")]
    [InlineData("{\"t\":\"join\",\"v\":1,\"role\":\"viewer\"}")]
    [InlineData("{\"t\":\"join\",\"v\":1,\"role\":\"viewer\",\"number\":\"12\"}")]
    [InlineData("{\"t\":\"join\",\"v\":1,\"role\":\"viewer\",\"number\":482}")]
    [InlineData("{\"t\":\"join\",\"v\":1,\"role\":\"viewer\",\"number\":\"482\",\"room\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"t\":\"join\",\"v\":1,\"role\":\"viewer\",\"room\":\"../../../../etc/passwd\"}")]
    [InlineData("{\"t\":\"rejoin\",\"v\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"member\":0,\"token\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"t\":\"rejoin\",\"v\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"member\":70000,\"token\":\"AAAAAAAAAAAAAAAAAAAAAA\"}")]
    [InlineData("{\"t\":\"number\"}")]
    [InlineData("{\"t\":\"close\"}")]
    public async Task A_first_message_that_is_wrong_is_malformed(string text)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await RawClient.ConnectAsync(server.Url);
        await client.SendTextAsync(text);
        Assert.Equal((RelayClose.Malformed, "malformed"), await client.HearCloseAsync());
    }

    [Fact]
    public async Task A_frame_before_a_room_is_malformed()
    {
        await using var server = await TestServer.StartAsync();
        await using var client = await RawClient.ConnectAsync(server.Url);
        await client.SendAsync(1, [1]);
        Assert.Equal((RelayClose.Malformed, "malformed"), await client.HearCloseAsync());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 1 })]
    [InlineData(new byte[] { 1, 0, 5 })]
    [InlineData(new byte[] { 1, 2, 0, 2, 0 })]
    [InlineData(new byte[] { 1, 1, 0, 2 })]
    [InlineData(new byte[] { 2, 1, 0, 2, 9 })]
    [InlineData(new byte[] { 1, 1, 0, 9, 9 })]
    [InlineData(new byte[] { 1, 1, 0, 0, 9 })]
    [InlineData(new byte[] { 1, 1, 0, 1, 9 })]
    public async Task A_frame_that_lies_is_malformed(byte[] frame)
    {
        await using var server = await TestServer.StartAsync();
        var (client, _) = await RawClient.OpenAsync(server.Url);
        await using var _1 = client;
        await client.SendBinaryAsync(frame);
        Assert.Equal((RelayClose.Malformed, "malformed"), await client.HearCloseAsync());
    }

    [Fact]
    public async Task A_place_is_not_given_to_a_wrong_token()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await using var thief = await RawClient.ConnectAsync(server.Url);
        await thief.SayAsync(new ClientSignal.Rejoin(1, opened.Room, opened.Member, new string('A', 22)));
        Assert.Equal((RelayClose.Token, "token"), await thief.HearCloseAsync());
    }

    [Fact]
    public async Task No_such_room_is_the_same_answer_for_a_number_an_id_and_a_lapsed_one()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await host.SayAsync(new ClientSignal.DropNumber());
        ClientSignal[] tries =
        [
            new ClientSignal.Join(1, MemberRole.Viewer, Number: opened.Digits == "111" ? "112" : "111"),
            new ClientSignal.Join(1, MemberRole.Viewer, Room: new string('B', 22)),
            new ClientSignal.Rejoin(1, new string('B', 22), 1, opened.Token),
            new ClientSignal.Rejoin(1, opened.Room, 7, opened.Token),
        ];
        foreach (var attempt in tries)
        {
            await using var client = await RawClient.ConnectAsync(server.Url);
            await client.SayAsync(attempt);
            Assert.Equal((RelayClose.NoRoom, "no-room"), await client.HearCloseAsync());
        }
    }

    [Fact]
    public async Task Only_the_opener_closes_and_renumbers()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        foreach (var signal in new ClientSignal[] { new ClientSignal.NewNumber(), new ClientSignal.DropNumber(), new ClientSignal.Close(), new ClientSignal.Remove(1) })
        {
            var (viewer, _) = await RawClient.JoinAsync(server.Url, opened.Digits!);
            await using var _2 = viewer;
            await viewer.SayAsync(signal);
            Assert.Equal((RelayClose.NotYours, "not-yours"), await viewer.HearCloseAsync());
        }
    }

    [Fact]
    public async Task Silence_after_connecting_times_out()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        await using var client = await RawClient.ConnectAsync(server.Url);
        // A first message that never ends is silence as well.
        await client.Socket.SendAsync("{\"t\":"u8.ToArray(), WebSocketMessageType.Text, false, CancellationToken.None);
        var closing = client.HearCloseAsync();
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(closing.IsCompleted);
        // The server may begin to count a little after the client has connected.
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return closing.IsCompleted;
        });
        Assert.Equal((RelayClose.Timeout, "timeout"), await closing);
    }

    [Fact]
    public async Task A_member_that_comes_in_from_elsewhere_replaces_its_older_socket()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await using var again = await RawClient.ConnectAsync(server.Url);
        await again.SayAsync(new ClientSignal.Rejoin(1, opened.Room, opened.Member, opened.Token));
        Assert.Equal(opened.Member, (await again.HearAsync<ServerSignal.Joined>()).Member);
        Assert.Equal((RelayClose.Replaced, "replaced"), await host.HearCloseAsync());
    }

    [Fact]
    public async Task Closing_the_room_ends_it_for_all()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.SayAsync(new ClientSignal.Close());
        Assert.Equal((RelayClose.Ended, "ended"), await viewer.HearCloseAsync());
        Assert.Equal((RelayClose.Ended, "ended"), await host.HearCloseAsync());
        await using var again = await RawClient.ConnectAsync(server.Url);
        await again.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        Assert.Equal((RelayClose.NoRoom, "no-room"), await again.HearCloseAsync());
    }

    [Fact]
    public async Task A_removed_member_is_told_and_its_token_is_worth_nothing()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.HearAsync<ServerSignal.Arrived>();
        await host.SayAsync(new ClientSignal.Remove(joined.Member));
        Assert.Equal((RelayClose.Removed, "removed"), await viewer.HearCloseAsync());
        Assert.Equal(new ServerSignal.Left(joined.Member, true), await host.HearAsync<ServerSignal.Left>());
        await using var again = await RawClient.ConnectAsync(server.Url);
        await again.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        Assert.Equal((RelayClose.NoRoom, "no-room"), await again.HearCloseAsync());
    }

    [Fact]
    public async Task Nobody_comes_into_a_hosts_room_as_another_host()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await using var guesser = await RawClient.ConnectAsync(server.Url);
        await guesser.SayAsync(new ClientSignal.Join(1, MemberRole.Host, Number: opened.Digits));
        Assert.Equal((RelayClose.Full, "full"), await guesser.HearCloseAsync());
    }

    [Fact]
    public async Task In_a_helpers_room_one_host_is_here_at_a_time_and_puts_out_viewers_alone()
    {
        await using var server = await TestServer.StartAsync();
        var (helper, opened) = await RawClient.OpenAsync(server.Url, role: MemberRole.Viewer);
        await using var _1 = helper;
        var (host, _) = await RawClient.JoinAsync(server.Url, opened.Digits!, MemberRole.Host);
        await using var _2 = host;
        await using (var second = await RawClient.ConnectAsync(server.Url))
        {
            await second.SayAsync(new ClientSignal.Join(1, MemberRole.Host, Room: opened.Room));
            Assert.Equal((RelayClose.Full, "full"), await second.HearCloseAsync());
        }

        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _3 = viewer;
        await host.SayAsync(new ClientSignal.Remove(joined.Member));
        Assert.Equal((RelayClose.Removed, "removed"), await viewer.HearCloseAsync());
        await host.SayAsync(new ClientSignal.Remove(opened.Member));
        await host.HearAsync<ServerSignal.Arrived>();
        await host.HearAsync<ServerSignal.Left>();
        Assert.Equal((RelayClose.NotYours, "not-yours"), await host.HearCloseAsync());
    }

    [Fact]
    public async Task A_host_that_was_away_is_not_put_out_by_whoever_came_instead()
    {
        await using var server = await TestServer.StartAsync();
        var (helper, opened) = await RawClient.OpenAsync(server.Url, role: MemberRole.Viewer);
        await using var _1 = helper;
        var (host, joined) = await RawClient.JoinAsync(server.Url, opened.Digits!, MemberRole.Host);
        await helper.HearAsync<ServerSignal.Arrived>();
        await host.DisposeAsync();
        await helper.HearAsync<ServerSignal.Left>();
        var (other, _) = await RawClient.JoinAsync(server.Url, opened.Digits!, MemberRole.Host);
        await using var _2 = other;
        await other.SayAsync(new ClientSignal.Remove(joined.Member));
        Assert.Equal((RelayClose.NotYours, "not-yours"), await other.HearCloseAsync());
        await using var back = await RawClient.ConnectAsync(server.Url);
        await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        await back.HearAsync<ServerSignal.Joined>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_over_4096_bytes_is_too_big(bool inRoom)
    {
        await using var server = await TestServer.StartAsync();
        await using var client = inRoom ? (await RawClient.OpenAsync(server.Url)).Client : await RawClient.ConnectAsync(server.Url);
        await client.SendTextAsync(new byte[4097]);
        Assert.Equal((RelayClose.TooBig, "too-big"), await client.HearCloseAsync());
    }

    [Fact]
    public async Task A_binary_message_over_65600_bytes_is_too_big_also_in_pieces()
    {
        await using var server = await TestServer.StartAsync();
        var (client, _) = await RawClient.OpenAsync(server.Url);
        await using var _1 = client;
        for (var i = 0; i < 66; i++)
        {
            await client.Socket.SendAsync(new byte[1000], WebSocketMessageType.Binary, i == 65, CancellationToken.None);
        }

        Assert.Equal((RelayClose.TooBig, "too-big"), await client.HearCloseAsync());
    }

    [Fact]
    public async Task A_room_with_all_its_members_is_full()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { RoomMembers = 2 });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, _) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await using var third = await RawClient.ConnectAsync(server.Url);
        await third.SayAsync(new ClientSignal.Join(1, MemberRole.Viewer, Room: opened.Room));
        Assert.Equal((RelayClose.Full, "full"), await third.HearCloseAsync());
    }

    [Fact]
    public async Task More_than_a_window_underway_closes_the_sender()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        // The viewer reads nothing. What the system's buffers take is not underway any more, so this goes on until they are full.
        var payload = new byte[RelayLimits.Payload];
        var sending = Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    await host.SendAsync(joined.Member, payload);
                }
            }
            catch (Exception error) when (error is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        });
        Assert.Equal((RelayClose.Window, "window"), await host.HearCloseAsync());
        host.Socket.Abort();
        await sending;
    }

    [Fact]
    public async Task A_stopping_server_sends_away_also_who_is_not_in_a_room_yet_and_who_comes_now()
    {
        await using var server = await TestServer.StartAsync();
        await using var early = await RawClient.ConnectAsync(server.Url);
        await Eventually.TrueAsync(() => server.Counters.Sockets == 1);
        server.Relay.Drain();
        Assert.Equal((RelayClose.Restart, "restart"), await early.HearCloseAsync());
        await using var late = await RawClient.ConnectAsync(server.Url);
        await late.SayAsync(new ClientSignal.Open(1, MemberRole.Host));
        Assert.Equal((RelayClose.Restart, "restart"), await late.HearCloseAsync());
        Assert.Equal(0, server.Rooms.RoomCount);
    }

    [Fact]
    public async Task A_stopping_server_sends_everybody_away_to_come_back()
    {
        await using var server = await TestServer.StartAsync();
        var (host, _) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var stopping = server.StopAsync();
        Assert.Equal((RelayClose.Restart, "restart"), await host.HearCloseAsync());
        await stopping;
    }
}
