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

    /// <summary>To join a stream with a film costs everybody a key frame, so that a joiner waits for its end. One that has stopped has ended, also when nothing changes any more.</summary>
    [Fact]
    public void Who_comes_after_a_film_has_stopped_does_not_wait_for_it_to_end()
    {
        using var host = new SimulatedHost(3, Grant.All, 640, 400);
        using var first = host.Join(1, Fast);
        host.Run(500_000);
        for (int i = 0; i < 60; i++)
        {
            host.PaintPhoto(new(160, 64, 320, 240));
            host.Run(33_333);
        }

        var stream = Assert.Single(host.Room.Feed.Streams);
        Assert.True(stream.Encoder.HasVideo);
        using var meanwhile = host.Join(2, Fast);
        host.Run(300_000);
        Assert.Single(stream.Viewers);
        host.Run(1_000_000);
        using var later = host.Join(3, Fast);
        host.Run(300_000);
        Assert.Equal(3, stream.Viewers.Count);
        host.PaintSome();
        host.Run(300_000);
        Assert.All((SimulatedViewer[])[first, meanwhile, later], viewer => Assert.True(viewer.SeesExactly(host.Screen)));
    }
}
