using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Client;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Tests.Client;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Tests.Encodings;

/// <summary>Each encoding by hand, from the specification, one form after another; and what no honest server sends.</summary>
public sealed class DecoderTests
{
    private const uint Red = 0xff0000, Green = 0x00ff00, Blue = 0x0000ff;

    [Fact]
    public void Raw() => Expect(
        One(1, 1, 2, 2, EncodingNumber.Raw).U32(0x0000ff00, 0x00ff0000, 0xff000000, 0x01020300),
        (1, 1, Red), (2, 1, Green), (1, 2, Blue), (2, 2, 0x030201));

    [Fact]
    public void CopyRect_takes_what_was_there_before_even_where_it_overlaps()
    {
        foreach (var (dx, dy) in ((int, int)[])[(1, 0), (-1, 0), (0, 1), (0, -1), (2, 3), (-3, -2)])
        {
            using var client = ServerBytes.Ready(16, 16);
            var random = new Random(7);
            byte[] pixels = new byte[16 * 16 * 4];
            random.NextBytes(pixels);
            client.Handle(0, One(0, 0, 16, 16, EncodingNumber.Raw).Raw(pixels).All);
            uint[] before = client.Picture!.Pixels.ToArray();
            client.Handle(0, One(4 + dx, 4 + dy, 8, 8, EncodingNumber.CopyRect).U16(4, 4).All);
            for (int i = 0; i < 256; i++)
            {
                int x = i % 16, y = i / 16;
                bool moved = new PixelRect(4 + dx, 4 + dy, 8, 8).Contains(x, y);
                Assert.Equal(before[moved ? ((y - dy) * 16) + x - dx : i], client.Picture.Pixels[i]);
            }

            var motion = ServerBytes.Events(client).Last(e => e.Kind == RfbClientEventKind.Moved).Motion;
            Assert.Equal((dx, dy), (motion.DeltaX, motion.DeltaY));
        }
    }

    [Fact]
    public void Rre() => Expect(
        One(0, 0, 4, 4, EncodingNumber.Rre).U32(2).U32(0x0000ff00).U32(0x00ff0000).U16(1, 1, 2, 1).U32(0xff000000).U16(3, 3, 1, 1),
        (0, 0, Red), (1, 1, Green), (2, 1, Green), (3, 1, Red), (3, 3, Blue));

    [Fact]
    public void Hextile_keeps_its_colours_from_tile_to_tile() => Expect(
        One(0, 0, 40, 16, EncodingNumber.Hextile)
            .U8(2 | 4 | 8).U32(0x0000ff00, 0x00ff0000).U8(1, 0x12, 0x21)
            .U8(8).U8(1, 0x00, 0x00)
            .U8(8 | 16).U8(1).U32(0xff000000).U8(0x77, 0x00),
        (0, 0, Red), (1, 2, Green), (3, 3, Green), (4, 2, Red), (16, 0, Green), (17, 0, Red), (39, 7, Blue), (39, 8, Red));

    [Fact]
    public void Hextile_has_raw_tiles_among_others()
    {
        var server = One(0, 0, 18, 2, EncodingNumber.Hextile).U8(2).U32(0x0000ff00).U8(1);
        Expect(server.U32(0x00ff0000, 0xff000000, 0x00ff0000, 0xff000000), (15, 1, Red), (16, 0, Green), (17, 1, Blue));
    }

    [Fact]
    public void Zlib_goes_on_with_its_stream_from_rectangle_to_rectangle()
    {
        using var client = ServerBytes.Ready(64, 64);
        using var packed = new MemoryStream();
        using var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Optimal);
        for (int i = 0; i < 5; i++)
        {
            packed.SetLength(0);
            byte[] pixels = new byte[64 * 8 * 4];
            Array.Fill(pixels, (byte)(i + 1));
            zlib.Write(pixels);
            zlib.Flush();
            client.Handle(0, One(0, i * 8, 64, 8, EncodingNumber.Zlib).U32((uint)packed.Length).Raw(packed.ToArray()).All);
        }

