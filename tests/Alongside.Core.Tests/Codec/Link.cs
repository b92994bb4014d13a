using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>A desktop of made-up content, an encoder and a decoder, a picture each 33 ms of virtual time.</summary>
internal sealed class Link(ushort[] capabilities, int width, int height, int seed) : IDisposable
{
    private const long FrameTime = 33_000;

    private readonly Scene scene = new(width, height, seed);
    private readonly FixedOutput output = new(8 << 20);
    private readonly Random random = new(seed);
    private int phase;
    public long Now { get; private set; } = 5_000_000;

    public Frame Frame => scene.Frame;

    public UpdateEncoder Encoder { get; } = new(capabilities);

    public UpdateDecoder Decoder { get; } = new();

    /// <summary>Applies the same updates.</summary>
    public UpdateDecoder? Listener { get; set; }

    /// <summary>What has not fitted yet.</summary>
    public DamageRegion Waiting { get; } = new();

    public (int X, int Y) Focus { get; set; }

    /// <summary>Bytes a second of the way.</summary>
    public long Rate { get; init; } = long.MaxValue;

    /// <summary>Pixels of photographs in an update, at most.</summary>
    public long Photographs { get; set; } = long.MaxValue;

    public DamageHistory? Drawn { get; set; }

    public long InexactPixels
    {
        get
        {
            long count = 0;
            for (int i = 0; i < Frame.Pixels.Length; i++)
            {
                count += IsInexact(i % Frame.Width, i / Frame.Width) ? 1 : 0;
            }

            return count;
        }
    }

    public void Change(int maxSide) => Waiting.Add(scene.Change(maxSide));

    public void Fill(PixelRect area, uint colour)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            Frame.Row(y, area.X, area.Width).Fill(colour);
        }

        Waiting.Add(area);
    }

    /// <summary>Soft colours with a little noise, another time each time.</summary>
    public void Photo(PixelRect area)
    {
        phase++;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                int wave = (int)(90 + (60 * Math.Sin((x + (phase * 5)) / 17.0)) + (30 * Math.Cos((y - phase) / 11.0)));
                Frame.Row(y)[x] = (uint)(((wave + random.Next(6)) << 16) | ((wave / 2 + 40 + random.Next(6)) << 8) | (200 - wave / 2 + random.Next(6)));
            }
        }

        Waiting.Add(area);
    }

    /// <param name="still">The same as the last time.</param>
    public void Text(PixelRect area, bool still = false)
    {
        phase += still ? 0 : 1;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                Frame.Row(y)[x] = y % 17 < 11 && (((x / 2 * 7) + (y / 3 * 5) + phase) % 11) < 3 ? 0x202020u : 0xFFFFFF;
            }
        }

        Waiting.Add(area);
    }

    /// <summary>One update, applied; returns its length, 0 when there was nothing to say.</summary>
    public int Send(int budget)
    {
        Now += FrameTime;
        output.Clear();
        if (!Encoder.TryEncode(Frame, Waiting, new() { Now = Now, Budget = budget, Focus = Focus, Rate = Rate, Photographs = Photographs, Damage = Drawn }, output, out var info))
        {
            return 0;
        }

        Assert.True(output.Written.Length == info.Bytes);
        Decoder.Apply(output.Written, out _);
        Listener?.Apply(output.Written, out _);
        return info.Bytes;
    }

    /// <summary>One update for a late joiner.</summary>
    public byte[] Snapshot()
    {
        output.Clear();
        Encoder.Snapshot(output);
        return output.Written.ToArray();
    }

    public bool IsInexact(int x, int y) => !Encoder.Exactness!.IsExact(new(x, y, 1, 1));

    public bool IsWaiting(int x, int y)
    {
        foreach (var rect in Waiting.Rects)
        {
            if (rect.Contains(x, y))
            {
                return true;
            }
        }

        return false;
    }

    public double Psnr(PixelRect area)
    {
        double error = 0;
        for (int y = area.Y; y < area.Bottom; y++)
        {
            for (int x = area.X; x < area.Right; x++)
            {
                error += JpegTests.Distance(Frame.Row(y)[x], Decoder.Picture.Row(y)[x]);
            }
        }

        return 10 * Math.Log10(255.0 * 255 * 3 * area.Area / Math.Max(error, 1));
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
    }

    private sealed class FixedOutput(int size) : IBufferWriter<byte>
    {
        private readonly byte[] bytes = new byte[size];
        private int length;

        public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

        public void Clear() => length = 0;

        public void Advance(int count) => length += count;

        public Memory<byte> GetMemory(int sizeHint = 0) => bytes.AsMemory(length);

        public Span<byte> GetSpan(int sizeHint = 0) => bytes.AsSpan(length);
    }
}
