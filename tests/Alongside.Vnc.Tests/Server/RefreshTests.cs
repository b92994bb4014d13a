using Alongside.Core.Pixels;
using Alongside.Vnc.Client;

namespace Alongside.Vnc.Tests.Server;

/// <summary>A viewer that asks for JPEG has the exact pixels when they are still, once.</summary>
public sealed class RefreshTests
{
    private const int Width = 1600, Height = 900, Second = 1_000_000;

    [Fact]
    public void What_was_sent_as_JPEG_becomes_exact_and_is_not_sent_again()
    {
        using var both = new BothSides(Width, Height, new RfbClientOptions { Quality = 8 });
        Paint(both.Screen, both.Screen.Bounds, 3);
        both.Changed(both.Screen.Bounds);
        Assert.False(both.IsSame());
        Rest(both);
        Assert.True(both.IsSame());
        long bytes = both.Bytes;
        Rest(both);
        Assert.Equal(bytes, both.Bytes);

        // A part of it, of a shape that no rectangle has.
        Paint(both.Screen, new(100, 90, 700, 200), 4);
        Paint(both.Screen, new(500, 200, 100, 600), 5);
        both.Changed(both.Screen.Bounds);
        Assert.False(both.IsSame());
        bytes = both.Bytes;
        Rest(both);
        Assert.True(both.IsSame());
        Assert.InRange(both.Bytes - bytes, 1, 5L * ((700 * 200) + (100 * 600)));
    }

    [Fact]
    public void What_is_copied_while_it_is_only_nearly_right_becomes_exact_where_it_goes()
    {
        using var both = new BothSides(Width, Height, new RfbClientOptions { Quality = 8 });
        Paint(both.Screen, both.Screen.Bounds, 6);
        both.Changed(both.Screen.Bounds);
        both.Screen.Pixels[(64 * Width)..].CopyTo(both.Screen.Pixels);
        both.Changed(both.Screen.Bounds);
        Assert.False(both.IsSame());
        Rest(both);
        Assert.True(both.IsSame());
    }

    private static void Rest(BothSides both)
    {
        for (int i = 0; i < 60; i++)
        {
            both.Wait(Second / 20);
        }
    }

    /// <summary>As in a photograph: many colours, soft.</summary>
    private static void Paint(Frame frame, PixelRect area, int seed)
    {
        var random = new Random(seed);
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var row = frame.Row(y, area.X, area.Width);
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = (uint)(((x + random.Next(9)) & 255) << 16 | ((y + (x / 3) + random.Next(9)) & 255) << 8 | ((x + y + seed) & 255));
            }
        }
    }
}
