using Alongside.Core.Codec;
using Alongside.Core.Codec.Motions;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Motions;

public sealed class CopyOrderTests
{
    private readonly Random random = new(21);

    [Fact]
    public void One_after_another_they_do_what_all_at_once_would()
    {
        int cut = 0, rounds = 5000;
        for (int round = 0; round < rounds; round++)
        {
            var copies = Copies();
            var frame = Numbered();
            uint[] was = frame.Pixels.ToArray();
            var sorted = (Motion[])copies.Clone();
            int count = CopyOrder.Sort(sorted);
            cut += sorted.AsSpan(0, count).SequenceEqual(copies) ? 0 : 1;
            foreach (var copy in sorted.AsSpan(0, count))
            {
                copy.Apply(frame);
                Assert.True(Array.Exists(copies, c => (c.DeltaX, c.DeltaY) == (copy.DeltaX, copy.DeltaY) && c.To.Union(copy.To) == c.To));
            }

            foreach (var copy in sorted.AsSpan(0, count))
            {
                AssertMoved(frame, was, copy);
            }
        }

        Assert.InRange(cut, rounds / 10, rounds);
    }

    [Fact]
    public void Those_that_wait_for_nobody_in_a_circle_stay_whole()
    {
        var one = new Motion(new(0, 0, 10, 10), -10, 0);
        var two = new Motion(new(10, 0, 10, 10), -10, 0);
        var three = new Motion(new(20, 0, 10, 10), -10, 0);
        Motion[] copies = [three, two, one];

        Assert.Equal(3, CopyOrder.Sort(copies));
        Assert.Equal([one, two, three], copies);
    }

    [Fact]
    public void Of_two_that_change_places_one_stays_whole()
    {
        Motion[] copies = [new(new(0, 0, 10, 10), -8, 0), new(new(8, 0, 10, 10), 8, 0)];
        int count = CopyOrder.Sort(copies);

        Assert.InRange(count, 1, 2);
        Assert.Contains(copies[..count], copy => copy.To.Area == 100);
    }

    // Rectangles that do not overlap each other, as the search makes them.
    private Motion[] Copies()
    {
        var copies = new List<Motion>();
        for (int i = 0; i < 40 && copies.Count < 6; i++)
        {
            var to = new PixelRect(random.Next(60), random.Next(40), random.Next(1, 30), random.Next(1, 30));
            var from = to with { X = random.Next(60 - (to.Width / 2)), Y = random.Next(40 - (to.Height / 2)) };
            if (Fits(to) && Fits(from) && copies.TrueForAll(copy => copy.To.Intersect(to).IsEmpty))
            {
                copies.Add(new(to, to.X - from.X, to.Y - from.Y));
            }
        }

        return [.. copies];
    }

    private static bool Fits(PixelRect rect) => rect.Right <= 70 && rect.Bottom <= 50;

    private static Frame Numbered()
    {
        var frame = new Frame(70, 50);
        for (int i = 0; i < frame.Pixels.Length; i++)
        {
            frame.Pixels[i] = (uint)i;
        }

        return frame;
    }

    private static void AssertMoved(Frame frame, uint[] was, Motion copy)
    {
        for (int y = copy.To.Y; y < copy.To.Bottom; y++)
        {
            for (int x = copy.To.X; x < copy.To.Right; x++)
            {
                Assert.Equal(was[((y - copy.DeltaY) * 70) + x - copy.DeltaX], frame.Row(y)[x]);
            }
        }
    }
}
