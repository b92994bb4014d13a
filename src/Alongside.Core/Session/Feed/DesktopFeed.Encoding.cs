using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Session.Feed;

/// <summary>What is encoded when, and how much of it: the newest first, then what did not fit, then what is not exact yet.</summary>
internal sealed partial class DesktopFeed
{
    /// <summary>When nothing new was seen for this long, what is shown nearly is made exact, in microseconds.</summary>
    private const long Still = 50_000;

    /// <summary>When something always moves, what has been inexact for this long elsewhere is made exact in the gaps, in microseconds.</summary>
    private const long LongestDebt = 1_000_000;

    /// <summary>Between two updates that make exact; each waits for room on the way besides. In microseconds.</summary>
    private const long RefineTime = 5_000;

    /// <summary>
    /// After somebody's key or move nothing is made exact for so long, in microseconds: the answer, and its frame in the viewer's browser, find nothing in their way.
    /// </summary>
    private const long AnswerPause = 200_000;

    /// <summary>The same where something has been inexact for long, and never more between two updates: longer than from one letter to the next of who types quickly. In microseconds.</summary>
    private const long DebtPause = 150_000;

    /// <summary>When there was something to do and nothing came of it. In microseconds.</summary>
    private const long Pause = 100_000;

    /// <summary>Bytes of one update that makes exact: a few milliseconds of encoding, for which a key press waits at most.</summary>
    private const int RefineBudget = 384 * 1024;

    /// <summary>While somebody uses the desktop such an update takes no more of the way than this, in microseconds.</summary>
    private const long UsedRefineTime = 6_000;

    /// <summary>Then between two updates that make exact, in microseconds: each is a whole frame to a browser.</summary>
    private const long UsedRefinePause = 33_000;

    /// <summary>While somebody uses the desktop an update takes no more pixels of photographs: some milliseconds of encoding, and of decoding, before a letter.</summary>
    private const long UsedPhotographs = 128 * 1024;

    /// <summary>How long a joiner waits for the video of a stream to end, in microseconds: their coming costs everybody a key frame.</summary>
    private const long VideoPatience = 5_000_000;

    private readonly DamageRegion all = new();

    /// <summary>Encodes for everybody who is ready. True: call <see cref="Pump"/>, with the time that it is then.</summary>
    public bool Encode(long now)
    {
        long before = Encoded;
        if (layout is null)
        {
            return false;
        }

        bool isUsed = now - usedAt < UseTime;
        for (int i = views.Count - 1; i >= 0; i--)
        {
            var view = views[i];
            foreach (var viewer in view.Viewers)
            {
                viewer.Outbox.Pacing.IsInteractive = isUsed;
            }

            if (view.Newest is not null)
            {
                Promote(now, view);
                foreach (var viewer in view.Viewers)
                {
                    if (viewer.Stream is null && viewer.IsReady && now >= viewer.AgainAt && IsCurrent(viewer))
                    {
                        BringUp(now, view, viewer);
                    }
                }
            }

            foreach (var stream in view.Streams)
            {
                if (stream is not null)
                {
                    Encode(now, view, stream);
                }
            }
        }

        DropWhatNobodyUses();
        return Encoded > before;
    }

    private void Encode(long now, FeedView view, DesktopStream stream)
    {
        bool due = DueAt(stream) <= now;
        if (!due && damage.IsEmpty)
        {
            // Nobody waits for a picture that there is not.
            stream.WaitingSince = null;
            return;
        }

        // Also before the first grab of a layout it may be time: whoever is late must not hold up that grab.
        if (!IsTime(now, stream) || !due || view.Newest is not { } newest || !stream.CouldTake)
        {
            return;
        }

        bool refines = stream.Pending.IsEmpty, isUsed = now - usedAt < UseTime;
        int budget = stream.Viewers.Min(viewer => viewer.Outbox.Pacing.Budget);
        long rate = stream.Viewers.Min(viewer => viewer.Outbox.Pacing.Rate);
        long pause = refines ? RefineTime : FrameTime;
        if (refines)
        {
            // In the gaps of something that moves only a little is taken: its next picture goes behind it.
            budget = Math.Min(now - stream.ChangedAt < Still ? budget / 4 : budget, RefineBudget);
            if (isUsed)
            {
                // And of somebody's next letter as well: whatever is being encoded, carried or painted then is in its way.
                budget = Math.Min(budget, Math.Max(Pacing.MinBudget, (int)Math.Min(RefineBudget, rate * UsedRefineTime / 1_000_000)));
                pause = UsedRefinePause;
            }
        }

        stream.Viewers.ForEach(viewer => viewer.HasBeenGiven(now));
        var hints = refines ? [] : stream.Moved.Hints();
        int bytes = stream.Encode(newest, Terms(now, view, budget, rate, hints, stream.IsFresh, isUsed && !refines), pool);
        if (bytes > 0)
        {
            HasEncoded(stream.Encoder);
        }

        bool isPart = bytes > 0 && stream.Encoder.HasHeldBack;

        // Where nothing came of it, what is shown nearly moves, or did until just now.
        long again = bytes > 0 ? now + pause : Math.Max(now + pause, stream.Encoder.RefinesAt ?? (now + Pause));
        stream.HasEncoded(now, refines, again: isPart ? now : again);
        if (!isPart)
        {
            bool isShort = bytes > 0 && (!stream.Pending.IsEmpty || stream.Encoder.HasDebt || bytes > budget / 4 * 3);
            Widen(now, stream, isShort);
        }
    }