        Assert.Equal(0x050505u, client.Picture!.Pixels[39 * 64] & 0xffffff);
        Assert.Equal(0x010101u, client.Picture.Pixels[0] & 0xffffff);
    }

    public static TheoryData<string, byte[]> ZrleTiles => new()
    {
        { "raw", [0, 1, 2, 3, 4, 5, 6, 1, 2, 3, 1, 2, 3] },
        { "palette of two", [2, 1, 2, 3, 4, 5, 6, 0x40, 0x00] },
        { "palette of three", [3, 1, 2, 3, 4, 5, 6, 9, 9, 9, 0x10, 0x00] },
        { "palette of five", [5, 1, 2, 3, 4, 5, 6, 9, 9, 9, 8, 8, 8, 7, 7, 7, 0x01, 0x00] },
        { "runs", [128, 1, 2, 3, 0, 4, 5, 6, 0, 1, 2, 3, 1] },
        { "palette runs", [130, 1, 2, 3, 4, 5, 6, 0, 1, 0x80, 1] },
    };

    [Theory]
    [MemberData(nameof(ZrleTiles))]
    public void Zrle(string name, byte[] tile)
    {
        Assert.NotEmpty(name);
        Expect(One(0, 0, 2, 2, EncodingNumber.Zrle).Packed(tile), (0, 0, 0x030201), (1, 0, 0x060504), (0, 1, 0x030201), (1, 1, 0x030201));
    }

    [Fact]
    public void Zrle_has_runs_longer_than_a_byte_and_tiles_of_one_colour()
    {
        // 65 x 64: a tile of 4096, and one of a single column.
        byte[] tiles = [128, 1, 2, 3, .. Enumerable.Repeat((byte)255, 16), 13, 4, 5, 6, 1, 1, 7, 8, 9];
        Expect(One(0, 0, 65, 64, EncodingNumber.Zrle).Packed(tiles), (0, 0, 0x030201), (61, 63, 0x030201), (62, 63, 0x060504), (64, 0, 0x090807), (64, 63, 0x090807));
    }

    [Fact]
    public void Tight_fill() => Expect(One(1, 1, 3, 3, EncodingNumber.Tight).U8(0x80, 255, 0, 0), (0, 0, 0), (1, 1, Red), (3, 3, Red), (4, 4, 0));

    [Fact]
    public void Tight_few_bytes_are_not_packed() => Expect(One(0, 0, 3, 1, EncodingNumber.Tight).U8(0, 255, 0, 0, 0, 255, 0, 0, 0, 255), (0, 0, Red), (1, 0, Green), (2, 0, Blue));

    [Fact]
    public void Tight_copy() => Expect(Tight(4, 1, [0x20], [255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3]), (0, 0, Red), (1, 0, Green), (2, 0, Blue), (3, 0, 0x010203));

    [Fact]
    public void Tight_two_colours_are_bits() => Expect(
        Tight(9, 6, [0x50, 1, 1, 255, 0, 0, 0, 0, 255], [0x80, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0]),
        (0, 0, Blue), (1, 0, Red), (8, 0, Blue), (0, 5, Red), (1, 5, Blue));

    [Fact]
    public void Tight_more_colours_are_bytes() => Expect(
        Tight(4, 3, [0x40, 1, 2, 255, 0, 0, 0, 255, 0, 0, 0, 255], [0, 1, 2, 0, 2, 2, 2, 2, 1, 0, 1, 0]),
        (0, 0, Red), (1, 0, Green), (2, 0, Blue), (0, 1, Blue), (3, 2, Red));

    [Fact]
    public void Tight_gradient_adds_to_its_prediction_within_a_byte()
    {
        // 2 x 2: 200; +100 (to the right: 300 - 256 = 44); below: 200 + 0; then left 200 + above 44 - corner 200 = 44, + 1.
        byte[] residuals = [200, 200, 200, 100, 100, 100, 0, 0, 0, 1, 1, 1];
        Expect(Tight(2, 2, [0x40, 2], residuals), (0, 0, 0xc8c8c8), (1, 0, 0x2c2c2c), (0, 1, 0xc8c8c8), (1, 1, 0x2d2d2d));
    }

    [Fact]
    public void Tight_streams_begin_anew_when_told()
    {
        using var client = ServerBytes.Ready(16, 16);
        byte[] pixels = new byte[16 * 3];
        for (int i = 0; i < 3; i++)
        {
            // Each with a header of its own, which only a stream that begins can have.
            Array.Fill(pixels, (byte)(i + 1));
            client.Handle(0, Tight(16, 1, [(byte)(i == 0 ? 0x00 : 0x01)], pixels).All);
            Assert.Equal((uint)(i + 1), client.Picture!.Pixels[15] & 0xff);
        }

        Assert.Throws<ProtocolException>(() => client.Handle(0, Tight(16, 1, [0x00], pixels).All));
    }

    public static TheoryData<string, byte[]> Wrong => new()
    {
        { "outside the picture", One(60, 0, 5, 1, EncodingNumber.Raw).All },
        { "65535 squared", One(0, 0, 65535, 65535, EncodingNumber.Raw).All },
        { "65535 squared at the end", One(65535, 65535, 65535, 65535, EncodingNumber.Zrle).All },
        { "copied from outside", One(0, 0, 5, 5, EncodingNumber.CopyRect).U16(60, 60).All },
        { "an encoding that was not asked for", One(0, 0, 5, 5, 15).All },
        { "RRE with too many parts", One(0, 0, 5, 5, EncodingNumber.Rre).U32(uint.MaxValue, 0).All },
        { "RRE outside itself", One(0, 0, 5, 5, EncodingNumber.Rre).U32(1, 0, 0).U16(65535, 0, 65535, 1).All },
        { "RRE over and over", RreOverAndOver().All },
        { "Hextile outside itself", One(0, 0, 5, 5, EncodingNumber.Hextile).U8(8, 1, 0x33, 0x22).All },
        { "Zlib with a length that cannot be", One(0, 0, 5, 5, EncodingNumber.Zlib).U32(uint.MaxValue).All },
        { "Zlib that does not unpack", One(0, 0, 5, 5, EncodingNumber.Zlib).U32(4).U32(0x12345678).All },
        { "Zlib that ends early", One(0, 0, 5, 5, EncodingNumber.Zlib).Packed(new byte[99]).All },
        { "Zlib that goes on", One(0, 0, 5, 5, EncodingNumber.Zlib).Packed(new byte[101]).All },
        { "a Zlib bomb", One(0, 0, 64, 64, EncodingNumber.Zlib).Packed(new byte[10_000_000]).All },
        { "a ZRLE bomb", One(0, 0, 64, 64, EncodingNumber.Zrle).Packed([1, 1, 1, 1, .. new byte[10_000_000]]).All },
        { "a ZRLE bomb of colours", One(0, 0, 64, 64, EncodingNumber.Zrle).Packed(new byte[10_000_000]).All },
        { "a Tight bomb", Tight(64, 1, [0], new byte[10_000_000]).All },
        { "ZRLE without a tile", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([]).All },
        { "ZRLE with a form that does not exist", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([17, 0, 0, 0]).All },
        { "ZRLE with the other form that does not exist", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([129, 0, 0, 0]).All },
        { "ZRLE with a run too long", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([128, 0, 0, 0, 4]).All },
        { "ZRLE with an endless run", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([128, 0, 0, 0, .. Enumerable.Repeat((byte)255, 100_000)]).All },
        { "ZRLE with a colour it has not", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([3, 0, 0, 0, 1, 1, 1, 2, 2, 2, 0xc0, 0]).All },
        { "ZRLE runs with a colour they have not", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([130, 0, 0, 0, 1, 1, 1, 2, 0, 0, 0]).All },
        { "ZRLE that ends within a tile", One(0, 0, 2, 2, EncodingNumber.Zrle).Packed([0, 1, 2, 3]).All },
        { "Tight with a form that does not exist", One(0, 0, 2, 2, EncodingNumber.Tight).U8(0xb0).All },
        { "Tight with a filter that does not exist", One(0, 0, 2, 2, EncodingNumber.Tight).U8(0x40, 3).All },
        { "Tight with a colour it has not", Tight(4, 4, [0x40, 1, 2, 1, 1, 1, 2, 2, 2, 3, 3, 3], [.. Enumerable.Repeat((byte)3, 16)]).All },
        { "a JPEG that is none", One(0, 0, 2, 2, EncodingNumber.Tight).U8(0x90, 3, 1, 2, 3).All },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_no_honest_server_sends_is_refused(string name, byte[] update)
    {
        Assert.NotEmpty(name);
        foreach (int piece in (int[])[int.MaxValue, 4096, 7])
        {
            if (update.Length / piece < 100_000)
            {
                using var client = ServerBytes.Ready(64, 64);
                Assert.Throws<ProtocolException>(() =>
                {
                    foreach (byte[] part in update.Chunk(Math.Min(piece, update.Length)))
                    {
                        client.Handle(0, part);
                    }
                });
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(33)]
    [InlineData(1000)]
    public void Both_forms_of_the_kernel_give_the_same(int count)
    {
        byte[] triplets = new byte[count * 3];
        new Random(count).NextBytes(triplets);
        uint[] fast = new uint[count], slow = new uint[count];
        TripletKernel.FromBlueFirst(triplets, fast);
        TripletKernel.FromBlueFirstScalar(triplets, slow);
        Assert.Equal(slow, fast);
        TripletKernel.FromRedFirst(triplets, fast);
        TripletKernel.FromRedFirstScalar(triplets, slow);
        Assert.Equal(slow, fast);
    }

    internal static ServerBytes One(int x, int y, int width, int height, int encoding) => new ServerBytes().Update(1).Rect(x, y, width, height, encoding);

    private static ServerBytes Tight(int width, int height, byte[] control, byte[] plain)
    {
        byte[] packed = ServerBytes.Zlib(plain);
        var server = One(0, 0, width, height, EncodingNumber.Tight).Raw(control);
        for (int rest = packed.Length, i = 0; i < 3; i++, rest >>= 7)
        {
            server.U8((byte)(i == 2 ? rest : (rest & 127) | 128));
        }

        return server.Raw(packed);
    }

    private static ServerBytes RreOverAndOver()
    {
        var server = One(0, 0, 64, 64, EncodingNumber.Rre).U32(100, 0);
        for (int i = 0; i < 100; i++)
        {
            server.U32(0).U16(0, 0, 64, 64);
        }

        return server;
    }

    /// <summary>The same pixels whether it comes whole, byte by byte, or in other pieces; and nothing of it is left over.</summary>
    private static void Expect(ServerBytes update, params (int X, int Y, uint Rgb)[] pixels)
    {
        byte[] bytes = [.. update.All, .. One(63, 63, 1, 1, EncodingNumber.Raw).U32(0x563412ff).All];
        foreach (int piece in (int[])[bytes.Length, 1, 5])
        {
            using var client = ServerBytes.Ready(65, 64);
            foreach (byte[] part in bytes.Chunk(piece))
            {
                client.Handle(0, part);
            }

            foreach (var (x, y, rgb) in pixels)
            {
                Assert.True(rgb == (client.Picture!.Row(y)[x] & 0xffffff), $"{x}, {y} is {client.Picture.Row(y)[x]:x6}, not {rgb:x6}, in pieces of {piece}");
            }

            Assert.Equal(0x123456u, client.Picture!.Row(63)[63] & 0xffffff);
        }
    }
}
