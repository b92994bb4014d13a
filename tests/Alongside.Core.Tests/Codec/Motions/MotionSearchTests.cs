using Alongside.Core.Codec;
using Alongside.Core.Codec.Motions;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Motions;

/// <summary>What has moved is found; what the copies leave to be painted is what is new.</summary>
public sealed class MotionSearchTests
{
    private static readonly PixelRect Screen = new(0, 0, 900, 700);

    private readonly MotionSearch search = new();
    private readonly FrameDifference difference = new();
    private readonly DamageRegion damage = new();
    private readonly Desk desk = new(Screen.Width, Screen.Height, 1);

    [Theory]
    [InlineData(0, -17)]
    [InlineData(0, 51)]
    [InlineData(0, -1)]
    [InlineData(-40, 0)]
    [InlineData(3, 0)]
    [InlineData(0, -400)]
    public void A_scroll(int dx, int dy)
    {
        desk.Write(Screen);
        var was = Copy(desk.Frame);
        desk.Scroll(new(100, 80, 600, 500), dx, dy);
        long uncovered = 600 * 500 - ((600 - Math.Abs(dx)) * (500L - Math.Abs(dy)));

        Assert.InRange(Rest(was, out var found), 1, uncovered + 1000);
        Assert.Equal([(dx, dy)], Deltas(found));
    }

    [Fact]
    public void A_scroll_between_a_header_a_sidebar_and_a_scroll_bar()
    {
        desk.Write(Screen);
        desk.Fill(new(880, 60, 20, 640), 0xDDDDDD);
        desk.Fill(new(882, 100, 16, 120), 0x888888);
        var was = Copy(desk.Frame);
        desk.Scroll(new(150, 60, 730, 640), 0, -34);
        desk.Fill(new(880, 60, 20, 640), 0xDDDDDD);
        desk.Fill(new(882, 106, 16, 120), 0x888888);

        Assert.InRange(Rest(was, out var found), 1, (730 * 34) + 3000);
        Assert.Contains((0, -34), Deltas(found));
    }

    [Fact]
    public void Two_panes_that_scroll_differently()
    {
        desk.Write(Screen);
        var was = Copy(desk.Frame);
        desk.Scroll(new(0, 0, 300, 700), 0, -34);
        desk.Scroll(new(310, 0, 590, 700), 0, 17);

        Assert.InRange(Rest(was, out var found), 1, (300 * 34) + (590 * 17) + 3000);
        Assert.Equal([(0, -34), (0, 17)], Deltas(found).Order());
    }

    [Theory]
    [InlineData(13, 7)]
    [InlineData(-13, -7)]
    [InlineData(200, -9)]
    [InlineData(-300, 150)]
    [InlineData(0, 90)]
    [InlineData(11, 0)]
    public void A_window_that_is_dragged(int dx, int dy)
    {
        var window = new PixelRect(320, 200, 250, 180);
        uint[] inside = Draw(window);
        var was = Copy(desk.Frame);
        desk.Write(window);
        desk.Put(inside, window, dx, dy);
        long uncovered = window.Area - window.Intersect(window with { X = window.X + dx, Y = window.Y + dy }).Area;

        Assert.InRange(Rest(was, out var found), 1, uncovered + 1500);
        Assert.Equal([(dx, dy)], Deltas(found));
    }

    [Theory]
    [InlineData(40, 30, 25, 28)]
    [InlineData(40, 30, -25, -28)]
    [InlineData(-40, 30, 300, 0)]
    [InlineData(-260, 0, 40, 9)]
    public void Two_windows_at_once(int dx, int dy, int dx2, int dy2)
    {
        // The second one's place is where the first one goes in the last case, and so must be read before.
        PixelRect one = new(300, 120, 240, 180), two = new(60, 300, 220, 170);
        if (dx == -260)
        {
            two = two with { Y = 140 };
        }

        uint[] inOne = Draw(one), inTwo = Draw(two);
        var was = Copy(desk.Frame);
        desk.Write(one);
        desk.Write(two);
        desk.Put(inTwo, two, dx2, dy2);
        desk.Put(inOne, one, dx, dy);

        Assert.InRange(Rest(was, out var found), 1, 2 * 240 * 180);
        Assert.Equal(new[] { (dx, dy), (dx2, dy2) }.Order(), Deltas(found).Distinct().Order());
    }

