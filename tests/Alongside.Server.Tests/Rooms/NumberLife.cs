using Alongside.Core.Relay;
using Alongside.Server.Rooms;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Rooms;

/// <summary>Numbers and places lapse when they should, in virtual time.</summary>
public sealed class NumberLife
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_number_lives_ten_minutes_and_its_opener_is_told()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        Assert.Equal(600, opened.Seconds);
        time.Advance(TimeSpan.FromSeconds(599));
        server.Rooms.Sweep();
        await using (var viewer = (await RawClient.JoinAsync(server.Url, opened.Digits!)).Client)
        {
            await host.HearAsync<ServerSignal.Arrived>();
        }

        await host.HearAsync<ServerSignal.Left>();
        time.Advance(Second);
        await using (var late = await RawClient.ConnectAsync(server.Url))
        {
            await late.SayAsync(new ClientSignal.Join(1, MemberRole.Viewer, Number: opened.Digits));
            Assert.Equal((RelayClose.NoRoom, "no-room"), await late.HearCloseAsync());
        }

        server.Rooms.Sweep();
        await host.HearAsync<ServerSignal.Expired>();
        await host.SayAsync(new ClientSignal.NewNumber());
        var fresh = await host.HearAsync<ServerSignal.Number>();
        Assert.NotEqual(opened.Digits, fresh.Digits);
        Assert.Equal(600, fresh.Seconds);
        await using var again = (await RawClient.JoinAsync(server.Url, fresh.Digits)).Client;
    }

    [Fact]
    public void A_number_rests_before_it_is_given_out_again_and_numbers_grow_when_a_third_is_taken()
    {
        var numbers = new Numbers();
        var now = DateTimeOffset.UnixEpoch;
        var room = new Room("r", 1, default);
        var taken = new HashSet<string>();
        for (var i = 0; i < 334; i++)
        {
            var number = numbers.Take(room, now.AddMinutes(20))!;
            Assert.Equal(3, number.Length);
            Assert.True(taken.Add(number), "A number was given out twice.");
        }

        Assert.Equal(4, numbers.Take(room, now.AddMinutes(20))!.Length);
        foreach (var number in taken)
        {
            numbers.Rest(number, now.AddMinutes(10));
            Assert.Null(numbers.Find(number));
        }

        Assert.Equal(0, numbers.Free(now.AddMinutes(9)));
        Assert.Equal(4, numbers.Take(room, now.AddMinutes(20))!.Length);
        Assert.Equal(334, numbers.Free(now.AddMinutes(10)));
        Assert.Equal(3, numbers.Take(room, now.AddMinutes(20))!.Length);
    }

    [Fact]
    public async Task A_member_that_is_away_keeps_its_place_for_two_minutes()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await host.HearAsync<ServerSignal.Arrived>();
        await viewer.DisposeAsync();
        Assert.Equal(new ServerSignal.Left(joined.Member, false), await host.HearAsync<ServerSignal.Left>());
        time.Advance(TimeSpan.FromSeconds(119));
        server.Rooms.Sweep();
        await using (var back = await RawClient.ConnectAsync(server.Url))
        {
            await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
            await back.HearAsync<ServerSignal.Joined>();
            await host.HearAsync<ServerSignal.Arrived>();
        }

        await host.HearAsync<ServerSignal.Left>();
        time.Advance(TimeSpan.FromSeconds(120));
        server.Rooms.Sweep();
        Assert.Equal(new ServerSignal.Left(joined.Member, true), await host.HearAsync<ServerSignal.Left>());
        await using var late = await RawClient.ConnectAsync(server.Url);
        await late.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        Assert.Equal((RelayClose.NoRoom, "no-room"), await late.HearCloseAsync());
    }

    [Fact]
    public async Task A_room_without_its_opener_ends_after_two_minutes()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        var (viewer, _) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _1 = viewer;
        await host.DisposeAsync();
        await viewer.HearAsync<ServerSignal.Left>();
        time.Advance(TimeSpan.FromSeconds(120));
        server.Rooms.Sweep();

        // Nobody closed it: who can do without the room may go on.
        Assert.Equal((RelayClose.NoRoom, "no-room"), await viewer.HearCloseAsync());
        Assert.Equal(0, server.Rooms.RoomCount);
    }

    [Fact]
    public async Task An_opener_that_was_away_when_its_number_lapsed_hears_of_it_on_its_return()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(settings => settings with { Away = TimeSpan.FromHours(1) }, time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await host.DisposeAsync();
        await Eventually.TrueAsync(() => server.Counters.Sockets == 0);
        time.Advance(TimeSpan.FromMinutes(10));
        server.Rooms.Sweep();
        await using var back = await RawClient.ConnectAsync(server.Url);
        await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, opened.Member, opened.Token));
        await back.HearAsync<ServerSignal.Joined>();
        await back.HearAsync<ServerSignal.Expired>();
    }
}
