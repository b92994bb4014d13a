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
            using var link = new Link(All, random.Next(200, 500), random.Next(150, 400), seed);
            var face = new Typeface(seed, 30, 0x202020, 0xFFFFFF);
            link.Fill(link.Frame.Bounds, 0xFFFFFF);
            for (int i = 0; i < 40; i++)
            {
                Draw(random, link, face);
                link.Send(random.Next(3) == 0 ? random.Next(100, 1000) : random.Next(1000, 40_000));
                Scene.AssertSame(link.Encoder.Reference, link.Decoder.Picture, link.IsInexact);
                Scene.AssertSame(link.Frame, link.Encoder.Reference, link.IsWaiting);
            }
        }
    }

    // A page on which photographs stand among lines, come over them, and go again.
    private static void Draw(Random random, Link link, Typeface face)
    {
        for (int count = random.Next(1, 4); count > 0; count--)
        {
            int width = random.Next(10, 160), height = random.Next(10, 120);
            var area = new PixelRect(random.Next(link.Frame.Width - width), random.Next(link.Frame.Height - height), width, height);
            switch (random.Next(4))
            {
                case 0:
                    link.Photo(area);
                    break;
                case 1:
                    link.Fill(area, 0xFFFFFF);
                    break;
                default:
                    int y = area.Y / 17 * 17;
                    if (y + 17 > link.Frame.Height)
                    {
                        break;
                    }

                    int letters = Math.Max(1, (link.Frame.Width - area.X - 10) / 10);
                    face.Write(link.Frame, area.X, y, [.. Enumerable.Range(0, letters).Select(_ => random.Next(30))]);
                    link.Waiting.Add(new PixelRect(area.X, y, link.Frame.Width - area.X, 17));
                    break;
            }
        }
    }
}
