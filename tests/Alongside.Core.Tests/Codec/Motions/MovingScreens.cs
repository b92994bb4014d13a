using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Motions;

/// <summary>Whatever moves and is drawn over, with whatever hints: the decoder has the source after every update.</summary>
public sealed class MovingScreens : IDisposable
{
    private readonly UpdateEncoder encoder = new([1, 16]);
    private readonly UpdateDecoder decoder = new();
    private readonly ArrayBufferWriter<byte> output = new();
    private readonly DamageRegion damage = new();

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Theory]
    [InlineData(1, 640, 480)]
    [InlineData(2, 331, 257)]
    [InlineData(3, 1000, 90)]
    [InlineData(4, 65, 700)]
    [InlineData(5, 20, 20)]
    public void Random_moves_and_drawings(int seed, int width, int height)
    {
        var random = new Random(seed);
        var desk = new Desk(width, height, seed);
        desk.Write(desk.Frame.Bounds);
        int copied = 0;
        for (int i = 0; i < 150; i++)
        {
            var hints = new List<Motion>();
            for (int k = random.Next(1, 4); k > 0; k--)
            {
                hints.Add(Move(desk, random));
            }

            copied += Encode(desk, random.Next(3) == 0 ? [.. hints] : random.Next(3) == 0 ? [Wild(random)] : []);
            Scene.AssertSame(desk.Frame, decoder.Picture);
            Scene.AssertSame(desk.Frame, encoder.Reference);
        }

        Assert.True(copied > 30 || width < 64);
    }

    [Fact]
    public void A_scrolled_page_costs_what_is_new()
    {
        var desk = new Desk(1200, 900, 6);
        desk.Write(desk.Frame.Bounds);
        Encode(desk);
        int whole = output.WrittenCount;
        for (int i = 0; i < 10; i++)
        {
            desk.Scroll(new(200, 60, 980, 840), 0, -17);
            Encode(desk);

            // 17 rows of 840 are new.
            Assert.InRange(output.WrittenCount, 1, whole / 30);
        }
    }

    [Fact]
    public void Decoders_without_copies_are_sent_none()
    {
        using var old = new UpdateEncoder([1]);
        var desk = new Desk(400, 300, 7);
        desk.Write(desk.Frame.Bounds);
        for (int i = 0; i < 5; i++)
        {
            damage.Add(desk.Frame.Bounds);
            output.ResetWrittenCount();
            Assert.True(old.TryEncode(desk.Frame, damage, new() { Hints = [new(desk.Frame.Bounds, 0, -17)] }, output, out _));
            decoder.Apply(output.WrittenSpan, out _);
            Scene.AssertSame(desk.Frame, decoder.Picture);
            Assert.True(old.Motions.IsEmpty);
            desk.Scroll(desk.Frame.Bounds, 0, -17);
        }
    }

    [Fact]
    public void Nothing_is_allocated_once_running()
    {
        var desk = new Desk(640, 480, 8);
        desk.Write(desk.Frame.Bounds);
        Encode(desk);
        for (int i = 0; i < 20; i++)
        {
            desk.Scroll(new(0, 40, 600, 440), 0, i % 2 == 0 ? -17 : 300);
            Encode(desk);
        }

        long allocated = 0;
        for (int i = 0; i < 20; i++)
        {
            desk.Scroll(new(0, 40, 600, 440), 0, -17);
            damage.Add(desk.Frame.Bounds);
            output.ResetWrittenCount();
            long before = GC.GetAllocatedBytesForCurrentThread();
            encoder.TryEncode(desk.Frame, damage, new(), output, out _);
            decoder.Apply(output.WrittenSpan, out _);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    private static Motion Move(Desk desk, Random random)
    {
        var screen = desk.Frame.Bounds;
        int width = random.Next(1, screen.Width + 1), height = random.Next(1, screen.Height + 1);
        var area = new PixelRect(random.Next(screen.Width - width + 1), random.Next(screen.Height - height + 1), width, height);
        int dx = random.Next(2) * random.Next(-width, width), dy = random.Next(2) * random.Next(-height, height);
        switch (random.Next(4))
        {
            case 0:
                desk.Scroll(area, dx, dy);
                break;
            case 1:
                uint[] window = desk.Take(area);
                desk.Write(area);
                desk.Put(window, area, dx, dy);
                break;
            case 2:
                desk.Fill(area with { Width = Math.Min(20, width), Height = Math.Min(20, height) }, (uint)random.Next(1 << 24));
                break;
            default:
                desk.Put(desk.Take(area), area, dx, dy);
                break;
        }

        return new(area with { X = area.X + dx, Y = area.Y + dy }, dx, dy);
    }

    // A window system that is wrong in every way.
    private static Motion Wild(Random random) => new(
        new(random.Next(-2000, 2000), random.Next(-2000, 2000), random.Next(-10, 5000), random.Next(-10, 5000)), random.Next(-40000, 40000), random.Next(-40000, 40000));

    private int Encode(Desk desk, params Motion[] hints)
    {
        damage.Add(desk.Frame.Bounds);
        output.ResetWrittenCount();
        if (!encoder.TryEncode(desk.Frame, damage, new() { Hints = hints }, output, out var info))
        {
            return 0;
        }

        decoder.Apply(output.WrittenSpan, out _);
        Assert.Equal(info.Bytes, output.WrittenCount);
        return encoder.Motions.Length;
    }
}
