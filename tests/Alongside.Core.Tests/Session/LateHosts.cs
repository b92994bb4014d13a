using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Hosts that get no time for seconds, while viewers come and go.</summary>
public sealed class LateHosts
{
    private static readonly SimulatedLine Line = new(30_000, 2_000_000);

    /// <summary>Both beginnings are answered at once and late; the first answer would be taken for the second, which then is "Hello twice", and so on without an end.</summary>
    [Fact]
    public void A_viewer_that_came_back_twice_meanwhile_gets_no_answer_to_its_first_beginning()
    {
        using var host = new SimulatedHost(21, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(2_000_000);
        host.Starve(2_000_000);
        for (int i = 0; i < 2; i++)
        {
            viewer.Cut();
            viewer.Connect();
            host.Run(500_000);
        }

        host.Run(3_000_000);
        Assert.True(viewer.Session.IsLive);
        Assert.Equal(1, viewer.Resumed);
        Assert.DoesNotContain(viewer.Events, e => e.Kind == ViewerEventKind.Broken && e.Text is not null);
        host.PaintSome();
        host.Run(500_000);
        Assert.True(viewer.SeesExactly(host.Screen));
    }
}
