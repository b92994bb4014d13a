using Alongside.Core.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>`idle-seconds`. The platform's own clock counts here, so it is real time: long enough that a busy machine still answers pings.</summary>
public sealed class DeadConnections
{
    [Fact]
    public async Task Who_does_not_even_answer_pings_is_dropped_and_who_does_stays()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { Idle = TimeSpan.FromSeconds(6) });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        // It hears that it is in, and nothing after that: a socket nobody reads answers no ping either.
        var (dead, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = dead;
        await host.HearAsync<ServerSignal.Arrived>();

        // Away, not gone: it may come back.
        Assert.Equal(new ServerSignal.Left(joined.Member, false), await host.HearAsync<ServerSignal.Left>());
        await Eventually.TrueAsync(() => server.Counters.Sockets == 1);
    }
}
