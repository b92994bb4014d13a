using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>What a room says of its sessions to who asks how things are.</summary>
public sealed class SessionReports
{
    private static readonly SimulatedLine Relay = new(30_000, 2_000_000);
    private static readonly SimulatedLine Near = new(1_000, 10_000_000);

    [Fact]
    public void A_session_on_a_direct_path_says_both_round_trips_and_since_when()
    {
        using var host = new SimulatedHost(1, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(10_000_000);
        host.PaintSome();
        host.Run(500_000);
        var report = Assert.Single(host.Room.Report(host.Net.Now));
        Assert.Equal((SessionStage.Live, DirectStage.InUse), (report.Stage, report.Direct));
        Assert.Equal(Grant.All, report.Grant);
        Assert.Equal(2_000, report.DirectRoundTrip);
        Assert.InRange(report.RelayRoundTrip!.Value, 60_000, 80_000);
        Assert.InRange(report.Age, 10_000_000, 10_500_000);
        Assert.InRange(report.PathAge, 8_000_000, report.Age - 1);
        Assert.InRange(report.Shown!.Value, 2_000, 60_000);
        Assert.Null(report.LooksAgainIn);
    }

    [Fact]
    public void A_session_whose_path_died_says_when_another_is_looked_for()
    {
        using var host = new SimulatedHost(2, Grant.All, direct: true);
        using var viewer = host.Join(1, Relay, direct: Near);
        host.Run(2_000_000);
        long moved = host.Net.Now;
        host.Ways!.Close(1);
        host.Run(500_000);
        var report = Assert.Single(host.Room.Report(host.Net.Now));
        Assert.Equal((SessionStage.Live, DirectStage.Resting), (report.Stage, report.Direct));
        Assert.InRange(report.LooksAgainIn!.Value, 1, 2_000_000);
        Assert.InRange(report.PathAge, 0, host.Net.Now - moved);
        Assert.Null(report.DirectRoundTrip);
        Assert.Null(report.Loss);
        Assert.True(report.Age > 2_000_000);
    }

    [Fact]
    public void A_viewer_that_broke_off_is_away_and_came_when_it_came_first()
    {
        using var host = new SimulatedHost(3, Grant.All);
        using var viewer = host.Join(1, Relay);
        host.Run(1_000_000);
        viewer.Cut();
        host.Run(3_000_000);
        var away = Assert.Single(host.Room.Report(host.Net.Now));
        Assert.Equal(SessionStage.Away, away.Stage);
        Assert.InRange(away.AwayFor!.Value, 1, 3_000_000);
        Assert.Null(away.RelayRoundTrip);
        viewer.Connect();
        host.Run(1_000_000);
        var back = Assert.Single(host.Room.Report(host.Net.Now));
        Assert.Equal((SessionStage.Live, DirectStage.Off), (back.Stage, back.Direct));
        Assert.InRange(back.Age, 4_500_000, 5_000_000);
        Assert.InRange(back.PathAge, 0, 1_000_000);
    }

    [Fact]
    public void Who_waits_for_an_answer_and_who_comes_by_another_road_are_in_it_too()
    {
        using var host = new SimulatedHost(4, allow: null);
        host.Do(() => host.Room.Admit(host.Net.Now, new Nobody(), new("Bert", "VNC · 192.0.2.7", Grant.All)));
        host.Run(3_000_000);
        var report = Assert.Single(host.Room.Report(host.Net.Now));
        Assert.Equal((SessionStage.Asking, "Bert", "VNC · 192.0.2.7"), (report.Stage, report.Name, report.Via));
        Assert.Equal(3_000_000, report.Age);
    }

    private sealed class Nobody : IForeignViewer
    {
        public bool IsReady => false;

        public long? NextDeadline => null;

        public void Granted(long now, Grant grant)
        {
        }

        public void Ended(long now, string why)
        {
        }

        public void LayoutChanged(long now, DesktopLayout? layout)
        {
        }

        public void CursorChanged(CursorImage image)
        {
        }

        public void PointerMoved(int x, int y)
        {
        }

        public void Copied(long now, string text)
        {
        }

        public void SizeAnswered(long now, SizeAnswer answer)
        {
        }

        public void Grabbed(ReadOnlySpan<PixelRect> areas)
        {
        }

        public void Pump(long now, Frame? newest, long version)
        {
        }
    }
}
