using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

public sealed class ExactnessMapTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(63, 9)]
    [InlineData(64, 9)]
    [InlineData(65, 40)]
    [InlineData(200, 130)]
    [InlineData(3, 300)]
    public void Is_what_a_plain_table_of_pixels_is(int width, int height)
    {
        var random = new Random((width * 1000) + height);
        var map = new ExactnessMap(width, height);
        bool[,] table = new bool[height, width];
        for (int round = 0; round < 300; round++)
        {
            var area = Rect();
            switch (random.Next(3))
            {
                case 0:
                    map.MarkInexact(area);
                    Fill(area, true);
                    break;
                case 1:
                    map.MarkExact(area);
                    Fill(area, false);
                    break;
                default:
                    var from = new PixelRect(random.Next(width - area.Width + 1), random.Next(height - area.Height + 1), area.Width, area.Height);
                    map.Copy(new(area, area.X - from.X, area.Y - from.Y));
                    bool[,] before = (bool[,])table.Clone();
                    for (int y = 0; y < area.Height; y++)
                    {
                        for (int x = 0; x < area.Width; x++)
                        {
                            table[area.Y + y, area.X + x] = before[from.Y + y, from.X + x];
                        }
                    }

                    break;
            }

            Assert.Equal(Count(new(0, 0, width, height), out _), map.Debt);
            var asked = Rect();
            long debt = Count(asked, out var bounds);
            Assert.Equal(bounds, map.InexactWithin(asked));
            Assert.Equal(debt == 0, map.IsExact(asked));
        }

        PixelRect Rect()
        {
            int w = random.Next(1, width + 1), h = random.Next(1, height + 1);
            return new(random.Next(width - w + 1), random.Next(height - h + 1), w, h);
        }

        void Fill(PixelRect area, bool value)
        {
            for (int y = area.Y; y < area.Bottom; y++)
            {
                for (int x = area.X; x < area.Right; x++)
                {
                    table[y, x] = value;
                }
            }
        }

        long Count(PixelRect area, out PixelRect bounds)
        {
            long count = 0;
            bounds = default;
            for (int y = area.Y; y < area.Bottom; y++)
            {
                for (int x = area.X; x < area.Right; x++)
                {
                    if (table[y, x])
                    {
                        count++;
                        bounds = bounds.Union(new(x, y, 1, 1));
                    }
                }
            }

            return count;
        }
    }

    [Fact]
    public void What_lies_outside_the_picture_is_nobodys()
    {
        var map = new ExactnessMap(20, 10);
        map.MarkInexact(new(-5, -5, 100, 100));
        Assert.Equal(200, map.Debt);
        map.MarkExact(new(-5, -5, 10, 10));
        Assert.Equal(175, map.Debt);
        map.MarkInexact(new(30, 0, 5, 5));
        Assert.Equal(175, map.Debt);
    }

    [Fact]
    public void Takes_over_the_debt_of_another()
    {
        var one = new ExactnessMap(100, 10);
        var other = new ExactnessMap(100, 10);
        one.MarkInexact(new(0, 0, 70, 1));
        other.MarkInexact(new(60, 0, 20, 2));
        one.Add(other);

        Assert.Equal(70 + 10 + 20, one.Debt);
        Assert.Equal(new PixelRect(0, 0, 80, 2), one.InexactWithin(new(0, 0, 100, 10)));
    }
}
