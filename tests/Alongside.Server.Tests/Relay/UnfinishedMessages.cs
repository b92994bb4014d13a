using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>A message that was begun holds a block until it is whole: it counts, and has its time.</summary>
public sealed class UnfinishedMessages
{
    private static readonly TimeSpan Nearly = TimeSpan.FromSeconds(9);

    [Fact]
    public async Task One_that_never_ends_ends_its_connection()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (socket, relayed, running) = await OpenAsync(server);
        socket.Feed([1, 1, 0], WebSocketMessageType.Binary, isWhole: false);
        await Eventually.TrueAsync(() => server.Relay.Memory.Bytes == BlockPool.BlockSize);
        time.Advance(Nearly);

        // A byte now and then changes nothing.
        socket.Feed([2], WebSocketMessageType.Binary, isWhole: false);
        await Eventually.TrueAsync(() => socket.IsWaiting);
        Assert.Null(relayed.Outbox.Closed);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RelayClose.Timeout, relayed.Outbox.Closed);
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, server.Relay.Memory.Bytes);
        Assert.Equal(0, server.Pool.Lent);
    }

    [Fact]
    public async Task One_that_comes_over_a_slow_line_is_waited_for()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (socket, relayed, running) = await OpenAsync(server);
        byte[] frame = [1, 1, 0, 2, .. new byte[RelayLimits.Payload]];
        for (var at = 0; at < frame.Length - 8_192; at += 8_192)
        {
            socket.Feed(frame[at..(at + 8_192)], WebSocketMessageType.Binary, isWhole: false);
            await Eventually.TrueAsync(() => socket.IsWaiting);
            time.Advance(Nearly);
        }

        Assert.Null(relayed.Outbox.Closed);
        Assert.Equal(BlockPool.BlockSize, server.Relay.Memory.Bytes);
        // Whole, and for somebody who never was there.
        socket.Feed(frame[^4..], WebSocketMessageType.Binary);
        await Eventually.TrueAsync(() => relayed.Outbox.Closed is not null);
        Assert.Equal(RelayClose.Malformed, relayed.Outbox.Closed);
        socket.Abort();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(0, server.Pool.Lent);
    }

    private static async Task<(ScriptedSocket Socket, RelaySocket Relayed, Task Running)> OpenAsync(TestServer server)
    {
        var socket = new ScriptedSocket();
        var relayed = new RelaySocket(socket, default, server.Relay);
        var running = relayed.RunAsync();
        socket.Feed(SignalJson.Write(new ClientSignal.Open(1, MemberRole.Host)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => socket.LastText is not null && socket.IsWaiting && server.Relay.Memory.Bytes == 0);
        return (socket, relayed, running);
    }
}
