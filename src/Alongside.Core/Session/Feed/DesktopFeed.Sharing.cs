namespace Alongside.Core.Session.Feed;

/// <summary>Who shares a stream: those of like speed, as long as nobody waits for another or is given less for another's sake.</summary>
internal sealed partial class DesktopFeed
{
    private static bool CouldTake(FeedView view)
    {
        foreach (var viewer in view.Viewers)
        {
            if (viewer.Stream is null && viewer.IsReady)
            {
                return true;
            }
        }

        foreach (var stream in view.Streams)
        {
            if (stream is { Viewers.Count: > 0 } && stream.Viewers.TrueForAll(viewer => viewer.IsReady))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether everybody in a stream is ready for its next picture. When those who are have waited long enough, those who aren't leave it.
    /// </summary>
    private static bool IsTime(long now, DesktopStream stream)
    {
        int ready = 0;
        foreach (var viewer in stream.Viewers)
        {
            viewer.Observe(now);
            ready += viewer.IsReady ? 1 : 0;
        }

        if (ready == stream.Viewers.Count || ready == 0)
        {
            stream.WaitingSince = null;
            return ready > 0;
        }

        stream.WaitingSince ??= now;
        if (now - stream.WaitingSince < Speeds.Patience(stream.Level))
        {
            return false;
        }

        stream.WaitingSince = null;
        for (int i = stream.Viewers.Count - 1; i >= 0; i--)
        {
            if (stream.Viewers[i] is { IsReady: false } late)
            {
                Demote(now, late);
            }
        }

        return true;
    }

    /// <summary>
    /// An update is as large as the slowest of its stream takes. When that was too little, whoever narrows the others has to leave after a while.
    /// </summary>
    private static void Widen(long now, DesktopStream stream, bool isShort)
    {
        stream.ShortAt = isShort ? now : stream.ShortAt;
        long fastest = 0;
        foreach (var viewer in stream.Viewers)
        {
            fastest = Math.Max(fastest, viewer.Outbox.Pacing.Rate);
        }

        for (int i = stream.Viewers.Count - 1; i >= 0; i--)
        {
            var viewer = stream.Viewers[i];
            if (!isShort || stream.Level == Speeds.Count - 1 || viewer.Outbox.Pacing.Rate * Speeds.Like >= fastest)
            {
                viewer.NarrowSince = isShort ? null : viewer.NarrowSince;
            }
            else
            {
                viewer.NarrowSince ??= now;
                if (now - viewer.NarrowSince >= Speeds.NarrowPatience)
                {
                    Demote(now, viewer);
                }
            }
        }
    }

    /// <summary>Tries those who keep up well on the next faster stream, if there is one or they share theirs.</summary>
    private static void Promote(long now, FeedView view)
    {
        foreach (var viewer in view.Viewers)
        {
            if (viewer is { Level: > 0, Stream: { } stream } && now >= viewer.PromoteAt && viewer.IsReady
                && viewer.Readiness < Speeds.Patience(viewer.Level - 1) / 2
                && (view.Streams[viewer.Level - 1] is { } faster ? IsLike(now, viewer, faster) : stream.Viewers.Count > 1))
            {
                StepOut(now, viewer);
                viewer.Level--;
            }
        }
    }

    /// <summary>Whether a viewer would not narrow a stream again, as far as is known.</summary>
    private static bool IsLike(long now, FeedViewer viewer, DesktopStream faster) =>
        now - faster.ShortAt > Speeds.LastBackoff / 4 || faster.Viewers.TrueForAll(other => viewer.Outbox.Pacing.Rate * Speeds.Like >= other.Outbox.Pacing.Rate);

    private static void Demote(long now, FeedViewer viewer)
    {
        StepOut(now, viewer);
        viewer.Level = Math.Min(viewer.Level + 1, Speeds.Count - 1);
        viewer.PromoteAt = now + viewer.Backoff;
        viewer.Backoff = Math.Min(viewer.Backoff * 2, Speeds.LastBackoff);
    }

    private static void StepOutAll(long now, DesktopStream stream)
    {
        for (int i = stream.Viewers.Count - 1; i >= 0; i--)
        {
            StepOut(now, stream.Viewers[i]);
        }
    }

    /// <summary>Leaves the stream with an encoder whose reference is what the viewer will have when its outbox is drained.</summary>
    private static void StepOut(long now, FeedViewer viewer)
    {
        if (viewer.Stream is { } stream)
        {
            viewer.Own = stream.Encoder.Fork();
            stream.Detach(viewer);
            viewer.Stream = null;
            viewer.AloneSince = now;
            viewer.AgainAt = now;
            viewer.NarrowSince = null;
        }
    }
}
