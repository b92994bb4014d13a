using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Testing;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>
/// What the pacing promises on lines, under virtual time, so that it may be asserted: what programs and processors need comes on top and is
/// measured in <c>bench/</c>.
/// </summary>
public sealed class LinkNumbers
{
    /// <summary>20 Mbit/s, a round trip of 40 ms, a tenth of a second of queue.</summary>
    private static readonly SimulatedLine Broadband = new(19_800, 2_500_000, Queue: 250_000);

    /// <summary>5 Mbit/s behind a router that takes in a second of it.</summary>
    private static readonly SimulatedLine LongQueue = new(10_000, 625_000, Queue: 625_000);

    /// <summary>A program draws a letter so long after its key, in microseconds.</summary>
    private const long Program = 1_000;

    private static readonly PixelRect Photo = new(0, 0, 640, 320);

    [Fact]
    public void A_letter_comes_a_round_trip_and_little_after_its_key()
    {
        using var host = new SimulatedHost(1, Grant.All, 640, 400);
        using var viewer = Arrive(host, Broadband);
        Assert.InRange(Share(Type(host, viewer, 60, _ => { }), 0.95), 40_000, 50_000);
    }

    [Fact]
    public void A_letter_overtakes_a_page_of_photographs()
    {
        using var host = new SimulatedHost(2, Grant.All, 640, 400);
        using var viewer = Arrive(host, Broadband);
        var delays = Type(host, viewer, 100, i =>
        {
            if (i % 10 == 0)
            {
                host.PaintPhoto(Photo);
            }
            else if (i % 10 < 5)
            {
                host.PaintPhoto(new(0, 64 * (i % 5), 640, 64));
            }
        });
        Assert.InRange(Share(delays, 0.95), 40_000, 60_000);
    }

    /// <summary>2 Mbit/s, a round trip of 100 ms: all of the clipboard takes seventeen seconds at least.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(60_000)]
    public void A_letter_does_not_wait_for_a_large_clipboard(int queue)
    {
        using var host = new SimulatedHost(5, Grant.All, 640, 400);
        using var viewer = Arrive(host, new(50_000, 250_000, Queue: queue));
        string text = string.Concat(Enumerable.Range(0, 400_000).Select(i => $"{i:0000000000}"));
        host.Do(() => host.Room.Copied(host.Net.Now, (byte)0, text));
        Assert.InRange(Share(Type(host, viewer, 60, _ => { }, pause: 300_000), 0.95), 100_000, 200_000);
        for (int i = 0; i < 60 && viewer.Events.TrueForAll(e => e.Kind != ViewerEventKind.Clipboard); i++)
        {
            host.Run(1_000_000);
        }

        Assert.Contains(viewer.Events, e => e.Kind == ViewerEventKind.Clipboard && e.Clipboard.Text == text);

        // A third of the line was used at least.
        Assert.InRange(host.Net.Now, 17_000_000, 50_000_000);
    }

    [Fact]
    public void A_film_is_not_old_where_a_long_queue_would_take_it_in()
    {
        using var host = new SimulatedHost(3, Grant.All, 640, 400);
        using var viewer = Arrive(host, LongQueue);
        var ages = Film(host, viewer, frames: 300);
        Assert.InRange(Share(ages, 0.95), 10_000, 150_000);

        // What is shown is worth looking at: not one picture now and then.
        Assert.InRange(ages.Count, 100, 300);
    }

    /// <summary>Two and a half frames after the last one it is certain that none follows; what is exact then needs a fifth of a second of this line at most.</summary>
    [Fact]
    public void A_film_that_stops_is_exact_soon()
    {
        using var host = new SimulatedHost(6, Grant.All, 640, 400);
        using var viewer = Arrive(host, new(1_000, 10_000_000, Queue: 1_000_000));
        Film(host, viewer, frames: 90);
        Assert.True(host.Room.Feed.Streams.Single().Encoder.HasVideo);
        long stopped = host.Net.Now - 33_333;
        while (!viewer.SeesExactly(host.Screen) && host.Net.Now - stopped < 2_000_000)
        {
            host.Run(1_000);
        }

        Assert.InRange(host.Net.Now - stopped, 80_000, 150_000);
    }

