using System.Net;
using System.Net.Sockets;
using Alongside.Server.Limits;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Limits;

/// <summary>Connections on which nobody says anything take files of the process: so many of one source, and so many in all.</summary>
public sealed class IdleConnections
{
    [Fact]
    public async Task One_source_has_so_many_and_a_place_comes_free_when_one_is_closed()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { SocketsPerSource = 1 });
        var idle = new List<Socket>();
        for (var i = 0; i < 65; i++)
        {
            idle.Add(await ConnectAsync(server));
        }

        await Eventually.TrueAsync(() => server.Get<Connections>().Open == 65);
        Assert.True(await IsTurnedAwayAsync(server));

        idle[0].Dispose();
        await Eventually.TrueAsync(() => server.Get<Connections>().Open == 64);
        await using (var again = await RawClient.ConnectAsync(server.Url))
        {
            Assert.Equal(65, server.Get<Connections>().Open);
        }

        idle.ForEach(socket => socket.Dispose());
        await Eventually.TrueAsync(() => server.Get<Connections>().Open == 0);
        Assert.Contains("alongside_connections_refused_total 1", await server.Http().GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxys_connections_are_not_one_sources()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { SocketsPerSource = 1, Proxies = [IPAddress.Loopback] });
        var idle = new List<Socket>();
        for (var i = 0; i < 70; i++)
        {
            idle.Add(await ConnectAsync(server));
        }

        await Eventually.TrueAsync(() => server.Get<Connections>().Open == 70);
        idle.ForEach(socket => socket.Dispose());
    }

    [Theory]
    [InlineData(65_536, 61_440)]
    [InlineData(1_024, 768)]
    [InlineData(100, 64)]
    [InlineData(int.MaxValue, 2_013_265_920)]
    public void In_all_there_are_fewer_than_the_process_may_have_files(long files, int most) => Assert.Equal(most, Connections.MostOf(files));

    private static async Task<Socket> ConnectAsync(TestServer server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, server.Url.Port);
        return socket;
    }

    private static async Task<bool> IsTurnedAwayAsync(TestServer server)
    {
        try
        {
            using var socket = await ConnectAsync(server);
            return await socket.ReceiveAsync(new byte[1]).WaitAsync(TimeSpan.FromSeconds(30)) == 0;
        }
        catch (SocketException reset)
        {
            return reset.SocketErrorCode == SocketError.ConnectionReset;
        }
    }
}
