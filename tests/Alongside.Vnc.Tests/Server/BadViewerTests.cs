using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>Viewers that take nothing, ask for everything, or say what makes no sense: an end with a reason, and bounded memory.</summary>
public sealed class BadViewerTests : IDisposable
{
    private readonly Frame screen = new(320, 200);
    private readonly ServerSession server = new(0, new ServerOptions("Desk") { SecurityTypes = [SecurityType.None] }, new PasswordAttempts(), new byte[16], "here");

    public BadViewerTests()
    {
        server.SetDesktop(0, new(320, 200, []));
        server.Handle(0, "RFB 003.008\n"u8);
        server.Handle(0, [SecurityType.None]);
        server.Approve(0);
        server.Handle(0, [1]);
        _ = Take();
        server.HasSent(0, server.Unsent);
        while (server.TryPollEvent(out _))
        {
        }
    }

    public void Dispose() => server.Dispose();

    [Fact]
    public void A_million_requests_are_one_picture_while_nothing_is_taken()
    {
        byte[] request = [ClientMessageType.FramebufferUpdateRequest, 0, 0, 0, 0, 0, 1, 64, 0, 200];
        byte[] many = [.. Enumerable.Repeat(request, 1000).SelectMany(r => r)];
        long sent = 0;
        for (int i = 0; i < 1000; i++)
        {
            server.Handle(i, many);
            server.Update(i, screen);
            sent += Take();
        }

        Assert.False(server.HasEnded);
        Assert.InRange(sent, 1, 2 * 320 * 200 * 4);
    }

    [Fact]
    public void One_that_takes_nothing_for_a_minute_is_left()
    {
        server.Handle(0, [ClientMessageType.FramebufferUpdateRequest, 0, 0, 0, 0, 0, 1, 64, 0, 200]);
        server.Update(0, screen);
        Assert.True(Take() > 0);
        server.Tick(59_000_000);
        Assert.False(server.HasEnded);
        server.Tick(61_000_000);
        Assert.True(server.HasEnded);
    }

    [Fact]
    public void One_for_whom_nothing_changed_has_its_minute_from_when_something_did()
    {
        byte[] request = [ClientMessageType.FramebufferUpdateRequest, 0, 0, 0, 0, 0, 1, 64, 0, 200];
        server.Handle(0, request);
        server.Update(0, screen);
        Assert.True(Take() > 0);
        server.HasSent(1_000_000, server.Unsent);
        for (long now = 3_000_000; now < 200_000_000; now += 3_000_000)
        {
            server.Tick(now);
        }

        server.Handle(200_000_000, request);
        server.Update(200_000_000, screen);
        Assert.True(Take() > 0);
        server.Tick(203_000_000);
        server.Tick(259_000_000);
        Assert.False(server.HasEnded);
        server.Tick(261_000_000);
        Assert.True(server.HasEnded);
    }

    [Fact]
    public void One_on_a_thin_line_is_not_left_while_it_takes_something()
    {
        server.Handle(0, [ClientMessageType.FramebufferUpdateRequest, 0, 0, 0, 0, 0, 1, 64, 0, 200]);
        server.Update(0, screen);
        Assert.True(Take() > 0);
        long now = 0, piece = server.Unsent / 5;
        for (int i = 0; i < 5; i++)
        {
            server.Tick(now += 40_000_000);
            Assert.False(server.HasEnded);
            server.HasSent(now, piece);
        }
    }

    [Fact]
    public void One_that_asks_for_answers_and_takes_none_is_left()
    {
        byte[] fence = [ClientMessageType.Fence, 0, 0, 0, 0x80, 0, 0, 0, 64, .. new byte[64]];
        byte[] many = [.. Enumerable.Repeat(fence, 1000).SelectMany(f => f)];
        long sent = 0;
        for (int i = 0; i < 1000 && !server.HasEnded; i++)
        {
            server.Handle(i, many);
            sent += Take();
        }

        Assert.True(server.HasEnded);
        Assert.InRange(sent, 1, 16 * 1024 * 1024);
    }

    public static TheoryData<string, byte[]> Nonsense => new()
    {
        { "an unknown message", [77] },
        { "pixels of 13 bits", new ServerBytes().U8(0, 0, 0, 0, 13, 13, 0, 1).U16(255, 255, 255).U8(0, 8, 16, 0, 0, 0).All },
        { "colours that overlap", new ServerBytes().U8(0, 0, 0, 0, 32, 24, 0, 1).U16(255, 255, 255).U8(0, 4, 16, 0, 0, 0).All },
        { "a clipboard of the least number", new ServerBytes().U8(6, 0, 0, 0).U32(0x80000000).All },
        { "an extended clipboard of one byte", new ServerBytes().U8(6, 0, 0, 0).U32(0xffffffff).All },
        { "continuous updates that it did not name", [150, 1, 0, 0, 0, 0, 0, 10, 0, 10] },
        { "a fence that is too long", [248, 0, 0, 0, 0x80, 0, 0, 0, 65, .. new byte[65]] },
        { "an unknown message of QEMU", [255, 9] },
    };

    [Theory]
    [MemberData(nameof(Nonsense))]
    public void Nonsense_ends_it_with_a_reason(string what, byte[] message)
    {
        Assert.NotEmpty(what);
        foreach (byte part in message)
        {
            server.Handle(0, [part]);
        }

        Assert.True(server.HasEnded);
        Assert.True(server.TryPollEvent(out var ended));
        Assert.Equal(ServerEventKind.Ended, ended.Kind);
        Assert.NotEmpty(ended.Text!);
        server.Handle(0, message);
        server.Update(0, screen);
    }

    [Theory]
    [InlineData(100_000_000)]
    [InlineData(-100_000_000)]
    public void Text_of_a_hundred_megabytes_passes_by_without_being_kept_and_what_follows_is_heard(int length)
    {
        server.Handle(0, new ServerBytes().U8(6, 0, 0, 0).U32((uint)length).All);
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] piece = new byte[100_000];
        for (int i = 0; i < 1000; i++)
        {
            server.Handle(0, piece);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        server.Handle(0, [ClientMessageType.KeyEvent, 1, 0, 0, 0, 0, 0, 0x61]);
        Assert.True(server.TryPollEvent(out var key));
        Assert.Equal(InputMessage.Key(true, 0x61, 0), key.Input);
    }

    private int Take()
    {
        int count = 0;
        while (server.TryPoll(out var bytes))
        {
            count += bytes.Length;
        }

        return count;
    }
}
