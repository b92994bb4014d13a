using System.Buffers.Binary;
using Alongside.Core.Codec.Pictures;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

public sealed class JpegTests : IDisposable
{
    private readonly JpegEncoder encoder = new();
    private readonly JpegDecoder decoder = new();

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    [Theory]
    [InlineData(1, 1, ChromaSubsampling.None)]
    [InlineData(17, 5, ChromaSubsampling.None)]
    [InlineData(128, 128, ChromaSubsampling.None)]
    [InlineData(131, 67, ChromaSubsampling.Quarter)]
    public void Comes_back_nearly_as_it_was(int width, int height, ChromaSubsampling subsampling)
    {
        uint[] picture = Photo(width + 3, height);
        uint[] decoded = new uint[(width + 5) * height];
        decoder.Decode(encoder.Encode(picture, width + 3, width, height, 90, subsampling), decoded, width + 5, width, height);

        double error = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width + 5; x++)
            {
                uint now = decoded[(y * (width + 5)) + x];
                Assert.True(x < width ? now <= 0xFFFFFF : now == 0, "X is 0, and nothing beside the picture is touched.");
                error += x < width ? Distance(picture[(y * (width + 3)) + x], now) : 0;
            }
        }

        double psnr = 10 * Math.Log10(255.0 * 255 * 3 * width * height / Math.Max(error, 1));
        Assert.InRange(psnr, subsampling == ChromaSubsampling.None ? 36 : 30, 100);
    }

    [Fact]
    public void Another_size_than_promised_is_refused_before_it_costs_anything()
    {
        byte[] jpeg = encoder.Encode(Photo(64, 64), 64, 64, 64, 80).ToArray();
        byte[] huge = [.. jpeg];
        int frame = huge.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        huge.AsSpan(frame + 5, 4).Fill(0xFF);

        Refuse(jpeg, 63, 64);
        Refuse(jpeg, 64, 65);
        Refuse(huge, 64, 64);
        huge.AsSpan(frame + 5, 4).Clear();
        Refuse(huge, 64, 64);
    }

    [Fact]
    public void Truncated_ones_are_refused_wherever_they_end()
    {
        byte[] jpeg = encoder.Encode(Photo(40, 24), 40, 40, 24, 80).ToArray();
        for (int length = 0; length < jpeg.Length; length++)
        {
            Refuse(jpeg[..length], 40, 24);
        }
    }

    [Fact]
    public void Progressive_and_other_frames_are_refused()
    {
        byte[] jpeg = encoder.Encode(Photo(64, 64), 64, 64, 64, 80).ToArray();
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        foreach (byte kind in (byte[])[0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF])
        {
            jpeg[frame + 1] = kind;
            Refuse(jpeg, 64, 64);
        }
    }

    [Fact]
    public void A_thousand_scans_are_refused()
    {
        byte[] jpeg = encoder.Encode(Photo(64, 64), 64, 64, 64, 80).ToArray();
        int scan = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(scan + 2)) + 2;
        byte[] again = jpeg[scan..(scan + length)];

        Refuse([.. jpeg[..^2], .. Enumerable.Repeat(again, 1000).SelectMany(b => b), 0xFF, 0xD9], 64, 64);
    }

    [Fact]
    public void Mutated_ones_end_in_a_picture_or_a_refusal()
    {
        var random = new Random(3);
        byte[] jpeg = encoder.Encode(Photo(50, 30), 50, 50, 30, 70).ToArray();
        uint[] pixels = new uint[50 * 30];
        int refused = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] mutated = [.. jpeg];
            for (int i = random.Next(1, 6); i > 0; i--)
            {
                mutated[random.Next(random.Next(2) == 0 ? 640 : mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                decoder.Decode(mutated, pixels, 50, 50, 30);
            }
            catch (ProtocolException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 5_000 - 1);
    }

    private void Refuse(byte[] jpeg, int width, int height) =>
        Assert.Throws<ProtocolException>(() => decoder.Decode(jpeg, new uint[width * height], width, width, height));

    internal static uint[] Photo(int width, int height)
    {
        uint[] pixels = new uint[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int x = i % width, y = i / width;
            int r = 128 + (int)(100 * Math.Sin(x / 9.0)), g = 128 + (int)(90 * Math.Cos((x + (2 * y)) / 23.0)), b = Math.Abs(255 - ((x + y) & 511));
            pixels[i] = 0xAB00_0000 | (uint)(r << 16) | (uint)(g << 8) | (uint)b;
        }

        return pixels;
    }

    internal static double Distance(uint a, uint b)
    {
        double sum = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            int d = (int)((a >> shift) & 255) - (int)((b >> shift) & 255);
            sum += d * d;
        }

        return sum;
    }
}
