using Alongside.Core.Codec.Kernels;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>The vector kernels of colour conversion do what their scalar twins do, and a colour survives the way there and back.</summary>
public sealed class YuvKernelTests
{
    private readonly Random random = new(4);

    [Fact]
    public void To_luma_and_chroma()
    {
        for (int round = 0; round < 2000; round++)
        {
            int width = 2 * random.Next(60);
            uint[] upper = Pixels(width), lower = Pixels(width);
            byte[][] expected = Planes(width), actual = Planes(width);
            YuvKernel.ToYuvScalar(upper, lower, expected[0], expected[1], expected[2], expected[3]);
            YuvKernel.ToYuv(upper, lower, actual[0], actual[1], actual[2], actual[3]);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void From_luma_and_chroma()
    {
        for (int round = 0; round < 2000; round++)
        {
            int width = random.Next(120);
            byte[] y = Bytes(width), u = Bytes((width + 1) / 2), v = Bytes((width + 1) / 2);
            uint[] expected = new uint[width], actual = new uint[width];
            YuvKernel.FromYuvScalar(y, u, v, expected);
            YuvKernel.FromYuv(y, u, v, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void Every_colour_comes_back_within_two_steps()
    {
        for (int colour = 0; colour < 1 << 24; colour += 37)
        {
            uint[] four = [(uint)colour, (uint)colour, (uint)colour, (uint)colour], back = new uint[2];
            byte[][] planes = Planes(2);
            YuvKernel.ToYuv(four.AsSpan(2), four.AsSpan(0, 2), planes[0], planes[1], planes[2], planes[3]);
            YuvKernel.FromYuv(planes[0], planes[2], planes[3], back);
            for (int shift = 0; shift < 24; shift += 8)
            {
                Assert.InRange((int)((back[1] >> shift) & 255) - ((colour >> shift) & 255), -2, 2);
            }
        }
    }

    [Theory]
    [InlineData(0x000000u, 16, 128, 128)]
    [InlineData(0xFFFFFFu, 235, 128, 128)]
    [InlineData(0xFF0000u, 63, 102, 240)]
    [InlineData(0x00FF00u, 173, 42, 26)]
    [InlineData(0x0000FFu, 32, 240, 118)]
    public void Colours_are_those_of_bt709(uint colour, int y, int u, int v)
    {
        byte[][] planes = Planes(2);
        YuvKernel.ToYuv([colour, colour], [colour, colour], planes[0], planes[1], planes[2], planes[3]);
        Assert.Equal((y, u, v), (planes[0][0], planes[2][0], planes[3][0]));
    }

    private static byte[][] Planes(int width) => [new byte[width], new byte[width], new byte[width / 2], new byte[width / 2]];

    private uint[] Pixels(int count) => [.. Enumerable.Range(0, count).Select(_ => (uint)random.NextInt64(1L << 32))];

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
