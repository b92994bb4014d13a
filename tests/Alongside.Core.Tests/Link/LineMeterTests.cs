using Alongside.Core.Link;
using Alongside.Core.Session;

namespace Alongside.Core.Tests.Link;

public sealed class LineMeterTests
{
    [Fact]
    public void A_share_is_told_of_enough_packets_and_again_when_it_has_changed()
    {
        var meter = new LineMeter();
        Assert.True(meter.IsDue(0));
        Assert.Null(meter.Take(0, (1000, 500), null));
        Assert.False(meter.IsDue(1_999_999));
        Assert.Null(meter.Take(2_000_000, (1049, 500), null));
        Assert.Equal(new ControlMessage.PathLine(0, null), meter.Take(4_000_000, (1050, 500), null));
        Assert.Null(meter.Take(6_000_000, (1100, 500), null));
        Assert.Equal(new ControlMessage.PathLine(500, 24_000), meter.Take(8_000_000, (1200, 510), 24_000));
    }

    [Fact]
    public void What_was_lost_is_forgotten_after_twenty_seconds_and_with_the_path()
    {
        var meter = new LineMeter();
        meter.Take(0, (0, 0), null);
        Assert.Equal(1000, meter.Take(2_000_000, (100, 10), null)!.Loss);
        for (long now = 4_000_000; now <= 22_000_000; now += 2_000_000)
        {
            meter.Take(now, (100 + (now / 20_000), 10), null);
        }

        var last = meter.Take(24_000_000, (1300, 10), null);
        Assert.True(last is null or { Loss: 0 });
        Assert.NotEqual(0, meter.Take(26_000_000, (1400, 60), null)!.Loss);
        meter.Forget();
        Assert.True(meter.IsDue(0));
        Assert.Null(meter.Take(30_000_000, (5, 5), null));
    }

    /// <summary>Who counts wrongly says nothing that cannot be.</summary>
    [Fact]
    public void More_lost_than_sent_is_all()
    {
        var meter = new LineMeter();
        meter.Take(0, (0, 0), null);
        Assert.Equal(ControlMessage.PathLine.All, meter.Take(2_000_000, (60, 90), null)!.Loss);
    }
}
