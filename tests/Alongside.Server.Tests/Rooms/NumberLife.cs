using System.Net;
using Alongside.Core.Relay;
using Alongside.Server.Limits;
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
        var room = new Room("r", 1, default);
        var taken = new HashSet<string>();
        for (var i = 0; i < 334; i++)
        {
            var number = Take()!;
            Assert.Equal(3, number.Length);
            Assert.True(taken.Add(number), "A number was given out twice.");
        }

        Assert.Equal(4, Take()!.Length);
        foreach (var number in taken)
        {
            numbers.Rest(number, TimeSpan.FromMinutes(10));
            Assert.Null(numbers.Find(number));
        }

        Assert.Equal(0, numbers.Free(TimeSpan.FromMinutes(9)));
        Assert.Equal(4, Take()!.Length);
        Assert.Equal(334, numbers.Free(TimeSpan.FromMinutes(10)));
        Assert.Equal(3, Take()!.Length);

        string? Take() => numbers.Take(room, TimeSpan.FromMinutes(20), default, most: 1_000);
    }

    [Fact]
    public void A_source_has_so_many_numbers_in_use_or_resting_and_the_networks_around_it_a_few_times_as_many()
    {
        var numbers = new Numbers();
        var room = new Room("r", 1, default);
        Assert.Equal(5, Take("192.0.2.1", 10).Count);
        Assert.Equal(5, Take("192.0.2.2", 10).Count);
        var first = Take("2001:db8:1::1", 10);
        Assert.Equal(5, first.Count);
        Assert.Equal(15, Enumerable.Range(1, 20).Sum(household => Take($"2001:db8:1:{household:x}::1", 10).Count));
        numbers.Rest(first[0], TimeSpan.FromMinutes(10));
        Assert.Empty(Take("2001:db8:1::1", 1));
        numbers.Free(TimeSpan.FromMinutes(10));
        Assert.Single(Take("2001:db8:1::1", 2));

        List<string> Take(string address, int times) => [.. Enumerable.Range(0, times)
            .Select(_ => numbers.Take(room, TimeSpan.FromMinutes(20), Source.Of(IPAddress.Parse(address)), most: 5)).OfType<string>()];
    }

    [Theory]
    [InlineData(false, 59, 0)]
    [InlineData(false, 60, 600)]
    [InlineData(true, 0, 600)]
    public async Task A_number_rests_when_somebody_came_by_it_or_may_have_noted_it(bool used, int seconds, int rests)
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        if (used)
        {
            await using var viewer = (await RawClient.JoinAsync(server.Url, opened.Digits!)).Client;
            await host.HearAsync<ServerSignal.Arrived>();
        }

        time.Advance(TimeSpan.FromSeconds(seconds));
        await host.SayAsync(new ClientSignal.DropNumber());
        await Eventually.TrueAsync(() =>
        {
            server.Rooms.Sweep();
            return rests > 0 || server.Rooms.NumbersTaken == 0;
        });
        if (rests > 0)
        {
            // Its messages are taken in order: the second number is there, so the first was given up.
            await host.SayAsync(new ClientSignal.NewNumber());
            while (await host.HearAnyAsync() is not ServerSignal.Number)
            {
                // The one who came and went.
            }

            server.Rooms.Sweep();
            Assert.Equal(2, server.Rooms.NumbersTaken);
            time.Advance(TimeSpan.FromSeconds(rests - 1));
            server.Rooms.Sweep();
            Assert.Equal(2, server.Rooms.NumbersTaken);
            time.Advance(Second);
            server.Rooms.Sweep();
            // The second one has lapsed by now, and rests.
            Assert.Equal(1, server.Rooms.NumbersTaken);
        }
    }

    [Fact]
    public async Task Somebody_who_sets_the_clock_ends_no_room()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Digits!);
        await host.HearAsync<ServerSignal.Arrived>();
        await viewer.DisposeAsync();
        await host.HearAsync<ServerSignal.Left>();
        time.SetClock(TimeSpan.FromDays(400));
        server.Rooms.Sweep();
        await using (var back = await RawClient.ConnectAsync(server.Url))
        {
            await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
            await back.HearAsync<ServerSignal.Joined>();
        }

        await using var late = (await RawClient.JoinAsync(server.Url, opened.Digits!)).Client;
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
