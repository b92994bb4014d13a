using System.Diagnostics;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Tests.Client;

/// <summary>What the server's encoders write, the client's decoders read: on many pictures, in pieces of any size, and with bytes that changed.</summary>
public sealed class RoundTripTests
{
    private const int Width = 150, Height = 100;

    public static TheoryData<string> Encoders => ["Raw", "RRE", "Hextile", "Zlib", "ZRLE", "Tight"];

    [Theory]
    [MemberData(nameof(Encoders))]
    public void Pictures_arrive_exactly(string name)
    {
        var random = new Random(11);
        using var encoder = Make(name);
        using var client = ServerBytes.Ready(Width, Height);
        for (int i = 0; i < 40; i++)
        {
            var picture = Paint(random, i);
            byte[] update = Encode(encoder, picture, Areas(random, i));
            int piece = i % 3 == 0 ? update.Length : i % 3 == 1 ? 1 : random.Next(1, 5000);
            foreach (byte[] part in update.Chunk(piece))
            {
                client.Handle(0, part);
            }

            var area = ServerBytes.Events(client).Where(e => e.Kind == RfbClientEventKind.Damaged).Aggregate(default(PixelRect), (all, e) => all.Union(e.Area));
            for (int y = area.Y; y < area.Bottom; y++)
            {
                for (int x = area.X; x < area.Right; x++)
                {
                    Assert.Equal(picture.Row(y)[x], client.Picture!.Row(y)[x] & 0xffffff);
                }
            }
        }
    }

    /// <summary>Seeded: what is found once stays found.</summary>
    [Theory]
    [MemberData(nameof(Encoders))]
    public void Bytes_that_changed_end_in_words_or_in_other_pixels_and_in_bounded_memory(string name)
    {
        var random = new Random(23);
        using var encoder = Make(name);
        byte[][] updates = [.. Enumerable.Range(0, 4).Select(i => Encode(encoder, Paint(random, i), Areas(random, i)))];
        byte[] session = [.. ServerBytes.Desktop(Width, Height).All, .. updates.SelectMany(update => update)];
        long before = GC.GetTotalAllocatedBytes();
        int refused = 0;
        var clock = Stopwatch.StartNew();
        const int Tries = 150;
        for (int i = 0; i < Tries; i++)
        {
            byte[] wrong = [.. session];
            for (int change = random.Next(1, 6); change > 0; change--)
            {
                wrong[random.Next(wrong.Length)] = random.Next(3) switch { 0 => 0xff, 1 => 0, _ => (byte)random.Next(256) };
            }

            using var client = new RfbClient(ServerBytes.Options);
            try
            {
                foreach (byte[] part in wrong.Chunk(random.Next(1, 20_000)))
                {
                    client.Handle(i, part);
                    _ = ServerBytes.Sent(client);
                    _ = ServerBytes.Events(client);
                }
            }
            catch (Exception error) when (error is ProtocolException or RfbRefusedException)
            {
                refused++;
            }
        }

        Assert.True(refused > 0);

        // A picture of the largest size is 142 MB, and a changed byte of the desktop's size may ask for one now and then.
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 1_500_000_000);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60));
    }

    private static RectEncoder Make(string name)
    {
        var encoder = New(name);
        encoder.Format = PixelFormat.Bgrx;
        return encoder;
    }

    private static RectEncoder New(string name) => name switch
    {
        "Raw" => new RawEncoder(),
        "RRE" => new RreEncoder(),
        "Hextile" => new HextileEncoder(),
        "Zlib" => new ZlibEncoder(3),
        "ZRLE" => new ZrleEncoder(3),
        _ => new TightEncoder(png: false) { Wishes = new(null, 3) },
    };

    private static byte[] Encode(RectEncoder encoder, Frame picture, PixelRect[] areas)
    {
        var output = new ByteBuffer();
        var update = new UpdateWriter(output);
        update.Begin();
        foreach (var area in areas)
        {
            encoder.Write(update, picture, area);
        }

        update.End();
        return output.Written.ToArray();
    }

    private static PixelRect[] Areas(Random random, int i)
    {
        if (i % 4 == 0)
        {
            return [new(0, 0, Width, Height)];
        }

        int x = random.Next(Width - 1), y = random.Next(Height - 1);
        return [new(x, y, random.Next(1, Width - x), random.Next(1, Height - y))];
    }

    /// <summary>Noise, few colours, runs, blocks: whatever makes an encoder choose another form.</summary>
    private static Frame Paint(Random random, int i)
    {
        var picture = new Frame(Width, Height);
        int colours = (i % 8) switch { 0 => 1, 1 => 2, 2 => 3, 3 => 10, 4 => 40, 5 => 200, _ => 1 << 24 };
        uint[] palette = [.. Enumerable.Range(0, Math.Min(colours, 256)).Select(_ => (uint)random.Next(1 << 24))];
        int run = random.Next(1, 80);
        for (int at = 0; at < picture.Pixels.Length; at += run)
        {
            uint colour = colours > 256 ? (uint)random.Next(1 << 24) : palette[random.Next(colours)];
            picture.Pixels.Slice(at, Math.Min(run, picture.Pixels.Length - at)).Fill(colour);
        }

        return picture;
    }
}
