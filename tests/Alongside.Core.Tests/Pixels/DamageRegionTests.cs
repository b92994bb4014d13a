using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Pixels;

public sealed class DamageRegionTests
{
    [Fact]
    public void Never_loses_a_pixel_and_never_holds_more_than_its_capacity()
    {
        var random = new Random(1);
        for (int round = 0; round < 100; round++)
        {
            var region = new DamageRegion();
            var added = new List<PixelRect>();
            for (int i = 0; i < random.Next(1, 200); i++)
            {
                var rect = new PixelRect(random.Next(900), random.Next(700), random.Next(1, 60), random.Next(1, 60));
                region.Add(rect);
                added.Add(rect);
                Assert.InRange(region.Rects.Length, 1, DamageRegion.Capacity);
            }

            foreach (var rect in added)
            {
                AssertCovered(region, rect.X, rect.Y);
                AssertCovered(region, rect.Right - 1, rect.Bottom - 1);
                AssertCovered(region, random.Next(rect.X, rect.Right), random.Next(rect.Y, rect.Bottom));
            }
        }
    }

    [Fact]
    public void Rectangles_side_by_side_become_one()
    {
        var region = new DamageRegion();
        region.Add(new PixelRect(0, 0, 64, 64));
        region.Add(new PixelRect(128, 0, 64, 64));
        region.Add(new PixelRect(64, 0, 64, 64));

        Assert.Equal([new PixelRect(0, 0, 192, 64)], region.Rects);
    }

    [Fact]
    public void Rectangles_far_apart_stay_apart()
    {
        var region = new DamageRegion();
        region.Add(new PixelRect(0, 0, 10, 10));
        region.Add(new PixelRect(1000, 1000, 10, 10));

        Assert.Equal(2, region.Rects.Length);
        Assert.Equal(new PixelRect(0, 0, 1010, 1010), region.Bounds);
    }

    [Fact]
    public void Clip_keeps_what_is_inside()
    {
        var region = new DamageRegion();
        region.Add(new PixelRect(-10, -10, 20, 20));
        region.Add(new PixelRect(500, 500, 20, 20));
        region.Clip(new(0, 0, 100, 100));

        Assert.Equal([new PixelRect(0, 0, 10, 10)], region.Rects);
    }

    [Fact]
    public void Empty_rectangles_add_nothing()
    {
        var region = new DamageRegion();
        region.Add(new PixelRect(5, 5, 0, 9));

        Assert.True(region.IsEmpty);
    }

    private static void AssertCovered(DamageRegion region, int x, int y)
    {
        foreach (var rect in region.Rects)
        {
            if (rect.Contains(x, y))
            {
                return;
            }
        }

        Assert.Fail($"{x}, {y} was lost.");
    }
}
