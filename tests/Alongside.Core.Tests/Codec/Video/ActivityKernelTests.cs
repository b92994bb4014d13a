using Alongside.Core.Codec.Kernels;

namespace Alongside.Core.Tests.Codec.Video;

public sealed class ActivityKernelTests
{
    [Fact]
    public void Columns_are_counted_as_its_scalar_twin_does()
    {
        var random = new Random(2);
        for (int round = 0; round < 2000; round++)
        {
            int width = random.Next(140);
            uint[] a = new uint[width], b = new uint[width], expected = new uint[width], actual = new uint[width];
            for (int i = 0; i < width; i++)
            {
                a[i] = (uint)random.Next();
                b[i] = random.Next(3) == 0 ? (uint)random.Next() : a[i] ^ ((uint)random.Next(2) << 27);
                expected[i] = actual[i] = (uint)random.Next(100);
            }

            Assert.Equal(ActivityKernel.CountScalar(a, b, expected), ActivityKernel.Count(a, b, actual));
            Assert.Equal(expected, actual);
        }
    }
}
