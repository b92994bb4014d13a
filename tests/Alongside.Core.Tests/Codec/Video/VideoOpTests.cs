using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Codec.Video.Regions;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>Operation 20 as a decoder meets it (the browser's twin: web/test/core/codec/video.test.ts).</summary>
public sealed class VideoOpTests : IDisposable
{
    private static readonly PixelRect Area = new(5, 7, 64, 48);

    private readonly VideoOp op = VideoOp.CreateH264();
    private readonly Frame picture = new(200, 100);
    private readonly H264Encoder encoder = new(64, 48, 24);
    private readonly YuvPicture yuv = new(64, 48);
    private readonly Frame source = new(64, 48);
    private readonly ByteBuffer data = new();
    private readonly VideoHoles holes = new();
    private int number;

    public void Dispose()
    {
        op.Dispose();
        encoder.Dispose();
    }

    [Fact]
    public void Frames_are_painted_where_the_film_is_but_for_its_holes()
    {
        op.Show(Area, VideoArgument.Of(2, true, false), Next(), picture);
        AssertShows(Area);
        holes.Add(new(20, 10, 30, 20));
        holes.Add(new(0, 0, 5, 48));
        var moved = Area with { X = 90, Y = 40 };
        picture.Pixels.Clear();
        op.Show(moved, VideoArgument.Of(2, false, true), Next(), picture);
        AssertShows(moved, new PixelRect(110, 50, 30, 20), new PixelRect(90, 40, 5, 48));
    }

    [Fact]
    public void Holes_leave_every_pixel_once()
    {
        var random = new Random(9);
        for (int round = 0; round < 500; round++)
        {
            int width = random.Next(16, 60), height = random.Next(16, 60);
            holes.Clear();
            for (int i = random.Next(VideoHoles.Max + 1); i > 0; i--)
            {
                int x = random.Next(width), y = random.Next(height);
                holes.Add(new(x, y, random.Next(1, width - x + 1), random.Next(1, height - y + 1)));
            }

            int[] seen = new int[width * height];
            var at = (0, 0);
            while (holes.NextRest(width, height, ref at) is { IsEmpty: false } rest)
            {
                for (int y = rest.Y; y < rest.Bottom; y++)
                {
                    for (int x = rest.X; x < rest.Right; x++)
                    {
                        seen[(y * width) + x]++;
                    }
                }
            }

            for (int i = 0; i < seen.Length; i++)
            {
                bool isHole = false;
                foreach (var hole in holes.Items)
                {
                    isHole |= hole.Contains(i % width, i / width);
                }

                Assert.Equal(isHole ? 0 : 1, seen[i]);
            }
        }
    }

    [Fact]
    public void What_is_forgotten_or_has_ended_does_not_go_on()
    {
        op.Show(Area, VideoArgument.Of(0, true, false), Next(), picture);
        byte[] next = Next();
        op.Show(new(0, 0, 1, 1), VideoArgument.OfEnd(0), [], picture);
        Refuses(Area, VideoArgument.Of(0, false, false), next);
        Refuses(Area, VideoArgument.Of(1, false, false), next);
        byte[] key = Film(64, 48);
        op.Show(Area, VideoArgument.Of(0, true, false), key, picture);
        op.Forget();
        Refuses(Area, VideoArgument.Of(0, false, false), next);
        op.Show(Area, VideoArgument.Of(0, true, false), key, picture);
        op.Show(Area, VideoArgument.Of(0, true, false), key, picture);
    }

    [Fact]
    public void Hostile_ones_are_refused_before_anything_is_made_for_them()
    {
        byte[] key = Next(), next = Next();
        byte first = VideoArgument.Of(0, true, false), holed = VideoArgument.Of(0, false, true), goesOn = VideoArgument.Of(0, false, false);
        foreach (var (width, height) in ((int, int)[])[(0, 0), (1, 1), (15, 64), (64, 15), (65535, 64), (64, 65535), (4097, 64), (4096, 4096)])
        {
            Refuses(new(0, 0, width, height), first, key);
        }

        Refuses(Area, first, next);
        Refuses(Area, first, Film(80, 48));
        Refuses(Area, first, []);
        Refuses(Area, 32, key);
        Refuses(Area, 12, []);
        Refuses(Area, VideoArgument.OfEnd(0), key);
        op.Show(Area, first, key, picture);
        Refuses(Area, goesOn, key);
        Refuses(Area with { Width = 62 }, goesOn, next);
        Refuses(Area, holed, []);
        Refuses(Area, holed, [1, 0, 0]);
        Refuses(Area, holed, [1, 0, 0, 0, 0, 0, 0, 0, 0, .. next]);
        Refuses(Area, holed, [1, 0, 60, 0, 0, 0, 5, 0, 1, .. next]);
        Refuses(Area, holed, [9, .. Enumerable.Repeat<byte[]>([0, 0, 0, 0, 0, 1, 0, 1], 9).SelectMany(hole => hole), .. next]);
        for (int length = 0; length < next.Length; length += 7)
        {
            Refuses(Area, goesOn, next[..Math.Min(length, 4)]);
        }

        // None of them has done harm.
        op.Show(Area, goesOn, next, picture);
    }

    private void Refuses(PixelRect area, byte argument, byte[] bytes) => Assert.Throws<ProtocolException>(() => op.Show(area, argument, bytes, picture));

    private byte[] Next()
    {
        MovingPhoto.Draw(source, source.Bounds, number++);
        yuv.Load(source, source.Bounds);
        data.Clear();
        if (!holes.Items.IsEmpty)
        {
            holes.Write(data);
        }

        encoder.Encode(yuv, 24, data);
        return data.Written.ToArray();
    }

    private static byte[] Film(int width, int height)
    {
        var frame = new Frame(width, height);
        MovingPhoto.Draw(frame, frame.Bounds, 0);
        var picture = new YuvPicture(width, height);
        picture.Load(frame, frame.Bounds);
        using var encoder = new H264Encoder(width, height, 24);
        var bytes = new ByteBuffer();
        encoder.Encode(picture, 24, bytes);
        return bytes.Written.ToArray();
    }

    private void AssertShows(PixelRect area, params PixelRect[] left)
    {
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                uint pixel = picture.Row(y)[x];
                if (!area.Contains(x, y) || Array.Exists(left, hole => hole.Contains(x, y)))
                {
                    Assert.Equal(0u, pixel);
                }
                else
                {
                    uint expected = source.Row(y - area.Y)[x - area.X];
                    Assert.InRange((int)(pixel >> 8 & 255) - (int)(expected >> 8 & 255), -24, 24);
                }
            }
        }
    }
}
