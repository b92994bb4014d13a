using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Tests.Wire;

public sealed class SerialNumberTests
{
    [Theory]
    [InlineData(0u, 1u, true)]
    [InlineData(1u, 0u, false)]
    [InlineData(5u, 5u, false)]
    [InlineData(0xFFFF_FFFFu, 0u, true)]
    [InlineData(0xFFFF_FFF0u, 16u, true)]
    [InlineData(16u, 0xFFFF_FFF0u, false)]
    [InlineData(0u, 0x7FFF_FFFFu, true)]
    [InlineData(0u, 0x8000_0000u, false)]
    [InlineData(0x8000_0000u, 0u, false)]
    public void Order_goes_the_shorter_way_around(uint a, uint b, bool isBefore) => Assert.Equal(isBefore, SerialNumber.IsBefore(a, b));

    [Fact]
    public void Distance_counts_across_the_end() => Assert.Equal(3, SerialNumber.Distance(uint.MaxValue - 1, 1));
}
