using System.Collections.Concurrent;
using Alongside.Net.Vnc;
using Alongside.Testing;
using Alongside.Vnc.Client;

namespace Alongside.Net.Tests.Vnc;

/// <summary>How long a VNC server is waited for, and what becomes of what goes wrong. The servers say here what the test makes them say; the time stands still.</summary>
public sealed class VncSourceTests : IAsyncLifetime, IVncSourceSink
{
    private static readonly TimeSpan Handshake = TimeSpan.FromSeconds(31);
    private readonly ManualTime time = new();
    private readonly ScriptedServer server = new();
    private readonly ConcurrentQueue<string> lost = new();
    private readonly ConcurrentQueue<RfbClientEventKind> happened = new();
    private VncSource source = null!;
    private Exception? mistake;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await source.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task What_says_nothing_is_no_VNC_server()
    {
        Start();
        using var here = await server.AcceptAsync();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(Handshake);
            return source.FirstTry.IsCompleted;
        });
        Assert.Contains("does not answer as a VNC server does", (await source.FirstTry).Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_asks_its_person_is_waited_for_and_asked_once()
    {
        Start();
        using var here = await server.AcceptAsync();
        await here.SayAsync("RFB 003.008\n"u8);
        await here.HearAsync(12);
        time.Advance(Handshake);
        Assert.Contains("Perhaps somebody is being asked", (await source.FirstTry.WaitAsync(ScriptedServer.Deadline)).Trouble, StringComparison.Ordinal);
        time.Advance(TimeSpan.FromMinutes(4));
        await here.SayAsync([1, 1]);
        await here.HearAsync(1);
        await here.SayAsync([0, 0, 0, 0, .. ScriptedServer.Desktop]);
        await Eventually.TrueAsync(() => happened.Contains(RfbClientEventKind.Ready), "the desktop");

        // It may stay for as long as it likes, and nobody came a second time.
        time.Advance(TimeSpan.FromHours(1));
        source.Use(0, static (client, _) =>
        {
            client.Pointer(3, 4, 0);
            return true;
        });
        await here.HearWishesAsync();
        Assert.Equal([5, 0, 0, 3, 0, 4], await here.HearAsync(6));
        Assert.False(server.HasPending);
        Assert.Single(lost);
    }

    [Fact]
    public async Task A_server_where_nobody_answers_is_left_after_minutes()
    {
        Start();
        using var here = await server.AcceptAsync();
        await here.SayAsync("RFB 003.008\n"u8);
        await here.HearAsync(12);
        time.Advance(Handshake);
        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.TrueAsync(() => lost.Count == 2, "it is left");
        Assert.Contains("lets nobody in", lost.Last(), StringComparison.Ordinal);
    }

    /// <summary>x11vnc closes the connection; TigerVNC says why, without having asked for a password. Each further try would ask that person again.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whose_person_said_no_is_asked_ever_less_often(bool hasWords)
    {
        Start();
        foreach (int pause in new[] { 30, 60, 120, 240, 480, 600, 600 })
        {
            await RefuseAsync(hasWords);
            await PauseAsync(pause);
        }

        // Once let in, and gone: it is looked for at once, and a no begins anew.
        using (var here = await server.AcceptAsync())
        {
            await here.LetInAsync();
            await Eventually.TrueAsync(() => happened.Contains(RfbClientEventKind.Ready), "the desktop");
        }

        await PauseAsync(1);
        await RefuseAsync(hasWords);
        await PauseAsync(30);
        Assert.False((await source.FirstTry).IsFinal);
        Assert.Equal(8, lost.Count(words => words.Contains(hasWords ? "lets nobody in: Not now" : "Perhaps somebody there said no", StringComparison.Ordinal)));

        async Task PauseAsync(int seconds)
        {
            await Eventually.TrueAsync(() => time.Waits(TimeSpan.FromSeconds(seconds)), $"a pause of {seconds} s");
            Assert.False(server.HasPending);
            time.Advance(TimeSpan.FromSeconds(seconds));
        }
    }

    private async Task RefuseAsync(bool hasWords)
    {
        int before = lost.Count;
        using (var here = await server.AcceptAsync())
        {
            await here.SayAsync("RFB 003.008\n"u8);
            await here.HearAsync(12);
            if (hasWords)
            {
                await here.SayAsync([1, 1]);
                await here.HearAsync(1);
                await here.SayAsync([0, 0, 0, 1, 0, 0, 0, 7, .. "Not now"u8]);
            }
        }

        await Eventually.TrueAsync(() => lost.Count > before, "words");
    }

    [Fact]
    public async Task What_nobody_foresaw_is_said_and_it_is_tried_again()
    {
        mistake = new DllNotFoundException("libnothing.so is not there.");
        Start();
        using var here = await server.AcceptAsync();
        await here.LetInAsync();
        await Eventually.TrueAsync(() => !lost.IsEmpty, "words");
        Assert.Contains("libnothing.so is not there", lost.First(), StringComparison.Ordinal);
        mistake = null;
        var again = server.AcceptAsync();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(2));
            return again.IsCompleted;
        });
        using var second = await again;
        await second.LetInAsync();
        await Eventually.TrueAsync(() => happened.Contains(RfbClientEventKind.Ready), "the desktop");
    }

    [Fact]
    public async Task Where_VeNCrypt_holds_nothing_for_us_it_comes_again_at_once_for_what_is_beside_it()
    {
        Start(options => options with { Password = "sesame" });
        for (int i = 0; i < 2; i++)
        {
            using var first = await server.AcceptAsync();
            await first.SayAsync("RFB 003.008\n"u8);
            await first.HearAsync(12);
            await first.SayAsync([2, 19, 2]);
            Assert.Equal(19, (await first.HearAsync(1))[0]);
            await first.SayAsync([0, 2]);
            await first.HearAsync(2);
            await first.SayAsync([0, 1, 0, 0, 1, 6]);
            using var second = await server.AcceptAsync();
            await second.SayAsync("RFB 003.008\n"u8);
            await second.HearAsync(12);
            await second.SayAsync([2, 19, 2]);
            Assert.Equal(2, (await second.HearAsync(1))[0]);
            Assert.Equal(i, lost.Count);
            await second.SayAsync(new byte[16]);
            await second.HearAsync(16);
            await second.SayAsync([0, 0, 0, 0, .. ScriptedServer.Desktop]);
            await Eventually.TrueAsync(() => happened.Count(kind => kind == RfbClientEventKind.Ready) == i + 1, "the desktop");
            second.Dispose();

            // The time after it begins with VeNCrypt again: by then there may be something in it.
            await Eventually.TrueAsync(() => lost.Count == i + 1, "it is said that the server went");
            await Eventually.TrueAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(2));
                return server.HasPending;
            });
        }
    }

    void IVncSourceSink.Happened(RfbClient client, in RfbClientEvent e)
    {
        if (mistake is { } wrong)
        {
            throw wrong;
        }

        happened.Enqueue(e.Kind);
    }

    void IVncSourceSink.Handled(RfbClient client) => client.Taken();

    void IVncSourceSink.Lost(string reason) => lost.Enqueue(reason);

    private void Start(Func<RfbClientOptions, RfbClientOptions>? change = null)
    {
        source = new(new("127.0.0.1", server.Port) { Client = (change ?? (options => options))(new()) }, this, time);
        source.Start();
    }
}
