using System.Net;
using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>`relay-memory`: what waits for all receivers together has a bound, and who pays when it is reached.</summary>
public sealed class FullMemory
{
    /// <summary>A message of this size takes a block of its own.</summary>
    private const int Large = 60_000;

    private static readonly Source Here = Source.Of(IPAddress.Parse("192.0.2.1"));
    private static readonly Source There = Source.Of(IPAddress.Parse("192.0.2.2"));

    [Fact]
    public async Task The_receiver_that_holds_most_is_dropped_and_what_waited_for_it_is_given_back()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 10);
        var small = await room.JoinAsync(Here);
        var large = await room.JoinAsync(Here);
        await room.StopReadingAsync();
        room.Send(small, Large, times: 3);
        room.Send(large, Large, times: 7);
        Assert.False(small.Socket.Aborted || large.Socket.Aborted);

        room.Send(small, Large, times: 1);

        await Eventually.TrueAsync(() => large.Socket.Aborted);
        Assert.False(small.Socket.Aborted);
        // Four payloads, and the news that the other one is away.
        await Eventually.TrueAsync(() => room.Server.Relay.Memory.Bytes == 5 * BlockPool.BlockSize);
        await Eventually.TrueAsync(() => room.Server.Pool.Lent == 5, "Its blocks did not come back.");
        Assert.Contains("alongside_dropped_full_total 1", await room.Server.Http().GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_with_many_receivers_pays_before_a_slow_one_elsewhere()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 20);
        var slow = await room.JoinAsync(Here);
        Member[] many = [await room.JoinAsync(There), await room.JoinAsync(There), await room.JoinAsync(There)];
        await room.StopReadingAsync();
        room.Send(slow, Large, times: 6);

        // One too many, of which five are given back; four are told that one is away, a block each, and that must find room.
        foreach (var member in many)
        {
            room.Send(member, Large, times: 5);
        }

        await Eventually.TrueAsync(() => many.Count(member => member.Socket.Aborted) == 1);
        Assert.False(slow.Socket.Aborted);
    }

    [Fact]
    public async Task A_payload_of_one_byte_counts_with_its_entry()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 3);
        var member = await room.JoinAsync(Here);
        await room.StopReadingAsync();
        // Entry, header and byte: eight of them. A window would take forty times as many.
        room.Send(member, 1, times: 3 * BlockPool.BlockSize / 8);
        Assert.False(member.Socket.Aborted);
        room.Send(member, 1, times: 1);
        await Eventually.TrueAsync(() => member.Socket.Aborted);
    }

    [Fact]
    public async Task Who_floods_somebody_together_with_others_pays_before_whom_they_flood()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 14);
        Member[] flood = [await room.JoinAsync(There), await room.JoinAsync(There), await room.JoinAsync(There)];
        await room.StopReadingAsync();
        room.Host.Socket.StopReading();
        foreach (var member in flood)
        {
            room.Send(room.Host, Large, times: member == flood[^1] ? 4 : 5, from: member);
        }

        Assert.DoesNotContain(flood, member => member.Socket.Aborted);
        room.Send(room.Host, Large, times: 1, from: flood[^1]);
        await Eventually.TrueAsync(() => flood.Count(member => member.Socket.Aborted) == 1);
        Assert.False(room.Host.Socket.Aborted);

        // Ten payloads of the others, and the news for three that one is away.
        await Eventually.TrueAsync(() => room.Server.Relay.Memory.Bytes <= 13 * BlockPool.BlockSize);
    }

    [Fact]
    public async Task Payloads_of_one_byte_take_twice_a_window_and_no_more()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 1_000);
        var member = await room.JoinAsync(Here);
        await room.StopReadingAsync();
        var frame = new byte[RelayFrames.SendHeader(RelayLimits.Receivers) + 1];
        RelayFrames.WriteSend(frame, Enumerable.Repeat(member.Id, RelayLimits.Receivers).ToArray(), [1]);
        for (var sent = 0; sent < RelayLimits.Window && !room.Relayed.Outbox.IsClosing; sent += RelayLimits.Receivers)
        {
            room.Send(room.Host, frame);
        }

        Assert.Equal(RelayClose.Window, room.Relayed.Outbox.Closed);
        Assert.InRange(room.Server.Relay.Memory.Bytes, 2 * RelayLimits.Window, (2 * RelayLimits.Window) + (8 * BlockPool.BlockSize));
    }

    [Fact]
    public async Task Payloads_of_a_bit_more_than_half_a_block_have_their_whole_window()
    {
        await using var room = await ScriptedRoom.StartAsync(blocks: 1_000);
        var member = await room.JoinAsync(Here);
        await room.StopReadingAsync();
        const int Awkward = (BlockPool.BlockSize / 2) + 1;
        room.Send(member, Awkward, RelayLimits.Window / Awkward);
        Assert.False(room.Relayed.Outbox.IsClosing);
    }

    private sealed record Member(ScriptedSocket Socket, ushort Id);

    /// <summary>A room whose members stop to read once all are in.</summary>
    private sealed class ScriptedRoom(TestServer server) : IAsyncDisposable
    {
        private readonly ScriptedSocket host = new();
        private readonly List<ScriptedSocket> sockets = [];
        private readonly List<Task> running = [];
        private string id = "";

        public TestServer Server { get; } = server;

        public Member Host => new(host, 1);

        /// <summary>The host's, as the server has it.</summary>
        public RelaySocket Relayed { get; private set; } = null!;

        public static async Task<ScriptedRoom> StartAsync(int blocks)
        {
            var room = new ScriptedRoom(await TestServer.StartAsync(settings => settings with { RelayMemory = blocks * BlockPool.BlockSize }));
            room.Relayed = room.Run(room.host, default);
            room.host.Feed(SignalJson.Write(new ClientSignal.Open(1, MemberRole.Host)), WebSocketMessageType.Text);
            await Eventually.TrueAsync(() => room.host.LastText is not null);
            room.id = Assert.IsType<ServerSignal.Opened>(SignalJson.ReadServer(room.host.LastText)).Room;
            return room;
        }

        public async Task<Member> JoinAsync(Source source)
        {
            var socket = new ScriptedSocket();
            Run(socket, source);
            socket.Feed(SignalJson.Write(new ClientSignal.Join(1, MemberRole.Viewer, Room: id)), WebSocketMessageType.Text);
            await Eventually.TrueAsync(() => socket.LastText is not null);
            var joined = Assert.IsType<ServerSignal.Joined>(SignalJson.ReadServer(socket.LastText));
            return new Member(socket, joined.Member);
        }

        /// <summary>From here on, what is sent to a member waits.</summary>
        public async Task StopReadingAsync()
        {
            await Eventually.TrueAsync(() => Server.Relay.Memory.Bytes == 0);
            sockets.Where(socket => socket != host).ToList().ForEach(socket => socket.StopReading());
        }

        /// <summary>Returns when the relay has taken the last of them.</summary>
        public void Send(Member to, int size, int times, Member? from = null)
        {
            var frame = new byte[RelayFrames.SendHeader(1) + size];
            RelayFrames.WriteSend(frame, [to.Id], new byte[size]);
            for (var i = 0; i < times; i++)
            {
                Send(from ?? Host, frame);
            }
        }

        public void Send(Member from, byte[] frame)
        {
            from.Socket.Feed(frame, WebSocketMessageType.Binary);
            var spin = default(SpinWait);
            while (!from.Socket.IsWaiting)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
        }

        public async ValueTask DisposeAsync()
        {
            sockets.ForEach(socket => socket.Abort());
            await Task.WhenAll(running);
            await Server.DisposeAsync();
        }

        private RelaySocket Run(ScriptedSocket socket, Source source)
        {
            var relayed = new RelaySocket(socket, source, Server.Relay);
            sockets.Add(socket);
            running.Add(relayed.RunAsync());
            return relayed;
        }
    }
}
