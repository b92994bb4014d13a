using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>What is sent arrives, in order, at those it is for, and costs no more than its window.</summary>
public sealed class Delivery
{
    [Fact]
    public async Task A_frame_to_many_reaches_each_of_them_once_and_in_order()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var viewers = new List<RawClient>();
        for (var i = 0; i < 3; i++)
        {
            viewers.Add((await RawClient.JoinAsync(server.Url, opened.Room)).Client);
        }

        for (byte n = 1; n <= 200; n++)
        {
            var message = new byte[RelayFrames.SendHeader(3) + n];
            RelayFrames.WriteSend(message, [2, 3, 4], Enumerable.Repeat(n, n).ToArray());
            await host.SendBinaryAsync(message);
        }

        foreach (var viewer in viewers)
        {
            await using var _2 = viewer;
            for (byte n = 1; n <= 200; n++)
            {
                var (from, payload) = await viewer.HearPayloadAsync();
                Assert.Equal(opened.Member, from);
                Assert.Equal(Enumerable.Repeat(n, n), payload);
            }
        }
    }

    [Fact]
    public async Task Every_byte_sent_is_given_back_and_no_more()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.HearAsync<ServerSignal.Arrived>();
        var sent = 0L;
        for (var i = 1; i <= 50; i++)
        {
            await host.SendAsync(joined.Member, new byte[i * 100]);
            sent += i * 100;
        }

        for (var i = 1; i <= 50; i++)
        {
            await viewer.HearPayloadAsync();
        }

        var back = 0L;
        while (back < sent)
        {
            back += await CreditAsync(host, joined.Member);
        }

        Assert.Equal(sent, back);
    }

    [Fact]
    public async Task Payloads_to_a_member_who_is_away_are_dropped_and_given_back_at_once()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await host.HearAsync<ServerSignal.Arrived>();
        await viewer.DisposeAsync();
        Assert.False((await host.HearAsync<ServerSignal.Left>()).Gone);
        await host.SendAsync(joined.Member, new byte[777]);
        Assert.Equal(777, await CreditAsync(host, joined.Member));

        await using var back = await RawClient.ConnectAsync(server.Url);
        await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        await back.HearAsync<ServerSignal.Joined>();
        await host.HearAsync<ServerSignal.Arrived>();
        await host.SendAsync(joined.Member, [42]);
        Assert.Equal([42], (await back.HearPayloadAsync()).Payload);
    }

    [Fact]
    public async Task Who_comes_back_hears_that_before_anything_else()
    {
        var time = new InterruptedTime();
        await using var server = await TestServer.StartAsync(settings => settings with { Turn = ["turn:turn.example.org"], TurnSecret = "x" }, time);
        using var host = new ScriptedSocket();
        using var gone = new ScriptedSocket();
        using var back = new ScriptedSocket();
        var running = new List<Task> { RunAsync(host), RunAsync(gone) };
        host.Feed(SignalJson.Write(new ClientSignal.Open(1, MemberRole.Host)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => host.LastText is not null);
        var opened = Assert.IsType<ServerSignal.Opened>(SignalJson.ReadServer(host.LastText));
        gone.Feed(SignalJson.Write(new ClientSignal.Join(1, MemberRole.Viewer, Room: opened.Room)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => gone.LastText is not null && host.IsWaiting);
        var joined = Assert.IsType<ServerSignal.Joined>(SignalJson.ReadServer(gone.LastText));
        gone.Abort();
        await Eventually.TrueAsync(() => server.Counters.Members == 1);

        // While the server works out what to say to who came back, the host sends.
        var frame = new byte[RelayFrames.SendHeader(1) + 1];
        RelayFrames.WriteSend(frame, [joined.Member], [9]);
        time.Interrupt = () =>
        {
            host.Feed(frame, WebSocketMessageType.Binary);
            SpinWait.SpinUntil(() => host.IsWaiting, TimeSpan.FromSeconds(30));
        };
        running.Add(RunAsync(back));
        back.Feed(SignalJson.Write(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token)), WebSocketMessageType.Text);
        await Eventually.TrueAsync(() => back.LastText is not null);
        Assert.Null(time.Interrupt);
        Assert.Equal(WebSocketMessageType.Text, back.First);
        host.Abort();
        back.Abort();
        await Task.WhenAll(running);

        Task RunAsync(ScriptedSocket socket) => new RelaySocket(socket, default, server.Relay).RunAsync();
    }

    [Fact]
    public async Task The_last_words_of_a_member_come_before_the_news_that_it_left()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        for (var i = 0; i < 14; i++)
        {
            await viewer.SendAsync(opened.Member, new byte[60_000]);
        }

        await viewer.SendAsync(opened.Member, [7]);
        await viewer.CloseAsync();
        await host.HearAsync<ServerSignal.Arrived>();
        for (var i = 0; i < 14; i++)
        {
            Assert.Equal(60_000, (await host.HearPayloadAsync()).Payload.Length);
        }

        Assert.Equal([7], (await host.HearPayloadAsync()).Payload);
        Assert.Equal(new ServerSignal.Left(joined.Member, true), await host.HearAsync<ServerSignal.Left>());
    }

    [Fact]
    public async Task A_viewer_that_reads_nothing_costs_one_window_and_holds_up_nobody()
    {
        await using var server = await TestServer.StartAsync();
        var sink = new RecordingSink();
        await using var host = new RelayClient(server.Url, new RelayClientOptions(), sink);
        await host.OpenAsync(MemberRole.Host, withNumber: false);
        var (slow, slowJoined) = await RawClient.JoinAsync(server.Url, sink.Room);
        await using var _1 = slow;
        var counting = new CountingSink();
        await using var quick = new RelayClient(server.Url, new RelayClientOptions(), counting);
        await quick.JoinAsync(MemberRole.Viewer, sink.Room);
        await sink.HearsAsync($"arrived {counting.Self}");

        var payload = new byte[60_000];
        ushort[] onlySlow = [slowJoined.Member];
        // Until the system's own buffers are full as well, and nothing has moved for a while.
        var refused = 0;
        while (refused < 200)
        {
            refused = host.TrySend(onlySlow, payload) ? 0 : refused + 1;
            if (refused > 0)
            {
                await Task.Delay(1);
            }
        }

        Assert.True(host.Window(slowJoined.Member) < payload.Length);
        var lent = server.Pool.Lent;
        Assert.InRange(lent, 1, (RelayLimits.Window / 60_000) + 8);

        const long Much = 50_000_000;
        var sent = 0L;
        ushort[] onlyQuick = [counting.Self];
        while (sent < Much)
        {
            if (host.TrySend(onlyQuick, payload))
            {
                sent += payload.Length;
            }
            else
            {
                await Task.Yield();
            }
        }

        await Eventually.TrueAsync(() => counting.Bytes == sent, "The quick viewer did not get everything.");
        await Eventually.TrueAsync(() => server.Pool.Lent <= lent + 4, "Buffers did not come back.");

        await slow.DisposeAsync();
        await Eventually.TrueAsync(() => server.Pool.Lent <= 2, "The slow viewer's buffers did not come back.");
    }

    private static async Task<int> CreditAsync(RawClient client, ushort member)
    {
        while (true)
        {
            var (_, bytes) = await client.ReceiveAsync();
            if (bytes.Span[0] == RelayFrames.WindowKind)
            {
                RelayFrames.ReadFromServer(bytes.Span, out var to, out var payload, out var credit);
                Assert.Equal(member, to);
                Assert.True(payload.IsEmpty);
                return (int)credit;
            }
        }
    }

    private sealed class CountingSink : RecordingSink
    {
        private long bytes;

        public long Bytes => Volatile.Read(ref bytes);

        public override void Payload(ushort from, ReadOnlySpan<byte> payload) => Interlocked.Add(ref bytes, payload.Length);
    }

    /// <summary>The system's clock, which does something the next time it is asked for the date.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        private Action? interrupt;

        public Action? Interrupt
        {
            get => Volatile.Read(ref interrupt);
            set => Volatile.Write(ref interrupt, value);
        }

        public override DateTimeOffset GetUtcNow()
        {
            Interlocked.Exchange(ref interrupt, null)?.Invoke();
            return base.GetUtcNow();
        }
    }
}
