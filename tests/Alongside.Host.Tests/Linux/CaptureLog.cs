using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Host.Capture;

namespace Alongside.Host.Tests.Linux;

/// <summary>Remembers what a capture told.</summary>
internal sealed class CaptureLog : ICaptureSink
{
    private readonly Lock gate = new();
    private readonly List<PixelRect> damage = [];
    private readonly List<Motion> motions = [];

    public volatile DesktopLayout? Layout;
    public volatile CursorImage? Cursor;
    public volatile string? LostReason;
    public volatile int Layouts;
    public volatile int Cursors;
    private long position = -1;

    public (int X, int Y) Position => ((int)(Interlocked.Read(ref position) >> 32), (int)Interlocked.Read(ref position));

    public Action? OnDamage { get; set; }

    /// <summary>What was damaged since it was last taken.</summary>
    public PixelRect[] Damage
    {
        get
        {
            lock (gate)
            {
                return [.. damage];
            }
        }
    }

    public PixelRect[] TakeDamage()
    {
        lock (gate)
        {
            var taken = damage.ToArray();
            damage.Clear();
            return taken;
        }
    }

    public void Damaged(PixelRect area)
    {
        lock (gate)
        {
            damage.Add(area);
        }

        OnDamage?.Invoke();
    }

    public Motion[] TakeMotions()
    {
        lock (gate)
        {
            var taken = motions.ToArray();
            motions.Clear();
            return taken;
        }
    }

    public void Moved(Motion motion)
    {
        lock (gate)
        {
            motions.Add(motion);
        }
    }

    public void LayoutChanged(DesktopLayout layout)
    {
        Layout = layout;
        Layouts++;
    }

    public void CursorChanged(CursorImage cursor)
    {
        Cursor = cursor;
        Cursors++;
    }

    public void CursorMoved(int x, int y) => Interlocked.Exchange(ref position, ((long)x << 32) | (uint)y);

    public void Lost(string reason) => LostReason = reason;
}
