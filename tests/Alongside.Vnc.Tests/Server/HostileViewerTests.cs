using Alongside.Core.Pixels;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Security;
using Alongside.Vnc.Server;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>What a viewer can ask for that costs more than it sends: its session ends in words or goes on, with memory bounded; nothing throws.</summary>
public sealed class HostileViewerTests : IDisposable
{
    private const int Width = 640, Height = 400;

    private readonly ServerSession session = new(0, new ServerOptions("Desk") { SecurityTypes = [SecurityType.None] }, new PasswordAttempts(), new byte[16], "here");
    private readonly Frame desktop = new(Width, Height);
    private long now = 1_000_000;
    private string? ended;
    private long written;

    public HostileViewerTests()
    {
        session.SetDesktop(now, new DesktopLayout(Width, Height, [new(1, "One", desktop.Bounds, true)]));
        Say(new ServerBytes().Raw("RFB 003.008\n"u8).U8(1));
        Say(new ServerBytes().U8(1));
        Read();
        Assert.Null(ended);
    }

    [Fact]
    public void A_million_requests_by_somebody_who_reads_nothing_are_one_picture()
    {
        byte[] thousand = [.. Enumerable.Repeat(Ask(0, 0, Width, Height, incremental: false), 1000).SelectMany(ask => ask)];
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            Say(thousand);
            Draw(i);
        }