    /// <summary>The window follows the line: a fast one is filled, a slow one is not, whichever came first.</summary>
    [Theory]
    [InlineData(1_000, 100_000_000, 4_000_000)]
    [InlineData(40_000, 1_000_000, 900_000)]
    [InlineData(100_000, 20_000, 15_000)]
    public void A_line_is_used_and_not_filled(long delay, long rate, long least)
    {
        // What always changes would be taken for a film, which asks for little: this viewer shows none.
        ushort[] capabilities = [.. Capability.Known.Where(known => known is not (Capability.H264 or Capability.Av1))];
        using var host = new SimulatedHost(4, Grant.All, 640, 400);
        using var viewer = Arrive(host, new(delay, rate, Queue: (int)Math.Min(rate, 1_000_000)), capabilities);
        long bytes = 0;
        host.Net.ServerSees = (_, payload) => bytes += payload.Length;
        long longest = 0;
        for (int i = 0; i < 120; i++)
        {
            host.Paint(Photo, 2);
            host.Run(50_000);

            // The first update is a guess, which a modem takes a second for.
            longest = i < 60 ? 0 : Math.Max(longest, host.Room.Session(1)!.Outbox.Pacing.LastDelay);
        }

        Assert.InRange(bytes / 6, least, rate + (rate / 10));
        Assert.InRange(longest - (2 * delay), 0, 700_000);
    }

    private static SimulatedViewer Arrive(SimulatedHost host, SimulatedLine line, IReadOnlyList<ushort>? capabilities = null)
    {
        host.Paint(host.Screen.Bounds, 0);
        var viewer = host.Join(1, line, capabilities: capabilities);
        host.Run(3_000_000);
        Assert.True(viewer.SeesExactly(host.Screen));
        return viewer;
    }

    /// <summary>Presses keys at uneven times; a program draws a letter for each. Returns from each press to its letter on the viewer's screen.</summary>
    private static List<long> Type(SimulatedHost host, SimulatedViewer viewer, int count, Action<int> meanwhile, long pause = 70_000)
    {
        var random = new SeededRandomSource(9);
        var delays = new List<long>();
        PixelRect letter = default;
        long? pressedAt = null;
        viewer.Shown = picture =>
        {
            if (pressedAt is { } at && !letter.IsEmpty && Same(picture, host.Screen, letter))
            {
                delays.Add(host.Net.Now - at);
                pressedAt = null;
            }
        };
        for (int i = 0; i < count; i++)
        {
            letter = default;
            pressedAt = host.Net.Now;
            viewer.Do(() => viewer.Session.Send(host.Net.Now, InputMessage.Key(true, 0x61, 4)));
            int typed = host.Injected.Count;
            var place = new PixelRect(8 + (i % 60 * 10), 340, 9, 15);
            for (int waits = 0; host.Injected.Count == typed && waits < 1_000; waits++)
            {
                host.Run(1_000);
            }

            host.Run(Program);
            host.Paint(place, 1);
            letter = place;
            meanwhile(i);
            host.Run(pause + random.Next(90_000));
        }

        host.Run(1_000_000);
        Assert.Equal(count, delays.Count);
        return delays;
    }

    /// <summary>Thirty pictures a second, each with its number in bits that a JPEG keeps. Returns how old each was when it was shown.</summary>
    private static List<long> Film(SimulatedHost host, SimulatedViewer viewer, int frames)
    {
        var shownAt = new long[frames + 1];
        var ages = new List<long>();
        int last = 0;
        viewer.Shown = picture =>
        {
            int number = ReadNumber(picture);
            if (number > last && number <= frames)
            {
                last = number;
                ages.Add(host.Net.Now - shownAt[number]);
            }
        };
        for (int i = 1; i <= frames; i++)
        {
            var area = new PixelRect(160, 40, 320, 240);
            WriteNumber(host.Screen, area, i);
            shownAt[i] = host.Net.Now;
            host.PaintPhoto(area with { Y = area.Y + 16, Height = area.Height - 16 });
            host.Do(() => host.Room.Damaged(host.Net.Now, area));
            host.Run(33_333);
        }

        return ages;
    }

    private static void WriteNumber(Frame screen, PixelRect area, int number)
    {
        for (int y = area.Y; y < area.Y + 16; y++)
        {
            for (int x = 0; x < area.Width; x++)
            {
                screen.Row(y)[area.X + x] = ((number >> (x / 32)) & 1) == 1 ? 0xE0E0E0u + (uint)(x * y % 8) : 0x202020u + (uint)(x * y % 8);
            }
        }
    }

    private static int ReadNumber(Frame picture)
    {
        int number = 0;
        for (int bit = 0; bit < 10; bit++)
        {
            number |= (picture.Row(48)[160 + (bit * 32) + 16] & 0xFF) > 128 ? 1 << bit : 0;
        }

        return number;
    }

    private static bool Same(Frame a, Frame b, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                if (((a.Row(y)[x] ^ b.Row(y)[x]) & 0xFFFFFF) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static long Share(List<long> values, double share)
    {
        values.Sort();
        return values[(int)Math.Min(values.Count - 1, values.Count * share)];
    }
}
