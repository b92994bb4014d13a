using Alongside.Core.Wire;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Tests.Pixels;

public sealed class PixelFormatTests
{
    public static TheoryData<PixelFormat> Formats =>
    [
        PixelFormat.Bgrx,
        PixelFormat.Bgrx with { BigEndian = true },
        new(32, 24, false, true, 255, 255, 255, 0, 8, 16),
        new(32, 24, false, true, 255, 255, 255, 24, 16, 8),
        new(32, 24, true, true, 255, 255, 255, 24, 16, 8),
        new(32, 32, false, true, 255, 255, 255, 16, 8, 0),
        new(32, 30, false, true, 1023, 1023, 1023, 20, 10, 0),
        new(16, 16, false, true, 31, 63, 31, 11, 5, 0),
        new(16, 16, true, true, 31, 63, 31, 11, 5, 0),
        new(16, 15, true, true, 31, 31, 31, 10, 5, 0),
        new(8, 8, false, true, 7, 7, 3, 0, 3, 6),
        new(8, 6, false, true, 3, 3, 3, 4, 2, 0),
        new(8, 8, false, false, 0, 0, 0, 0, 0, 0),
    ];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_is_packed_is_unpacked_as_near_as_the_format_can(PixelFormat format)
    {
        uint[] colours = [0, 0xffffff, 0xff0000, 0x00ff00, 0x0000ff, 0x123456, 0x808080, 0xfedcba];
        foreach (var layout in Enum.GetValues<PixelLayout>())
        {
            var packer = new PixelPacker(format, layout);
            var unpacker = new PixelUnpacker(format, layout);
            Assert.Equal(packer.Bytes, unpacker.Bytes);
            byte[] wire = new byte[colours.Length * packer.Bytes];
            packer.Pack(colours, wire);
            uint[] back = new uint[colours.Length];
            unpacker.Unpack(wire, back);
            for (int i = 0; i < colours.Length; i++)
            {
                int step = format.TrueColour ? 255 / Math.Min(format.RedMax, Math.Min(format.GreenMax, format.BlueMax)) : 85;
                for (int shift = 0; shift < 24; shift += 8)
                {
                    int off = Math.Abs((int)(byte)(colours[i] >> shift) - (byte)(back[i] >> shift));
                    Assert.True(format.IsExact || format.RedMax > 255 ? off == 0 : off <= (step + 1) / 2, $"{layout} {colours[i]:x6} became {back[i]:x6}");
                }

                // A second journey changes nothing: what a viewer shows is what it would send on.
                Assert.Equal(packer.Pack(colours[i]), packer.Pack(back[i]));
            }
        }
    }

    [Fact]
    public void A_pixel_has_its_bytes_where_the_format_says()
    {
        byte[] wire = new byte[4];
        new PixelPacker(PixelFormat.Bgrx).Pack([0x112233], wire);
        Assert.Equal("33221100", Convert.ToHexString(wire));
        new PixelPacker(PixelFormat.Bgrx with { BigEndian = true }).Pack([0x112233], wire);
        Assert.Equal("00112233", Convert.ToHexString(wire));
        new PixelPacker(PixelFormat.Bgrx with { BigEndian = true }, PixelLayout.Compact).Pack([0x112233], wire);
        Assert.Equal("112233", Convert.ToHexString(wire, 0, 3));
        new PixelPacker(new(32, 24, false, true, 255, 255, 255, 24, 16, 8), PixelLayout.Compact).Pack([0x112233], wire);
        Assert.Equal("332211", Convert.ToHexString(wire, 0, 3));
        new PixelPacker(PixelFormat.Bgrx, PixelLayout.Tight).Pack([0x112233], wire);
        Assert.Equal("112233", Convert.ToHexString(wire, 0, 3));
        new PixelPacker(new(16, 16, true, true, 31, 63, 31, 11, 5, 0)).Pack([0xff0000], wire);
        Assert.Equal("F800", Convert.ToHexString(wire, 0, 2));
    }

    [Theory]
    [InlineData("2018000100FF00FF00FF100800000000", null)]
    [InlineData("1818000100FF00FF00FF100800000000", "24 bits")]
    [InlineData("0018000100FF00FF00FF100800000000", "0 bits")]
    [InlineData("2018000100FF00FF00FF190800000000", "outside")]
    [InlineData("2018000100FF00FF00FF100900000000", "overlap")]
    [InlineData("20180001000000FF00FF100800000000", "outside")]
    [InlineData("20180001006400FF00FF100800000000", "outside")]
    [InlineData("20180001FFFFFFFFFFFFFFFFFF000000", "outside")]
    [InlineData("2018000000FF00FF00FF100800000000", "colour map")]
    [InlineData("08080000000000000000000000000000", null)]
    public void A_format_that_describes_no_picture_is_refused(string hex, string? why)
    {
        byte[] wire = Convert.FromHexString(hex);
        if (why is null)
        {
            var output = new System.Buffers.ArrayBufferWriter<byte>();
            PixelFormat.Read(wire).Write(output);
            Assert.Equal(hex, Convert.ToHexString(output.WrittenSpan));
        }
        else
        {
            Assert.Contains(why, Assert.Throws<ProtocolException>(() => PixelFormat.Read(wire)).Message, StringComparison.Ordinal);
        }
    }
}