        Assert.InRange(written, 1, (Width * Height * 4) + 4096);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        now += 61_000_000;
        session.Tick(now);
        Drain();
        Assert.Contains("took nothing", ended, StringComparison.Ordinal);
    }

    [Fact]
    public void A_million_requests_by_somebody_who_reads_all_are_pictures_as_often_as_there_is_time()
    {
        byte[] thousand = [.. Enumerable.Repeat(Ask(0, 0, Width, Height, incremental: false), 1000).SelectMany(ask => ask)];
        for (int i = 0; i < 1000; i++)
        {
            Say(thousand);
            Draw(i);
            Read();
        }

        // A thousand turns of 1 ms: the bucket of whole pictures is empty long before.
        Assert.Null(ended);
        Assert.InRange(written, 1, 60L * Width * Height * 4);
    }

    [Fact]
    public void Answers_to_somebody_who_reads_nothing_end_it()
    {
        Say(new ServerBytes().U8(2, 0).U16(1).U32(unchecked((uint)EncodingNumber.Fence)));
        byte[] fences = [.. Enumerable.Repeat(new ServerBytes().U8(248, 0, 0, 0).U32(0x80000001).U8(64).Raw(new byte[64]).All, 1000).SelectMany(fence => fence)];
        for (int i = 0; i < 1000 && ended is null; i++)
        {
            Say(fences);
        }

        Assert.Contains("reads nothing", ended, StringComparison.Ordinal);
        Assert.InRange(written, 1, 10 << 20);
    }

    [Fact]
    public void A_clipboard_that_is_asked_for_a_thousand_times_is_not_a_thousand_texts_in_memory()
    {
        Say(new ServerBytes().U8(2, 0).U16(1).U32(unchecked((uint)EncodingNumber.ExtendedClipboard)));
        var random = new Random(1);
        session.Copied(string.Concat(Enumerable.Range(0, 1 << 20).Select(_ => (char)random.Next(32, 0x2000))));
        byte[] request = ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text);
        for (int i = 0; i < 1000 && ended is null; i++)
        {
            Say(new ServerBytes().U8(6, 0, 0, 0).U32(unchecked((uint)-request.Length)).Raw(request));
        }

        Assert.InRange(written, 1, 12 << 20);
    }

    [Theory]
    [InlineData(0x80000000, false)]
    [InlineData(0xffffffff, false)]
    [InlineData(0xfffffffd, false)]
    [InlineData(0x80000001, true)]
    [InlineData(0x7fffffff, true)]
    public void A_clipboard_of_a_wild_length_ends_it_or_passes_by(uint length, bool goesOn)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Say(new ServerBytes().U8(6, 0, 0, 0).U32(length).Raw(new byte[1000]));

        Assert.Equal(goesOn, ended is null);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
    }

    [Fact]
    public void A_clipboard_bomb_costs_little()
    {
        byte[] bomb = [0x10, 0, 0, 1, .. ServerBytes.Zlib([0, 0x3f, 0xff, 0xff, .. new byte[64 << 20]])];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Say(new ServerBytes().U8(6, 0, 0, 0).U32(unchecked((uint)-bomb.Length)).Raw(bomb));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 40 << 20);

        byte[] promise = [0x10, 0, 0, 1, .. ServerBytes.Zlib([0x7f, 0xff, 0xff, 0xff])];
        before = GC.GetAllocatedBytesForCurrentThread();
        Say(new ServerBytes().U8(6, 0, 0, 0).U32(unchecked((uint)-promise.Length)).Raw(promise));
        Assert.Null(ended);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);

        byte[] broken = [0x10, 0, 0, 1, .. ServerBytes.Zlib([0, 0, 1, 0, 1, 2, 3])];
        Say(new ServerBytes().U8(6, 0, 0, 0).U32(unchecked((uint)-broken.Length)).Raw(broken));
        Assert.Contains("does not unpack", ended, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 24, 1, 255, 255, 255, 16, 8, 0)]
    [InlineData(24, 24, 1, 255, 255, 255, 16, 8, 0)]
    [InlineData(255, 255, 1, 255, 255, 255, 16, 8, 0)]
    [InlineData(32, 24, 1, 0, 255, 255, 16, 8, 0)]
    [InlineData(32, 24, 1, 65535, 65535, 65535, 16, 8, 0)]
    [InlineData(32, 24, 1, 254, 255, 255, 16, 8, 0)]
    [InlineData(32, 24, 1, 255, 255, 255, 255, 8, 0)]
    [InlineData(32, 24, 1, 255, 255, 255, 25, 8, 0)]
    [InlineData(32, 24, 1, 255, 255, 255, 8, 8, 0)]
    [InlineData(16, 16, 0, 31, 63, 31, 11, 5, 0)]
    public void A_pixel_format_of_no_picture_ends_it(byte bits, byte depth, byte trueColour, int red, int green, int blue, byte redShift, byte greenShift, byte blueShift)
    {
        Say(new ServerBytes().U8(0, 0, 0, 0, bits, depth, 0, trueColour).U16(red, green, blue).U8(redShift, greenShift, blueShift, 0, 0, 0));

        Assert.NotNull(ended);
    }

    [Theory]
    [InlineData(0, 0, 0, 0)]
    [InlineData(65535, 65535, 65535, 65535)]
    [InlineData(0, 0, 65535, 65535)]
    [InlineData(639, 399, 1, 1)]
    [InlineData(640, 400, 1, 1)]
    public void A_request_for_any_rectangle_is_answered_with_what_there_is_of_it(int x, int y, int width, int height)
    {
        Say(new ServerBytes().U8(2, 0).U16(2).U32(EncodingNumber.Raw, unchecked((uint)EncodingNumber.ContinuousUpdates)));
        foreach (bool continuous in (bool[])[false, true])
        {
            Say(continuous ? [150, 1, .. Ask(x, y, width, height, false)[2..]] : Ask(x, y, width, height, incremental: false));
            Draw(7);
            Read();
        }

        Assert.Null(ended);
        Assert.InRange(written, 0, 3 * ((Width * Height * 4) + 4096));
    }

    [Fact]
    public void More_encodings_than_there_are_do_no_harm()
    {
        var list = new ServerBytes().U8(2, 0).U16(65535);
        for (uint i = 0; i < 65535; i++)
        {
            list.U32(i * 0x9E3779B1);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Say(list);

        Assert.Null(ended);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 << 20);
    }

    [Fact]
    public void Encodings_and_formats_that_change_all_the_time_are_one_encoder_each()
    {
        int[] encodings = [EncodingNumber.Raw, EncodingNumber.Rre, EncodingNumber.Hextile, EncodingNumber.Zlib, EncodingNumber.Zrle, EncodingNumber.Tight, EncodingNumber.TightPng];
        long before = 0;
        for (int i = 0; i < 700; i++)
        {
            if (i == 70)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            Say(new ServerBytes().U8(2, 0).U16(1).U32((uint)encodings[i % encodings.Length]));
            Say(Ask(0, 0, 64, 64, incremental: true));
            Draw(i);
            Read();
        }

        Assert.Null(ended);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    public void Dispose() => session.Dispose();

    private static byte[] Ask(int x, int y, int width, int height, bool incremental) =>
        new ServerBytes().U8(3, incremental ? (byte)1 : (byte)0).U16(x, y, width, height).All;

    private void Say(ServerBytes bytes) => Say(bytes.All);

    private void Say(byte[] bytes)
    {
        session.Handle(now, bytes);
        Drain();
    }

    private void Drain()
    {
        while (session.TryPollEvent(out var e))
        {
            if (e.Kind == ServerEventKind.Asks)
            {
                session.Approve(now);
            }
            else if (e.Kind == ServerEventKind.Ended)
            {
                ended = e.Text;
            }
        }

        // The driver takes it; whether it leaves is the viewer's doing.
        while (session.TryPoll(out var bytes))
        {
            written += bytes.Length;
        }
    }

    private void Read() => session.HasSent(now, session.Unsent);

    private void Draw(int turn)
    {
        now += 1000;
        desktop.Pixels[turn % desktop.Pixels.Length] ^= 0xffffff;
        session.Damaged(desktop.Bounds);
        session.Update(now, desktop);
        session.Tick(now);
        Drain();
    }
}
