using Alongside.Core.Codec;
using Alongside.Core.Session;
using Alongside.Testing;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Many viewers, few streams, exact pictures: over simulated lines, from seeds.</summary>
public sealed class StreamSharing
{
    /// <summary>What the first release of a viewer named.</summary>
    private static readonly ushort[] First = [1, 2, 3, 4];

    private static readonly SimulatedLine Fast = new(2_000, 10_000_000);

    [Fact]
    public void A_viewer_sees_the_picture_exactly_and_then_what_changes()
    {
        using var host = new SimulatedHost(1, Grant.All);
        using var viewer = host.Join(1, Fast);
        host.Run(500_000);
        Assert.True(viewer.Session.IsLive);
        Assert.True(viewer.SeesExactly(host.Screen));
        host.Paint(new(3, 3, 5, 5), 0);
        host.Run(50_000);
        Assert.True(viewer.SeesExactly(host.Screen));
    }

    [Fact]
    public void A_viewer_of_before_shares_no_stream_with_one_who_can_decode_more()
    {
        using var host = new SimulatedHost(2, Grant.All);
        using var old = host.Join(1, Fast, capabilities: First);
        using var present = host.Join(2, Fast);
        for (int i = 0; i < 10; i++)
        {
            host.Run(100_000);
            host.PaintSome();
        }

        host.Run(500_000);
        Assert.True(old.SeesExactly(host.Screen));
        Assert.True(present.SeesExactly(host.Screen));
        Assert.Equal(UpdateEncoder.Shared(Capability.Known).Length == 1 ? 1 : 2, host.Room.Feed.Streams.Count());
    }
}
