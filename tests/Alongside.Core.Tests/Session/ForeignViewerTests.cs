using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>A viewer that comes by a road of its own, alone in its room.</summary>
public sealed class ForeignViewerTests
{
    [Fact]
    public void What_was_grabbed_is_offered_at_once_also_when_nobody_else_looks()
    {
        using var host = new SimulatedHost(1, Grant.All);
        var viewer = new Foreigner();
        host.Do(() => host.Room.Admit(host.Net.Now, viewer, new("Anna", "VNC", Grant.All)));
        host.Run(200_000);
        Assert.True(viewer.IsIn);

        // A driver pumps after a grab when it is told to, and not otherwise.
        long now = host.Net.Now + 100_000;
        host.Room.Damaged(now, new(3, 4, 5, 6));
        now += 50_000;
        Assert.True(host.Room.WantsGrab(now));
        host.Room.Grabbed(now);
        int before = viewer.Pumped;
        Assert.True(host.Room.Encode(now));
        host.Room.Pump(now);
        Assert.Equal(before + 1, viewer.Pumped);
        Assert.Equal(new(3, 4, 5, 6), viewer.LastGrabbed);
        Assert.False(host.Room.Encode(now));
    }

    [Fact]
    public void What_comes_whole_is_not_given_time_to_settle()
    {
        using var host = new SimulatedHost(1, Grant.All);
        var viewer = new Foreigner();
        host.Do(() => host.Room.Admit(host.Net.Now, viewer, new("Anna", "VNC", Grant.All)));
        host.Run(200_000);
        long now = host.Net.Now + 500_000;
        host.Room.Damaged(now, new(3, 4, 5, 6));
        Assert.False(host.Room.WantsGrab(now));
        host.Do(() => host.Room.SetSource(now, new("Press line 3", "VNC", IsEncrypted: false)));
        host.Run(1_000_000);
        now = host.Net.Now;
        host.Room.Damaged(now, new(3, 4, 5, 6));
        Assert.True(host.Room.WantsGrab(now));
    }

    private sealed class Foreigner : IForeignViewer
    {
        public bool IsIn { get; private set; }

        public int Pumped { get; private set; }

        public PixelRect LastGrabbed { get; private set; }

        public bool IsReady => true;

        public long? NextDeadline => null;

        public void Granted(long now, Grant grant) => IsIn = grant.View;

        public void Ended(long now, string why) => IsIn = false;

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

        public void Grabbed(ReadOnlySpan<PixelRect> areas) => LastGrabbed = areas[^1];

        public void Pump(long now, Frame? newest, long version) => Pumped += newest is null ? 0 : 1;
    }
}
