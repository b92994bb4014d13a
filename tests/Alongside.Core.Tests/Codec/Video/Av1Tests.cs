using System.Runtime.CompilerServices;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec.Video;

public sealed class Av1Tests
{
    private readonly ByteBuffer output = new();

    [Fact]
    public void Structures_have_the_sizes_of_the_header()
    {
        Assert.Equal(904, Unsafe.SizeOf<AomEncoderSettings>());
        Assert.Equal(168, Unsafe.SizeOf<AomImage>());
        Assert.Equal(168, Unsafe.SizeOf<AomPacket>());
        Assert.Equal(16, Unsafe.SizeOf<AomDecoderSettings>());
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(321, 241)]
    [InlineData(33, 49)]
    public void A_film_arrives_frame_by_frame(int width, int height)
    {
        Frame source = new(width + 7, height + 5), shown = new(width + 7, height + 5);
        var area = new PixelRect(3, 2, width, height);
        var picture = new YuvPicture(width, height);
        using var encoder = new Av1Encoder(picture.Width, picture.Height, 27);
        using var decoder = new Av1Decoder(width, height);
        for (int number = 0; number < 12; number++)
        {
            MovingPhoto.Draw(source, area, number);
            picture.Load(source, area);
            output.Clear();
            encoder.Encode(picture, number < 6 ? 27 : 29, output);
            decoder.Decode(output.Written, shown, area);
            Assert.InRange(MovingPhoto.Psnr(source, shown, area), 34, 98);
        }

        // Not a pixel around it.
        Assert.False(shown.Row(1).ContainsAnyExcept(0u));
        Assert.False(shown.Row(2 + height).ContainsAnyExcept(0u));
        Assert.Equal((0u, 0u), (shown.Row(5)[2], shown.Row(5)[3 + width]));
    }

    [Fact]
    public void Nothing_is_allocated_once_it_runs()
    {
        var source = new Frame(320, 240);
        var picture = new YuvPicture(320, 240);
        using var encoder = new Av1Encoder(320, 240, 30);
        using var decoder = new Av1Decoder(320, 240);
        long before = 0;
        for (int number = 0; number < 40; number++)
        {
            before = number == 20 ? GC.GetAllocatedBytesForCurrentThread() : before;
            MovingPhoto.Draw(source, source.Bounds, number);
            picture.Load(source, source.Bounds);
            output.Clear();
            encoder.Encode(picture, 30 + (number % 2), output);
            decoder.Decode(output.Written, source, source.Bounds);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_decoder_refuses_what_is_not_one_frame_of_its_size()
    {
        byte[] key = Film(320, 240, 0), other = Film(320, 256, 0), next = Film(320, 240, 1);
        Refuses([]);
        Refuses(next);
        Refuses(other);
        Refuses([.. key, .. key]);
        Refuses([.. key, .. next]);
        Refuses(new byte[65535]);
        for (int length = 0; length < Math.Min(60, key.Length - 1); length++)
        {
            Refuses(key[..length]);
        }
    }

    [Fact]
    public void Mutated_frames_end_in_a_reason_or_a_picture()
    {
        byte[] key = Film(128, 96, 0), next = Film(128, 96, 1);
        var random = new Random(5);
        var target = new Frame(128, 96);
        int refused = 0;
        for (int round = 0; round < 200; round++)
        {
            using var decoder = new Av1Decoder(128, 96);
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

        Assert.InRange(refused, 30, 200);
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

    private static void Refuses(byte[] bytes)
    {
        using var decoder = new Av1Decoder(320, 240);
        var target = new Frame(320, 240);
        Assert.Throws<ProtocolException>(() => decoder.Decode(bytes, target, target.Bounds));
        Assert.False(target.Pixels.ContainsAnyExcept(0u));
    }

    // The frame with this number of a film, in a stream of its own.
    private byte[] Film(int width, int height, int number)
    {
        var source = new Frame(width, height);
        var picture = new YuvPicture(width, height);
        using var encoder = new Av1Encoder(width, height, 36);
        for (int i = 0; i <= number; i++)
        {
            MovingPhoto.Draw(source, source.Bounds, i);
            picture.Load(source, source.Bounds);
            output.Clear();
            encoder.Encode(picture, 36, output);
        }

        return output.Written.ToArray();
    }
}
