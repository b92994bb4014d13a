using Alongside.Core.Pixels;
using Alongside.Vnc.Client;
using Alongside.Vnc.Server;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Server;

/// <summary>What moves is copied by viewers that can, and painted for those that cannot; every pixel is the same for both.</summary>
public sealed class CopyTests
{
    private const int Width = 640, Height = 480;

    [Theory]
    [InlineData(EncodingNumber.Tight)]
    [InlineData(EncodingNumber.Zrle)]
    [InlineData(EncodingNumber.Hextile)]
    public void Scrolled_text_is_copied(int encoding)
    {
        using var copying = new BothSides(Width, Height, EncodingNumber.CopyRect, encoding);
        using var painting = new BothSides(Width, Height, encoding);
        foreach (var both in (BothSides[])[copying, painting])
        {
            var random = new Random(4);
            for (int line = 0; line < Height / 16; line++)
            {
                Type(both.Screen, random, line * 16);
            }

            both.Changed(both.Screen.Bounds);
            Assert.True(both.IsSame());
        }

        long copied = copying.Bytes, painted = painting.Bytes;
        foreach (var both in (BothSides[])[copying, painting])
        {
            var random = new Random(9);
            for (int i = 0; i < 20; i++)
            {
                both.Screen.Pixels[(16 * Width)..].CopyTo(both.Screen.Pixels);
                Type(both.Screen, random, Height - 16);
                both.Changed(both.Screen.Bounds);
                Assert.True(both.IsSame());
            }
        }

        Assert.Contains(copying.Events, e => e.Kind == RfbClientEventKind.Moved && e.Motion.DeltaY == -16);
        Assert.DoesNotContain(painting.Events, e => e.Kind == RfbClientEventKind.Moved);
        Assert.InRange(copying.Bytes - copied, 1, (painting.Bytes - painted) / 4);
    }

    [Fact]
    public void A_window_that_is_dragged_is_copied_and_what_it_uncovers_is_painted()
    {
        using var both = new BothSides(Width, Height);
        var random = new Random(2);
        var window = new Frame(200, 150);
        for (int line = 0; line < 150; line += 16)
        {
            Type(window, random, line);
        }

        for (int i = 0; i < 25; i++)
        {
            both.Screen.Pixels.Fill(0x336699);
            for (int y = 0; y < window.Height; y++)
            {
                window.Row(y, 0, window.Width).CopyTo(both.Screen.Row(40 + (i * 7) + y, 30 + (i * 11), window.Width));
            }

            both.Changed(both.Screen.Bounds);
            Assert.True(both.IsSame());
        }

        Assert.Contains(both.Events, e => e.Kind == RfbClientEventKind.Moved && e.Motion is { DeltaX: 11, DeltaY: 7 });
    }

    [Fact]
    public void Whatever_moves_where_every_pixel_is_right_in_the_end()
    {
        using var both = new BothSides(Width, Height);
        var random = new Random(31);
        for (int i = 0; i < 60; i++)
        {
            var screen = both.Screen;
            int w = random.Next(50, 400), h = random.Next(50, 300);
            var from = new PixelRect(random.Next(Width - w), random.Next(Height - h), w, h);
            var piece = new Frame(w, h);
            for (int y = 0; y < h; y++)
            {
                screen.Row(from.Y + y, from.X, w).CopyTo(piece.Row(y));
            }

            int x0 = random.Next(Width - w), y0 = random.Next(Height - h);
            for (int y = 0; y < h; y++)
            {
                piece.Row(y).CopyTo(screen.Row(y0 + y, x0, w));
            }

            Type(screen, random, random.Next(Height / 16) * 16);
            both.Changed(screen.Bounds);
            Assert.True(both.IsSame());
        }
    }

    [Fact]
    public void Viewers_that_keep_up_share_one_search_and_one_that_does_not_has_its_own()
    {
        var motion = new SharedMotion();
        using var first = new BothSides(Width, Height, new RfbClientOptions(), motion);
        using var second = new BothSides(Width, Height, new RfbClientOptions(), motion);
        using var late = new BothSides(Width, Height, new RfbClientOptions(), motion);
        foreach (var both in (BothSides[])[first, second, late])
        {
            var random = new Random(4);
            for (int line = 0; line < Height / 16; line++)
            {
                Type(both.Screen, random, line * 16);
            }

            both.Changed(both.Screen.Bounds);
        }

        int before = motion.Searches;
        for (int i = 0; i < 10; i++)
        {
            foreach (var both in (BothSides[])[first, second, late])
            {
                both.Screen.Pixels[(16 * Width)..].CopyTo(both.Screen.Pixels);
                Type(both.Screen, new Random(i), Height - 16);
                if (both != late || i % 2 == 1)
                {
                    both.Changed(both.Screen.Bounds);
                    Assert.True(both.IsSame());
                }
                else
                {
                    both.Misses();
                }
            }
        }

        // Ten for the two, and five for the one that saw every other picture.
        Assert.Equal(15, motion.Searches - before);
        Assert.All((BothSides[])[first, second, late], both => Assert.Contains(both.Events, e => e.Kind == RfbClientEventKind.Moved));
    }

    /// <summary>A line of what looks like text: no two alike.</summary>
    private static void Type(Frame frame, Random random, int top)
    {
        for (int y = top; y < Math.Min(frame.Height, top + 16); y++)
        {
            frame.Row(y, 0, frame.Width).Fill(0xffffff);
        }

        for (int x = 4; x + 8 < frame.Width * 3 / 4; x += 8)
        {
            for (int y = top + 3; y < Math.Min(frame.Height, top + 13); y++)
            {
                int strokes = random.Next(1 << 7);
                for (int bit = 0; bit < 7; bit++)
                {
                    if ((strokes & (1 << bit)) != 0)
                    {
                        frame.Row(y)[x + bit] = 0x202020;
                    }
                }
            }
        }
    }
}