    /// <summary>When there will be something to encode for a stream, whose viewers may still be busy then; null: not before something changes.</summary>
    private long? DueAt(DesktopStream stream)
    {
        if (!stream.Pending.IsEmpty)
        {
            return stream.IsFresh ? grabbedAt : stream.AgainAt;
        }

        if (stream.DebtSince is not { } since || !damage.IsEmpty)
        {
            return null;
        }

        long lately = Math.Max(stream.ChangedAt + Still, usedAt + AnswerPause);
        long after = Math.Max(since + LongestDebt, Math.Min(usedAt, stream.AgainAt) + DebtPause);
        return Math.Max(stream.AgainAt, Math.Min(lately, after));
    }

    /// <summary>Gives a viewer without a stream what it lacks, and a place in a stream when that is little.</summary>
    private void BringUp(long now, FeedView view, FeedViewer viewer)
    {
        var stream = view.Streams[viewer.Level];
        if (stream is not null && stream.Viewers.TrueForAll(other => other.IsAsleep(now)))
        {
            // What it has may be of an hour ago, and nobody is there whose picture would have to go on.
            StepOutAll(now, stream);
            stream.Dispose();
            view.Streams[viewer.Level] = stream = null;
        }

        bool waits = stream is not null && ((stream.Encoder.HasVideo && now - viewer.AloneSince < VideoPatience) || !HasSizeOf(view.Newest!, stream));
        viewer.Own ??= new UpdateEncoder(view.Codec);
        viewer.OwnUpdate.ResetWrittenCount();

        // Into a stream: what the stream has, which may be a little older than the newest. Alone: the newest.
        var source = waits ? view.Newest! : stream?.Encoder.Reference ?? view.Newest!;
        all.Clear();
        all.Add(source.Bounds);
        int bytes = 0;
        if (viewer.Own.TryEncode(source, all, Terms(now, view, viewer.Outbox.Pacing.Budget, viewer.Outbox.Pacing.Rate, []), viewer.OwnUpdate, out var info))
        {
            HasEncoded(viewer.Own);
            bytes = info.Bytes;
            viewer.Outbox.Add(viewer.OwnUpdate.WrittenMemory, info.Sequence);
            viewer.HasBeenGiven(now);
        }

        viewer.AgainAt = now + FrameTime;
        if (stream is null)
        {
            // Its encoder becomes a stream: the decoder goes on without a reset.
            stream = new DesktopStream(NewStreamId, viewer.Level, viewer.Own, random);
            view.Streams[viewer.Level] = stream;
            viewer.Own = null;
            viewer.Stream = stream;
            stream.Pending.Add(all);
            stream.Attach(viewer, decoderFollows: true);
            stream.HasEncoded(now, refines: false, again: now + FrameTime);
        }
        else if (!waits && all.IsEmpty && bytes <= viewer.Outbox.Pacing.Window)
        {
            stream.Encoder.AssumeDebtOf(viewer.Own);
            viewer.Own.Dispose();
            viewer.Own = null;
            viewer.Stream = stream;
            stream.Attach(viewer, decoderFollows: false);
        }
    }

    private static bool HasSizeOf(Frame frame, DesktopStream stream) => stream.Encoder.Reference.Width == frame.Width && stream.Encoder.Reference.Height == frame.Height;

    /// <summary>Whether the newest pixels are from after a viewer came: what was on the screen before that is not theirs to see.</summary>
    private bool IsCurrent(FeedViewer viewer) => damage.IsEmpty || grabbedAt >= viewer.AloneSince;

    private void HasEncoded(UpdateEncoder encoder)
    {
        Encoded++;
        Witness?.Invoke(encoder);
    }

    private EncodeTerms Terms(long now, FeedView view, int budget, long rate, ReadOnlySpan<Motion> hints, bool isFresh = true, bool isBrief = false) => new()
    {
        Now = now,
        Budget = budget,
        Rate = rate,
        Focus = (Focus.X - view.Area.X, Focus.Y - view.Area.Y),
        IsFresh = isFresh,
        Damage = view.Drawn,
        Hints = hints,
        Photographs = isBrief ? UsedPhotographs : long.MaxValue,
        Refines = !isBrief,
    };
}
