using System.Runtime.CompilerServices;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.OpenH264;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec.Video;

public sealed class H264Tests
{
    private readonly ByteBuffer output = new();

    [Fact]
    public void Structures_have_the_sizes_of_the_header()
    {
        Assert.Equal(920, Unsafe.SizeOf<EncoderParameters>());
        Assert.Equal(200, Unsafe.SizeOf<SpatialLayer>());
        Assert.Equal(5144, Unsafe.SizeOf<EncodedFrame>());
        Assert.Equal(40, Unsafe.SizeOf<EncodedLayer>());
        Assert.Equal(72, Unsafe.SizeOf<SourcePicture>());
        Assert.Equal(32, Unsafe.SizeOf<DecoderParameters>());
        Assert.Equal(72, Unsafe.SizeOf<DecodedFrame>());
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(641, 361)]
    [InlineData(128, 130)]
    [InlineData(33, 49)]
    public void A_film_arrives_frame_by_frame(int width, int height)
    {
        Frame source = new(width + 7, height + 5), shown = new(width + 7, height + 5);
        var area = new PixelRect(3, 2, width, height);
        var picture = new YuvPicture(width, height);
        using var encoder = new H264Encoder(picture.Width, picture.Height, 22);
        using var decoder = new H264Decoder(width, height);
        for (int number = 0; number < 12; number++)
        {
            MovingPhoto.Draw(source, area, number);
            picture.Load(source, area);
            output.Clear();
            encoder.Encode(picture, number < 6 ? 22 : 24, output);
            decoder.Decode(output.Written, shown, area);
            Assert.InRange(MovingPhoto.Psnr(source, shown, area), 37.5, 98);
            Assert.Equal(number == 0, output.Written.IndexOf("\0\0\x1\x67"u8) >= 0);
        }

        // Not a pixel around it.
        Assert.False(shown.Row(1).ContainsAnyExcept(0u));
        Assert.False(shown.Row(2 + height).ContainsAnyExcept(0u));
        Assert.Equal((0u, 0u), (shown.Row(5)[2], shown.Row(5)[3 + width]));
    }

    [Fact]
    public void A_coarser_quality_takes_fewer_bytes()
    {
        Assert.True(Bytes(38) * 2 < Bytes(18));
    }

    [Fact]
    public void Nothing_is_allocated_once_it_runs()
    {
        var source = new Frame(320, 240);
        var picture = new YuvPicture(320, 240);
        using var encoder = new H264Encoder(320, 240, 24);
        using var decoder = new H264Decoder(320, 240);
        long before = 0;
        for (int number = 0; number < 40; number++)
        {
            if (number == 20)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            MovingPhoto.Draw(source, source.Bounds, number);
            picture.Load(source, source.Bounds);
            output.Clear();
            encoder.Encode(picture, 24 + (number % 2), output);
            decoder.Decode(output.Written, source, source.Bounds);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_decoder_refuses_what_is_not_one_frame_of_its_size()
    {
        byte[] key = Film(320, 240, 0), other = Film(320, 256, 0), next = Film(320, 240, 1);
        Refuses([], "empty");
        Refuses([0, 0, 1], "no unit");
        Refuses(next, "no key frame first");
        Refuses(other, "another size");
        Refuses([.. key, .. key], "two frames");
        Refuses([.. key, .. next], "a key frame and another");
        Refuses(key[..(key.IndexOf((byte)0x65))], "no slice");
        Refuses(key.AsSpan(1).ToArray(), "no start code", allowed: key[1..4] is [0, 0, 1]);
        Refuses(new byte[65535], "zeros");
        for (int length = 0; length < 60; length++)
        {
            Refuses(key[..length], $"cut after {length}");
        }
    }

    [Fact]
    public void Mutated_frames_end_in_a_reason_or_a_picture()
    {
        byte[] key = Film(320, 240, 0), next = Film(320, 240, 1);
        var random = new Random(5);
        var target = new Frame(320, 240);
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            using var decoder = new H264Decoder(320, 240);
            try
            {
                decoder.Decode(round % 2 == 0 ? Mutate(key, random) : key, target, target.Bounds);
                decoder.Decode(Mutate(next, random), target, target.Bounds);
            }
            catch (ProtocolException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 50, 300);
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        byte[] copy = bytes[..(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)];
        for (int i = random.Next(1, 6); i > 0 && copy.Length > 0; i--)
        {
            copy[random.Next(copy.Length)] = (byte)random.Next(256);
        }

        return copy;
    }

    private static void Refuses(byte[] bytes, string what, bool allowed = false)
    {
        using var decoder = new H264Decoder(320, 240);
        var target = new Frame(320, 240);
        var error = Record.Exception(() => decoder.Decode(bytes, target, target.Bounds));
        Assert.True(allowed ? error is null : error is ProtocolException, $"{what}: {error}");
        Assert.True(allowed || !target.Pixels.ContainsAnyExcept(0u), what);
    }

    // The frame with this number of a film, in a stream of its own.
    private byte[] Film(int width, int height, int number)
    {
        var source = new Frame(width, height);
        var picture = new YuvPicture(width, height);
        using var encoder = new H264Encoder(width, height, 30);
        for (int i = 0; i <= number; i++)
        {
            MovingPhoto.Draw(source, source.Bounds, i);
            picture.Load(source, source.Bounds);
            output.Clear();
            encoder.Encode(picture, 30, output);
        }

        return output.Written.ToArray();
    }

    private int Bytes(int quality)
    {
        var source = new Frame(320, 240);
        var picture = new YuvPicture(320, 240);
        using var encoder = new H264Encoder(320, 240, quality);
        int bytes = 0;
        for (int i = 0; i < 5; i++)
        {
            MovingPhoto.Draw(source, source.Bounds, i);
            picture.Load(source, source.Bounds);
            output.Clear();
            encoder.Encode(picture, quality, output);
            bytes += output.Length;
        }

        return bytes;
    }
}
