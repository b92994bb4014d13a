using System.Buffers;
using Alongside.Core.Codec;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// One viewer of the desktop: follows a stream, or is brought up alone by an encoder of its own. Everything about the desktop is lost when it
/// breaks off; it starts again with a whole picture.
/// </summary>
internal sealed class FeedViewer(Outbox outbox) : IDisposable
{
    public Outbox Outbox => outbox;

    /// <summary>The picture it looks at.</summary>
    public required FeedView View { get; set; }

    /// <summary>The stream it follows; null while it is brought up.</summary>
    public DesktopStream? Stream { get; set; }

    /// <summary>What brings it up: an encoder whose reference is what the viewer has. Null while it follows, and before its first picture.</summary>
    public UpdateEncoder? Own { get; set; }

    /// <summary>What <see cref="Own"/> wrote last; stays until the outbox is drained.</summary>
    public ArrayBufferWriter<byte> OwnUpdate { get; } = new(64 * 1024);

    /// <summary>Which speed of stream suits it, as far as is known.</summary>
    public int Level { get; set; }

    /// <summary>Not before this is it tried on a faster stream, in microseconds.</summary>
    public long PromoteAt { get; set; }

    /// <summary>How long it is held back after the next demotion, in microseconds. Doubles, so that nobody bounces.</summary>
    public long Backoff { get; set; } = Speeds.FirstBackoff;

    /// <summary>When it was last given an update.</summary>
    public long GivenAt { get; set; }

    /// <summary>How long it takes to be ready again, smoothed, in microseconds.</summary>
    public long Readiness { get; set; }

    /// <summary>Since when it is brought up alone, in microseconds.</summary>
    public long AloneSince { get; set; }

    /// <summary>Not before this is it brought up further, in microseconds.</summary>
    public long AgainAt { get; set; }

    /// <summary>Since when the others of its stream are given less for its sake; null: they aren't.</summary>
    public long? NarrowSince { get; set; }

    public bool WasReady { get; set; } = true;

    /// <summary>Nothing waits for it here, and it has painted enough of what it got.</summary>
    public bool IsReady => outbox.IsDrained && outbox.Pacing.IsOpen;

    /// <summary>The same, and there is room for a letter behind it: for what is left of a picture, or makes it exact.</summary>
    public bool HasSpare => outbox.IsDrained && outbox.Pacing.HasSpare;

    /// <summary>It has painted nothing for so long that it is hidden, most likely.</summary>
    public bool IsAsleep(long now) => !IsReady && now - GivenAt >= Speeds.Sleep;

    /// <summary>Follows how quickly it becomes ready after an update.</summary>
    public void Observe(long now)
    {
        bool ready = IsReady;
        if (ready && !WasReady)
        {
            Readiness += ((now - GivenAt) - Readiness) / 4;
        }

        WasReady = ready;
    }

    public void HasBeenGiven(long now)
    {
        if (WasReady)
        {
            GivenAt = now;
            WasReady = false;
        }
    }

    public void Dispose() => Own?.Dispose();
}
