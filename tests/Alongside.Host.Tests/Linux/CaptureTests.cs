using System.Buffers;
using System.Diagnostics;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Host.Capture.Linux;
using Alongside.Host.Native;

namespace Alongside.Host.Tests.Linux;

[Collection(XServer.Tests)]
public sealed class CaptureTests : IDisposable
{
    private const int Width = 1280;
    private const int Height = 800;
    private readonly XServer server = XServer.Start($"{Width}x{Height}x24");
    private readonly CaptureLog log = new();

    public void Dispose() => server.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Grabbing_only_what_was_damaged_gives_the_exact_screen(bool shared)
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display, null, shared);
        capture.Start(log);
        await Until.True(() => log.TakeDamage().Length > 0, "the whole screen is told at the start");
        var frame = new Frame(Width, Height);
        Assert.True(capture.TryGrab(frame, [frame.Bounds]));
        var random = new Random(7);
        for (int round = 0; round < 40; round++)
        {
            for (int i = random.Next(1, 30); i > 0; i--)
            {
                int x = random.Next(Width), y = random.Next(Height);
                painter.Fill(new(x, y, random.Next(1, Width - x + 1), random.Next(1, 1 + (Height - y) / (1 + random.Next(8)))), (uint)random.Next(1 << 24));
            }

            painter.Flush();
            var truth = painter.Read(Width, Height);
            await Until.True(
                () =>
                {
                    Assert.True(capture.TryGrab(frame, log.TakeDamage()));
                    return SamePixels(frame, truth);
                },
                $"round {round} is grabbed exactly");
        }
    }

    [Fact]
    public async Task Damage_names_the_area_drawn_and_is_told_again_only_after_a_while_until_it_is_grabbed()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        var area = new PixelRect(100, 200, 30, 40);
        Assert.True(capture.TryGrab(new Frame(Width, Height), [area]));
        painter.Fill(area, 1);
        painter.Flush();
        PixelRect told = default;
        await Until.True(() => (told = All(log.TakeDamage())) != default, "damage arrives");
        Assert.Equal(area, told);

        // A film goes on being told while nothing is grabbed, but what is drawn without a break does not flood the loop.
        var clock = Stopwatch.StartNew();
        uint colour = 2;
        await Until.True(
            () =>
            {
                painter.Fill(area, colour++);
                painter.Flush();
                return log.Damage.Length >= 5;
            },
            "it goes on being told");
        Assert.All(log.TakeDamage(), rect => Assert.Equal(area, rect));
        Assert.InRange(clock.Elapsed.TotalMilliseconds, 4 * 30, double.MaxValue);

        Assert.True(capture.TryGrab(new Frame(Width, Height), [area]));
        painter.Fill(area, 4);
        painter.Flush();
        await Until.True(() => (told = All(log.TakeDamage())) != default, "after a grab it is told again");
        Assert.Equal(area, told);
    }

    [Fact]
    public async Task Some_time_after_the_last_grab_damage_is_told_once()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        var area = new PixelRect(100, 200, 30, 40);
        var clock = Stopwatch.StartNew();
        int untold = 0;
        await Until.True(
            () =>
            {
                painter.Fill(area, (uint)clock.ElapsedTicks);
                painter.Flush();
                untold = log.TakeDamage().Length > 0 ? 0 : untold + 1;
                return untold == 200;
            },
            "it is told no longer");
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 30);
    }

    /// <summary>A window of its own that moves: the hint comes with the damage, and the encoder copies instead of painting.</summary>
    [Fact]
    public async Task A_window_that_moves_is_told_before_its_damage_and_costs_a_copy()
    {
        using var background = new XPainter(server.Display, Width, Height);
        using var painter = new XPainter(server.Display, 400, 300);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);

        // Strokes that come again and again: nothing in the picture alone says how far they went.
        for (int i = 0; i < 60; i++)
        {
            painter.Fill(new(i * 7 % 400, i * 11 % 300, 3, 9), 0xFFFFFF);
        }

        painter.Flush();
        var frame = new Frame(Width, Height);
        var damage = new DamageRegion();
        var output = new ArrayBufferWriter<byte>();
        using var encoder = new UpdateEncoder([.. Capability.Known]);
        Assert.True(capture.TryGrab(frame, [frame.Bounds]));
        damage.Add(frame.Bounds);
        Assert.True(encoder.TryEncode(frame, damage, new(), output, out _));
        await Settle(capture);
        log.TakeMotions();

        painter.MoveTo(37, 21);
        painter.MoveTo(150, 90);
        await Until.True(() => All(log.Damage) is { Right: 550, Bottom: 390 }, "the damage arrives");
        var told = log.TakeMotions();
        Assert.Equal([new(new(37, 21, 400, 300), 37, 21), new(new(150, 90, 400, 300), 113, 69)], told);

        foreach (var area in log.TakeDamage())
        {
            damage.Add(area);
        }

        Assert.True(capture.TryGrab(frame, damage.Rects));
        output.ResetWrittenCount();
        Assert.True(encoder.TryEncode(frame, damage, new() { Hints = [new(told[1].To, 150, 90)] }, output, out var info));
        Assert.Contains(encoder.Motions.ToArray(), motion => (motion.DeltaX, motion.DeltaY) == (150, 90) && motion.To.Area > 100_000);
        Assert.InRange(info.Bytes, 1, 400);
        Assert.True(SamePixels(encoder.Reference, painter.Read(Width, Height)));
    }

    [Fact]
    public async Task A_window_that_only_changes_its_size_or_is_new_has_not_moved()
    {
        using var painter = new XPainter(server.Display, 400, 300);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        painter.Resize(410, 310);
        using var other = new XPainter(server.Display, 40, 30);
        other.MoveTo(500, 400);
        await Until.True(() => log.Damage.Contains(new(500, 400, 40, 30)), "the damage arrives");
        Assert.Equal([new Motion(new(500, 400, 40, 30), 500, 400)], log.TakeMotions());
    }

    [Fact]
    public async Task The_cursor_is_told_at_the_start_and_when_its_shape_changes()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Until.True(() => log.Cursors >= 1, "the first cursor");
        painter.SetCursor(152);
        await Until.True(() => log.Cursors >= 2, "the changed cursor");
        var cursor = log.Cursor!;
        Assert.InRange(cursor.Width, 1, CursorImage.MaxSide);
        Assert.Equal(cursor.Width * cursor.Height * 4, cursor.Rgba.Length);
    }

    [Fact]
    public async Task A_pointer_moved_by_somebody_else_is_told_and_our_own_is_not()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        var ours = new Alongside.Host.Inject.InjectedPositions();
        using var capture = new LinuxCapture(server.Display, ours);
        capture.Start(log);
        await Settle(capture);
        ours.Add(300, 310);
        painter.Warp(300, 310);
        painter.Warp(20, 30);
        await Until.True(() => log.Position == (20, 30), "the move arrives");
        Assert.DoesNotContain((300, 310), new[] { log.Position });
    }

    [Fact]
    public async Task A_new_resolution_is_told_and_frames_of_the_old_size_are_refused()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        server.Resize(800, 600);
        await Until.True(() => log.Layout is { Width: 800, Height: 600 }, "the new layout");
        Assert.Equal(new PixelRect(0, 0, 800, 600), log.Layout!.Monitors.Single().Area);
        Assert.False(capture.TryGrab(new Frame(Width, Height), [new(0, 0, Width, Height)]));
        var frame = new Frame(800, 600);
        Assert.True(capture.TryGrab(frame, [frame.Bounds]));
        Assert.True(SamePixels(frame, painter.Read(800, 600)));
    }

    [Fact]
    public async Task A_killed_server_is_lost_and_found_again()
    {
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        int layouts = log.Layouts;
        server.Kill();
        await Until.True(() => log.LostReason is not null, "the loss is told");
        Assert.False(capture.TryGrab(new Frame(Width, Height), [new(0, 0, 1, 1)]));

        using var second = XServer.Restart(server.Number, "1024x768x24");
        await Until.True(() => log.Layouts > layouts && log.Layout!.Width == 1024, "the new server's layout");
        using var painter = new XPainter(second.Display, 1024, 768);
        log.TakeDamage();
        painter.Fill(new(5, 6, 7, 8), 0xabcdef);
        painter.Flush();
        var frame = new Frame(1024, 768);
        await Until.True(() => capture.TryGrab(frame, [frame.Bounds]) && (frame.Row(6)[5] & 0xffffff) == 0xabcdef, "pixels of the new server");
    }

    [Fact]
    public async Task An_idle_screen_costs_no_wakeups()
    {
        using var painter = new XPainter(server.Display, Width, Height);
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        long before = capture.Wakeups;

        // Everything that could still be on its way is here after a round trip of another kind: one move, told.
        painter.Warp(9, 9);
        await Until.True(() => log.Position == (9, 9), "the move");
        // None when it was still awake from the start.
        Assert.InRange(capture.Wakeups - before, 0, 8);
        before = capture.Wakeups;
        for (int i = 0; i < 50; i++)
        {
            painter.Flush();
        }

        // On a busy machine the last word on the move may still have been on its way.
        Assert.InRange(capture.Wakeups - before, 0, 3);
    }

    /// <summary>The answer to a grab lies in the socket that this thread sleeps on: it must not look at it over and over until whoever grabs has read it.</summary>
    [Fact]
    public async Task A_grab_wakes_the_thread_that_hears_of_damage_once_at_most()
    {
        const int Grabs = 300;
        using var capture = new LinuxCapture(server.Display);
        capture.Start(log);
        await Settle(capture);
        var frame = new Frame(Width, Height);
        long before = capture.Wakeups;
        for (int i = 0; i < Grabs; i++)
        {
            Assert.True(capture.TryGrab(frame, [new(0, 0, 8, 8)]));
        }

        // Twice as many, for what the screen itself may have to say meanwhile.
        Assert.InRange(capture.Wakeups - before, 0, 2 * Grabs);
    }

    [Fact]
    public void Opening_and_closing_leaves_no_descriptor_and_no_segment()
    {
        using (var capture = new LinuxCapture(server.Display))
        {
            capture.Start(log);
        }

        int descriptors = Directory.GetFiles("/proc/self/fd").Length;
        int segments = OwnSegments();
        for (int i = 0; i < 200; i++)
        {
            using var capture = new LinuxCapture(server.Display);
            capture.Start(log);
            Assert.True(capture.TryGrab(new Frame(Width, Height), [new(0, 0, 64, 64)]));
        }

        // Other tests of this process open and close their own meanwhile; 200 leaked ones would stand out.
        Assert.InRange(Directory.GetFiles("/proc/self/fd").Length - descriptors, int.MinValue, 100);
        Assert.InRange(OwnSegments() - segments, int.MinValue, 100);
    }

    [Fact]
    public void A_missing_display_and_a_depth_that_does_not_fit_are_said_in_words()
    {
        var missing = Assert.Throws<DisplayException>(() => new LinuxCapture(":9999"));
        Assert.Contains(":9999", missing.Message, StringComparison.Ordinal);
        using var coarse = XServer.Start("640x480x16");
        var depth = Assert.Throws<DisplayException>(() => new LinuxCapture(coarse.Display));
        Assert.Contains("16 bits", depth.Message, StringComparison.Ordinal);
    }

    private static int OwnSegments() =>
        File.ReadLines("/proc/sysvipc/shm").Count(line => line.Contains($" {Environment.ProcessId} ", StringComparison.Ordinal));

    private static PixelRect All(PixelRect[] areas) => areas.Aggregate(default(PixelRect), (all, area) => all.Union(area));

    private static bool SamePixels(Frame frame, uint[] truth)
    {
        var pixels = frame.Pixels;
        for (int i = 0; i < truth.Length; i++)
        {
            if (((pixels[i] ^ truth[i]) & 0xffffff) != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Lets the start pass: layout, cursor, and the damage of windows that were just mapped.</summary>
    private async Task Settle(LinuxCapture capture)
    {
        await Until.True(() => log.Layouts > 0 && log.Cursors > 0 && log.TakeDamage().Length > 0, "the start");
        Assert.True(capture.TryGrab(new Frame(capture.Layout.Width, capture.Layout.Height), [new(0, 0, 1, 1)]));
        log.TakeDamage();
    }
}
