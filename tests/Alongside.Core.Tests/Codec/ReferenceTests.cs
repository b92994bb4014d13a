using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>The encoder's reference is what decoders have, whatever is written over what in which order: text over photographs, earlier states over both.</summary>
public sealed class ReferenceTests
{
    private static readonly ushort[] All = [1, 2, 3, 4, 5, 16, 17, 18, 19];

    [Fact]
    public void What_decoders_show_is_the_reference_or_near_it_where_that_is_said()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using var link = new Link(All, random.Next(200, 400), random.Next(150, 300), seed);
            var face = new Typeface(seed, 30, 0x202020, 0xFFFFFF);
            link.Fill(link.Frame.Bounds, 0xFFFFFF);
            for (int i = 0; i < 40; i++)
            {
                Draw(random, link, face);
                link.Send(random.Next(3) == 0 ? random.Next(100, 1000) : random.Next(1000, 20_000));
                Scene.AssertSame(link.Encoder.Reference, link.Decoder.Picture, link.IsInexact);
                Scene.AssertSame(link.Frame, link.Encoder.Reference, link.IsWaiting);
            }
        }
    }

    // Pages, or parts of them, of lines with small photographs between the words; what was there before comes back at times.
    private static void Draw(Random random, Link link, Typeface face)
    {
        int width = random.Next(120, link.Frame.Width), height = random.Next(60, link.Frame.Height);
        var area = new PixelRect(random.Next(link.Frame.Width - width + 1), random.Next(link.Frame.Height - height + 1), width, height);
        if (random.Next(4) == 0)
        {
            link.Fill(area, 0xFFFFFF);
            return;
        }

        var words = new Random(random.Next(3));
        if (random.Next(2) == 0)
        {
            link.Fill(area, 0xFFFFFF);
        }

        for (int y = area.Y; y + 17 <= area.Bottom; y += 17)
        {
            for (int x = area.X; x + 62 <= area.Right; x += 70)
            {
                switch (words.Next(6))
                {
                    case 0:
                        link.Photo(new(x, y, random.Next(9, 60), random.Next(9, 17)));
                        break;
                    case 1:
                        break;
                    default:
                        face.Write(link.Frame, x, y, [.. Enumerable.Range(0, 6).Select(_ => words.Next(30))]);
                        link.Waiting.Add(new PixelRect(x, y, 60, 14));
                        break;
                }
            }
        }
    }
}
