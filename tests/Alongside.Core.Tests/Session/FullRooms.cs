using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Rooms with as many viewers as they take.</summary>
public sealed class FullRooms
{
    private const int Most = 16;
    private static readonly SimulatedLine Line = new(2_000, 10_000_000);

    [Fact]
    public void Nobody_is_put_out_for_who_comes()
    {
        using var host = new SimulatedHost(40, Grant.All);
        var viewers = Fill(host);
        using var late = host.Join(Most + 1, Line);
        host.Run(1_000_000);
        Assert.False(late.Session.IsLive);
        Assert.All(viewers, viewer => Assert.True(viewer.Session.IsLive));
        viewers.ForEach(viewer => viewer.Dispose());
    }

    [Fact]
    public void Who_is_away_makes_room_the_longest_away_first_and_the_others_may_come_back()
    {
        using var host = new SimulatedHost(41, Grant.All);
        var viewers = Fill(host);
        viewers[5].Cut(gone: true);
        host.Run(100_000);
        viewers[3].Cut();
        host.Run(100_000);
        using var late = host.Join(Most + 1, Line);
        host.Run(1_000_000);
        Assert.True(late.Session.IsLive);
        Assert.True(late.SeesExactly(host.Screen));
        Assert.Null(host.Room.Session(6));
        viewers[3].Connect();
        host.Run(1_000_000);
        Assert.Equal(1, viewers[3].Resumed);
        Assert.Equal(Most, host.Room.Guests.Count);
        viewers.ForEach(viewer => viewer.Dispose());
    }

    private static List<SimulatedViewer> Fill(SimulatedHost host)
    {
        List<SimulatedViewer> viewers = [.. Enumerable.Range(1, Most).Select(member => host.Join((ushort)member, Line))];
        host.Run(3_000_000);
        Assert.Equal(Most, host.Room.Guests.Count);
        return viewers;
    }
}
