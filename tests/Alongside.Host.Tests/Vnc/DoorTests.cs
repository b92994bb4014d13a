using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Vnc.Security;
using Alongside.Vnc.Wire;

namespace Alongside.Host.Tests.Vnc;

/// <summary>VNC viewers in front of --vnc: what they are shown, what they may do, and what becomes of those who misbehave.</summary>
public sealed class DoorTests : IAsyncLifetime
{
    private readonly FakeDesktop desktop = new();
    private OpenHost host = null!;

    public Task InitializeAsync() => OpenAsync(Grant.All);

    public async Task DisposeAsync() => await host.DisposeAsync();

    public static TheoryData<string, int> Encodings => new()
    {
        { "Raw", EncodingNumber.Raw }, { "RRE", EncodingNumber.Rre }, { "Hextile", EncodingNumber.Hextile }, { "Zlib", EncodingNumber.Zlib },
        { "ZRLE", EncodingNumber.Zrle }, { "Tight", EncodingNumber.Tight },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_pixel_is_shown_in_every_encoding(string name, int encoding)
    {
        Assert.NotEmpty(name);
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame", o => o with { Encodings = [EncodingNumber.CopyRect, encoding] });
        var random = new Random(encoding);
        for (int round = 0; round < 6; round++)
        {
            for (int i = 0; i < 10; i++)
            {
                int x = random.Next(300), y = random.Next(180);
                desktop.Paint(new(x, y, random.Next(1, 320 - x), random.Next(1, 200 - y)), (uint)random.Next(1 << 24));
            }

            await Until.True(() => viewer.Shows(desktop.Screen), $"round {round}");
        }
    }

    [Fact]
    public async Task By_TLS_it_comes_as_well_and_the_certificate_is_the_one_that_was_shown()
    {
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame", fingerprint: host.Fingerprint);
        Assert.True(viewer.IsEncrypted);
        await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
    }

    [Fact]
    public async Task What_it_does_is_done_and_what_is_copied_goes_both_ways()
    {
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
        viewer.Do(c => c.Pointer(40, 50, 1));
        viewer.Do(c => c.Key(true, 0x61, 0x04));
        viewer.Do(c => c.Key(false, 0x61, 0x04));
        viewer.Do(c => c.Wheel(0, 120));
        await Until.True(() => desktop.Injected.Contains("wheel 0,120"), "the input");
        Assert.Contains("pointer 40,50 1", desktop.Injected);
        Assert.Contains("key down 61 4", desktop.Injected);
        viewer.Do(c => c.Copy("für dich 😀"));
        await Until.True(() => desktop.Pasted == "für dich 😀", "the copy there");
        desktop.Copy("für mich 日本");
        await Until.True(() => viewer.Copied.Contains("für mich 日本"), "the copy here");
    }

    [Fact]
    public async Task It_follows_the_desktops_size_and_waits_while_that_is_away()
    {
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
        desktop.LoseDisplay();
        desktop.FindDisplay(400, 300);
        await Until.True(() => viewer.Shows(desktop.Screen), "the other size");
    }

    [Fact]
    public async Task The_size_of_this_machines_desktop_is_not_for_it_to_choose()
    {
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        await viewer.AskForSizeAsync(800, 600);
        await Until.True(() => viewer.Answers.Count == 1, "the answer");
        Assert.Equal(SizeAnswer.Prohibited, viewer.Answers[0]);
    }

    [Fact]
    public async Task Without_control_it_moves_nothing()
    {
        await host.DisposeAsync();
        await OpenAsync(new Grant(View: true, Control: false, Clipboard: false));
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        await Until.True(() => viewer.Shows(desktop.Screen), "the picture");
        int before = desktop.Injected.Length;
        viewer.Do(c => c.Pointer(1, 1, 1));
        viewer.Do(c => c.Key(true, 0x61, 0x04));
        viewer.Do(c => c.Copy("nothing"));

        // What comes after it in the same stream has been read when the pixels have come.
        desktop.Paint(new(3, 3, 20, 20), 0x123456);
        await Until.True(() => viewer.Shows(desktop.Screen), "the next picture");
        Assert.DoesNotContain(desktop.Injected[before..], what => what != "release");
        Assert.Null(desktop.Pasted);
    }

    [Fact]
    public async Task Whoever_is_not_let_in_is_told_and_sees_nothing()
    {
        await host.DisposeAsync();
        desktop.Answers = (_, _) => Task.FromResult(Grant.None);
        await OpenAsync(null);
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        Assert.Contains("said no", viewer.First.Trouble, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Wrong_passwords_cost_time_and_nothing_else()
    {
        for (int i = 0; i < PasswordAttempts.Free; i++)
        {
            await using var wrong = await DoorClient.ConnectAsync(host.Port, "wrong");
            Assert.True(wrong.First.IsFinal);
        }

        await using var right = await DoorClient.ConnectAsync(host.Port, "sesame");
        Assert.NotNull(right.First.Trouble);
    }

    [Fact]
    public async Task One_that_never_reads_and_one_that_asks_a_million_times_cost_the_others_nothing()
    {
        using var silent = await RawViewerAsync();
        using var greedy = await RawViewerAsync();
        byte[] request = [3, 0, 0, 0, 0, 0, 1, 64, 0, 200];
        byte[] many = [.. Enumerable.Repeat(request, 10_000).SelectMany(r => r)];
        var asking = Task.Run(async () =>
        {
            for (int i = 0; i < 100; i++)
            {
                await greedy.SendAsync(many);
            }
        });
        silent.Send(many.AsSpan(0, 60_000));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await using var viewer = await DoorClient.ConnectAsync(host.Port, "sesame");
        for (int round = 0; round < 10; round++)
        {
            desktop.Paint(new(round * 10, round, 100, 100), (uint)(round * 0x1f1f1f));
            await Until.True(() => viewer.Shows(desktop.Screen), $"round {round}");
        }

        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 64 * 1024 * 1024);
        greedy.Dispose();
        await Task.WhenAny(asking);
    }

    private async Task OpenAsync(Grant? allow) =>
        host = await OpenHost.StartAsync(desktop, allow, [SecurityType.VeNCrypt, SecurityType.VncAuth], hasRoom: false);

    /// <summary>A socket that has come as far as pictures, by VNC's own password.</summary>
    private async Task<Socket> RawViewerAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, host.Port);
        await using var stream = new NetworkStream(socket, ownsSocket: false);
        byte[] bytes = new byte[64];
        await stream.ReadExactlyAsync(bytes.AsMemory(0, 12));
        await stream.WriteAsync("RFB 003.008\n"u8.ToArray());
        await stream.ReadExactlyAsync(bytes.AsMemory(0, 3));
        await stream.WriteAsync(new byte[] { 2 });
        await stream.ReadExactlyAsync(bytes.AsMemory(0, 16));
        await stream.WriteAsync(VncAuth.Respond("sesame", bytes.AsSpan(0, 16)));
        await stream.ReadExactlyAsync(bytes.AsMemory(0, 4));
        Assert.Equal(0u, BinaryPrimitives.ReadUInt32BigEndian(bytes));
        await stream.WriteAsync(new byte[] { 1 });
        return socket;
    }
}
