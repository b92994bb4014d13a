using System.Net;
using Alongside.Core.Relay;
using Alongside.Server.Limits;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Limits;

/// <summary>What one source, or everybody for one room, may do in a minute.</summary>
public sealed class SlowDown
{
    private static readonly (RelayClose, string?) Slower = (RelayClose.SlowDown, "slow-down");

    [Fact]
    public async Task Rooms_of_one_source_are_limited_and_refill_with_time()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(settings => settings with { RoomsPerSource = 2 }, time);
        await using var first = (await RawClient.OpenAsync(server.Url)).Client;
        await using var second = (await RawClient.OpenAsync(server.Url)).Client;
        await using (var third = await RawClient.ConnectAsync(server.Url))
        {
            await third.SayAsync(new ClientSignal.Open(1, MemberRole.Host));
            Assert.Equal(Slower, await third.HearCloseAsync());
        }

        time.Advance(TimeSpan.FromSeconds(31));
        await using var fourth = (await RawClient.OpenAsync(server.Url)).Client;
    }

    [Fact]
    public async Task New_numbers_count_as_rooms_and_one_too_many_is_waited_for_by_somebody_who_keeps_their_place()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(settings => settings with { RoomsPerSource = 2 }, time);
        var (host, _) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await host.SayAsync(new ClientSignal.NewNumber());
        var second = await host.HearAsync<ServerSignal.Number>();
        await host.SayAsync(new ClientSignal.NewNumber());
        await host.HearAsync<ServerSignal.Expired>();
        // As one does who hears that.
        await host.SayAsync(new ClientSignal.NewNumber());
        await using (var late = await RawClient.ConnectAsync(server.Url))
        {
            await late.SayAsync(new ClientSignal.Join(1, MemberRole.Viewer, Number: second.Digits));
            Assert.Equal((RelayClose.NoRoom, "no-room"), await late.HearCloseAsync());
        }

        var hearing = host.HearAsync<ServerSignal.Number>();
        Assert.False(hearing.IsCompleted);
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return hearing.IsCompleted;
        });
        await using var viewer = (await RawClient.JoinAsync(server.Url, (await hearing).Digits)).Client;
    }

    [Fact]
    public async Task Guesses_of_one_source_are_limited_wherever_they_go()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { JoinsPerSource = 3 });
        for (var i = 0; i < 4; i++)
        {
            await using var client = await RawClient.ConnectAsync(server.Url);
            await client.SayAsync(i % 2 == 0
                ? new ClientSignal.Join(1, MemberRole.Viewer, Number: "123")
                : new ClientSignal.Rejoin(1, new string('A', 22), 1, new string('A', 22)));
            Assert.Equal(i < 3 ? (RelayClose.NoRoom, "no-room") : Slower, await client.HearCloseAsync());
        }
    }

    [Fact]
    public async Task Tries_for_one_room_are_limited()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { JoinsPerRoom = 1 });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        await using var viewer = (await RawClient.JoinAsync(server.Url, opened.Digits!)).Client;
        await using var second = await RawClient.ConnectAsync(server.Url);
        await second.SayAsync(new ClientSignal.Join(1, MemberRole.Viewer, Number: opened.Digits));
        Assert.Equal(Slower, await second.HearCloseAsync());
    }

    [Fact]
    public async Task Sockets_of_one_source_are_limited_and_free_when_closed()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { SocketsPerSource = 1 });
        var (host, _) = await RawClient.OpenAsync(server.Url);
        await using (var second = await RawClient.ConnectAsync(server.Url))
        {
            Assert.Equal(Slower, await second.HearCloseAsync());
        }

        await host.DisposeAsync();
        await Eventually.TrueAsync(() => server.Counters.Sockets == 0);
        await using var third = (await RawClient.OpenAsync(server.Url)).Client;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Behind_a_proxy_the_sources_are_those_it_names(bool believed)
    {
        await using var server = await TestServer.StartAsync(settings => settings with { SocketsPerSource = 1, Proxies = believed ? [IPAddress.Loopback] : [] });
        await using var one = await RawClient.ConnectAsync(server.Url, forwardedFor: "203.0.113.1");
        await one.SayAsync(new ClientSignal.Open(1, MemberRole.Host));
        await one.HearAsync<ServerSignal.Opened>();
        await using var other = await RawClient.ConnectAsync(server.Url, forwardedFor: "203.0.113.2");
        if (!believed)
        {
            Assert.Equal(Slower, await other.HearCloseAsync());
            return;
        }

        await other.SayAsync(new ClientSignal.Open(1, MemberRole.Host));
        await other.HearAsync<ServerSignal.Opened>();
        await using var again = await RawClient.ConnectAsync(server.Url, forwardedFor: "203.0.113.2");
        Assert.Equal(Slower, await again.HearCloseAsync());
    }

    [Fact]
    public void The_log_hears_of_a_source_once_a_minute()
    {
        var time = new ManualTime();
        var limits = new SourceLimits(new ServerSettings(), time);
        var (one, other) = (Source.Of(IPAddress.Parse("192.0.2.1")), Source.Of(IPAddress.Parse("192.0.2.2")));
        Assert.True(limits.TryTell(one));
        Assert.False(limits.TryTell(one));
        Assert.True(limits.TryTell(other));
        time.Advance(TimeSpan.FromSeconds(59));
        // Not forgotten by being quiet.
        limits.Sweep();
        Assert.False(limits.TryTell(one));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(limits.TryTell(one));
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void A_source_is_an_address_or_a_household(string one, string other, bool same) =>
        Assert.Equal(same, Source.Of(IPAddress.Parse(one)) == Source.Of(IPAddress.Parse(other)));

    [Fact]
    public void Who_has_many_households_has_a_few_times_as_much()
    {
        var limits = new SourceLimits(new ServerSettings { JoinsPerSource = 10 }, new ManualTime());
        Assert.Equal(10, Joins(0));
        Assert.Equal(40, 10 + Enumerable.Range(1, 100).Sum(Joins));
        Assert.Equal(160, 40 + Enumerable.Range(0x100, 1_000).Sum(Joins));
        Assert.Equal(10, Enumerable.Range(0, 20).Count(_ => limits.TryTakeJoin(Source.Of(IPAddress.Parse("2001:db8:2::1")))));

        int Joins(int household) => Enumerable.Range(0, 20).Count(_ => limits.TryTakeJoin(Source.Of(IPAddress.Parse($"2001:db8:1:{household:x}::1"))));
    }
}
