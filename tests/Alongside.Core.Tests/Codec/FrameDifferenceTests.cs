using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

public sealed class FrameDifferenceTests
{
    [Fact]
    public void Finds_every_changed_pixel_within_the_damage_and_nothing_beyond()
    {
        var random = new Random(3);
        var difference = new FrameDifference();
        for (int round = 0; round < 60; round++)
        {
            int width = random.Next(1, 400), height = random.Next(1, 300);
            Frame reference = new(width, height), source = new(width, height);
            var damage = new DamageRegion();
            for (int i = 0; i < 4; i++)
            {
                damage.Add(new PixelRect(random.Next(-5, width), random.Next(-5, height), random.Next(1, width + 9), random.Next(1, height + 9)));
            }

            for (int i = 0; i < 40; i++)
            {
                source.Pixels[random.Next(source.Pixels.Length)] = (uint)random.Next(1 << 24);
            }

            difference.Compare(reference, source, damage);
            bool[] found = new bool[width * height];
            foreach (var rect in difference.Rects)
            {
                Assert.True(rect.Width <= FrameDifference.CellWidth && rect.Height <= FrameDifference.CellHeight);
                for (int y = rect.Y; y < rect.Bottom; y++)
                {
                    for (int x = rect.X; x < rect.Right; x++)
                    {
                        Assert.False(found[(y * width) + x], "Two rectangles overlap.");
                        found[(y * width) + x] = true;
                    }
                }
            }

            for (int i = 0; i < found.Length; i++)
            {
                Assert.True(source.Pixels[i] == 0 || found[i] || !IsIn(damage, i % width, i / width), "A changed pixel was lost.");
            }
        }
    }

    [Fact]
    public void Rectangles_are_tight()
    {
        Frame reference = new(300, 200), source = new(300, 200);
        source.Row(20)[30] = 1;
        source.Row(25)[33] = 1;
        source.Row(150)[290] = 0xFF00_0001;
        source.Row(160)[100] = 0xFF00_0000;
        var difference = new FrameDifference();
        difference.Compare(reference, source, Whole(source));

        Assert.Equal([new PixelRect(30, 20, 4, 6), new PixelRect(290, 150, 1, 1)], difference.Rects);
    }

    [Fact]
    public void Equal_frames_differ_nowhere()
    {
        var difference = new FrameDifference();
        difference.Compare(new Frame(65, 65), new Frame(65, 65), Whole(new Frame(65, 65)));

        Assert.True(difference.Rects.IsEmpty);
    }

    private static DamageRegion Whole(Frame frame)
    {
        var damage = new DamageRegion();
        damage.Add(frame.Bounds);
        return damage;
    }

    private static bool IsIn(DamageRegion damage, int x, int y)
    {
        foreach (var rect in damage.Rects)
        {
            if (rect.Contains(x, y))
            {
                return true;
            }
        }

        return false;
    }
}
