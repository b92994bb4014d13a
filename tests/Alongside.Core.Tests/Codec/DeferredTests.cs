using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Pictures;
using Alongside.Core.Codec.Zstd;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Codec;

/// <summary>Pictures within updates, as a decoder meets them (the browser's twin: web/test/core/codec/deferred.test.ts).</summary>
public sealed class DeferredTests : IDisposable
{
    private static readonly PixelRect Area = new(8, 4, 40, 24);

    private readonly UpdateDecoder decoder = new();
    private readonly JpegEncoder encoder = new();
    private readonly UpdateParts parts = new();

    public void Dispose()
    {
        decoder.Dispose();
        encoder.Dispose();
    }

    [Theory]
    [InlineData(1, 15)]
    [InlineData(49, 30)]
    [InlineData(50, 30)]
    [InlineData(90, 38)]
    [InlineData(100, 40)]
    public void A_picture_is_painted_where_it_is_shown(int quality, double least)
    {
        uint[] photo = JpegTests.Photo(Area.Width, Area.Height);
        parts.Defer(PictureOp.OperationCode, Area, (byte)quality, Data(photo, quality));
        parts.Begin(1, new(8, 4, 1, 1));
        parts.Packed.AppendColour(0x123456);
        decoder.Apply(Compose(), out var result);

        Assert.Equal(new PixelRect(0, 0, 64, 32), result.Bounds);
        Assert.Equal(0x123456u, decoder.Picture.Row(4)[8]);
        double error = 0;
        for (int y = 0; y < 32; y++)
        {
            for (int x = 0; x < 64; x++)
            {
                uint pixel = decoder.Picture.Row(y)[x];
                if (!Area.Contains(x, y))
                {
                    Assert.Equal(0u, pixel);
                }
                else if ((x, y) != (8, 4))
                {
                    error += JpegTests.Distance(photo[((y - 4) * Area.Width) + x - 8], pixel);
                }
            }
        }

        Assert.InRange(10 * Math.Log10(255.0 * 255 * 3 * Area.Area / Math.Max(error, 1)), least, 100);
    }

    [Fact]
    public void What_the_library_writes_is_surrounded_by_what_the_protocol_says()
    {
        for (int quality = 1; quality <= 100; quality++)
        {
            var file = encoder.Encode(JpegTests.Photo(31, 17), 31, 31, 17, quality);
            Assert.True(JpegFile.TryReadData(file, 31, 17, quality, out var data));
            var again = new ByteBuffer();
            JpegFile.Write(31, 17, quality, data, again);
            Assert.True(again.Written.SequenceEqual(file));
            Assert.False(JpegFile.TryReadData(file, 32, 17, quality, out _));
            Assert.False(JpegFile.TryReadData(file[..^1], 31, 17, quality, out _));
        }
    }

    [Fact]
    public void Wrong_pictures_are_refused()
    {
        byte[] data = Data(JpegTests.Photo(Area.Width, Area.Height), 80).ToArray();
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 0, data));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 101, data));
        Refuse(() => parts.Defer(18, Area, 80, data));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area with { X = 25 }, 80, data));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area with { Width = 0 }, 80, data));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 80, []));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 80, data.AsSpan(0, data.Length / 2)));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 80, (byte[])[.. data, 0xFF, 0xD9, .. data]));
        Refuse(() => parts.Defer(PictureOp.OperationCode, Area, 80, (byte[])[.. data, 0xFF]));
        Refuse(() => parts.Packed.Append(1)[0] = OpTable.Show);
        Refuse(() =>
        {
            parts.Defer(PictureOp.OperationCode, Area, 80, data);
            parts.Packed.Clear();
        });
        Refuse(() =>
        {
            for (int i = 0; i < 1025; i++)
            {
                parts.Defer(PictureOp.OperationCode, new(0, 0, 1, 1), 80, data);
            }
        });
        Refuse(() =>
        {
            for (int i = 0; i < 3; i++)
            {
                parts.Defer(PictureOp.OperationCode, new(0, 0, 64, 32), 80, data);
            }
        });
    }

    [Fact]
    public void Mutated_and_truncated_pictures()
    {
        var random = new Random(17);
        parts.Defer(PictureOp.OperationCode, Area, 80, Data(JpegTests.Photo(Area.Width, Area.Height), 80));
        byte[] update = Compose();
        int refused = 0;
        for (int round = 0; round < 5_000; round++)
        {
            byte[] mutated = [.. update];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                mutated[random.Next(18, mutated.Length)] = (byte)random.Next(256);
            }

            try
            {
                decoder.Apply(random.Next(4) == 0 ? mutated.AsSpan(0, random.Next(mutated.Length)) : mutated, out _);
            }
            catch (ProtocolException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 100, 5_000 - 1);
    }

    private void Refuse(Action write)
    {
        parts.Clear();
        write();
        Assert.Throws<ProtocolException>(() => decoder.Apply(Compose(), out _));
    }

    private ReadOnlySpan<byte> Data(uint[] photo, int quality)
    {
        Assert.True(JpegFile.TryReadData(encoder.Encode(photo, Area.Width, Area.Width, Area.Height, quality), Area.Width, Area.Height, quality, out var data));
        return data;
    }

    private byte[] Compose()
    {
        using var compressor = new ZstdCompressor();
        var packed = new ByteBuffer();
        compressor.Compress(parts.Packed.Written, packed);
        var output = new ArrayBufferWriter<byte>();
        var flags = UpdateFlags.Reset | UpdateFlags.Full | (parts.DeferredCount > 0 ? UpdateFlags.Deferred : 0);
        new UpdateHeader(flags, 1, 64, 32, packed.Length).Write(output);
        output.Write(packed.Written);
        parts.WriteLoose(output);
        return output.WrittenSpan.ToArray();
    }
}