    [Fact]
    public void Two_windows_that_change_places()
    {
        PixelRect one = new(100, 120, 240, 180), two = new(340, 120, 240, 180);
        uint[] inOne = Draw(one), inTwo = Draw(two);
        var was = Copy(desk.Frame);
        desk.Put(inOne, one, 240, 0);
        desk.Put(inTwo, two, -240, 0);

        // One of them is copied, the other one is painted.
        Assert.InRange(Rest(was, out _), 1, (240 * 180) + 1500);
    }

    [Fact]
    public void A_hint_is_used_where_the_picture_alone_says_nothing()
    {
        // The same stroke all over: anchors repeat too often to vote.
        for (int y = 0; y < Screen.Height; y++)
        {
            for (int x = 0; x < Screen.Width; x++)
            {
                desk.Frame.Row(y)[x] = (x % 20 < 3) ^ (y % 20 < 3) ? 0u : 0xFFFFFF;
            }
        }

        var was = Copy(desk.Frame);
        var to = new PixelRect(207, 109, 300, 300);
        uint[] moved = desk.Take(to with { X = 200, Y = 100 });
        desk.Put(moved, to with { X = 200, Y = 100 }, 7, 9);

        long without = Rest(Copy(was), out _);
        long with = Rest(was, out _, new Motion(to, 7, 9));
        Assert.True(with < 500 && with < without / 4, $"{with} of {without} pixels are left.");
    }

    [Fact]
    public void A_wrong_hint_is_not_believed()
    {
        desk.Write(Screen);
        var was = Copy(desk.Frame);
        desk.Write(new(100, 100, 300, 300));
        long left = Rest(was, out var found, new Motion(new(100, 100, 300, 300), 20, 20), new Motion(new(-50, -50, 5000, 5000), 700, -3), new Motion(default, 0, 0));

        Assert.Empty(found);
        Assert.InRange(left, 1, 300 * 300);
    }

    [Fact]
    public void Noise_is_no_motion()
    {
        var random = new Random(3);
        random.NextBytes(desk.Frame.Bytes);
        var was = Copy(desk.Frame);
        random.NextBytes(desk.Frame.Bytes);

        Rest(was, out var found);
        Assert.Empty(found);
    }

    [Fact]
    public void Solid_colours_are_painted_not_copied()
    {
        desk.Fill(Screen, 0x336699);
        desk.Fill(new(100, 100, 200, 200), 0xFFFFFF);
        var was = Copy(desk.Frame);
        desk.Fill(Screen, 0x336699);
        desk.Fill(new(120, 110, 200, 200), 0xFFFFFF);

        Rest(was, out var found);
        Assert.InRange(found.Length, 0, 1);
    }

    private static IEnumerable<(int X, int Y)> Deltas(Motion[] found) => found.Select(motion => (motion.DeltaX, motion.DeltaY)).Distinct();

    private static Frame Copy(Frame frame)
    {
        var copy = new Frame(frame.Width, frame.Height);
        frame.Pixels.CopyTo(copy.Pixels);
        return copy;
    }

    private uint[] Draw(PixelRect window)
    {
        if (desk.Frame.Pixels[0] == 0)
        {
            desk.Write(Screen);
        }

        desk.Window(window);
        return desk.Take(window);
    }

    // The area of what differs still after the copies, one after another.
    private long Rest(Frame reference, out Motion[] found, params Motion[] hints)
    {
        damage.Clear();
        damage.Add(Screen);
        difference.Compare(reference, desk.Frame, damage);
        found = search.Find(reference, desk.Frame, difference.Rects, hints).ToArray();
        foreach (var motion in found)
        {
            Assert.Equal(motion.To, motion.To.Intersect(Screen));
            Assert.Equal(motion.From, motion.From.Intersect(Screen));
            motion.Apply(reference);
        }

        long differing = 0;
        for (int i = 0; i < reference.Pixels.Length; i++)
        {
            differing += ((reference.Pixels[i] ^ desk.Frame.Pixels[i]) & 0xFF_FFFF) != 0 ? 1 : 0;
        }

        return differing;
    }
}
