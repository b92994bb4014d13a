using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// One encoder, one key, and the viewers who follow both. What it encodes goes to all of them; it encodes the next picture when all have sent on
/// the last. Owns its encoder.
/// </summary>
/// <param name="newId">A number that no stream has. Taken at the beginning, and again when all epochs of the one before are used up.</param>
internal sealed class DesktopStream(Func<byte> newId, int level, UpdateEncoder encoder, IRandomSource random) : IDisposable
{
    private readonly ArrayBufferWriter<byte> update = new(64 * 1024);
    private readonly List<SealedRecord> records = [];
    private readonly HashSet<FeedViewer> keyHolders = [];
    private StreamSealer sealer = new(newId());
    private bool keyIsStale = true;

    public byte Id => sealer.Stream;

    public int Epoch => sealer.Epoch;

    /// <summary>For tests.</summary>
    internal StreamSealer Sealer => sealer;

    /// <summary>0 is for the fastest viewers, 2 for the slowest.</summary>
    public int Level => level;

    public UpdateEncoder Encoder => encoder;

    public List<FeedViewer> Viewers { get; } = [];

    /// <summary>What may differ between the newest frame and what the encoder has encoded.</summary>
    public DamageRegion Pending { get; } = new();

    /// <summary>What has moved since new pixels were last encoded, as far as the window system says.</summary>
    public MotionTrail Moved { get; } = new();

    /// <summary>Since when somebody who is ready waits for somebody who isn't; null: nobody does.</summary>
    public long? WaitingSince { get; set; }

    /// <summary>Pixels have been grabbed since the last update: the next need not wait for its turn.</summary>
    public bool IsFresh { get; set; }

    /// <summary>Not before this is encoded what did not fit, or what is not exact, in microseconds.</summary>
    public long AgainAt { get; private set; }

    /// <summary>When new pixels were last encoded, in microseconds.</summary>
    public long ChangedAt { get; private set; }

    /// <summary>Since when the viewers have something nearly; null: all is exact.</summary>
    public long? DebtSince { get; private set; }

    /// <summary>When an update was last too small for what there was to say.</summary>
    public long ShortAt { get; set; } = long.MinValue / 2;

    /// <summary>All can be sent what there is: behind what is not new there has to be room for what is.</summary>
    public bool CouldTake => IsFresh ? Viewers.TrueForAll(static viewer => viewer.IsReady) : Viewers.TrueForAll(static viewer => viewer.HasSpare);

    /// <summary>A viewer whose picture is the encoder's reference when their outbox is drained follows from here.</summary>
    public void Attach(FeedViewer viewer, bool decoderFollows)
    {
        Viewers.Add(viewer);
        if (!decoderFollows)
        {
            encoder.Reset();
        }

        NoteDebt(AgainAt);
        if (!keyIsStale)
        {
            GiveKey(viewer);
        }
    }

    public void Detach(FeedViewer viewer) => Viewers.Remove(viewer);

    /// <summary>Somebody may see the desktop no longer. If they ever had the key in use, the next record has another.</summary>
    public void Forget(FeedViewer viewer)
    {
        Viewers.Remove(viewer);
        keyIsStale |= keyHolders.Contains(viewer);
    }

    /// <summary>What is pending, or was not exact, has been encoded as far as it could be.</summary>
    public void HasEncoded(long now, bool refines, long again)
    {
        IsFresh = false;
        AgainAt = again;
        if (!refines)
        {
            ChangedAt = now;
            Moved.Clear();
        }

        NoteDebt(now);
    }

    /// <summary>
    /// Encodes what is pending, once for all, and puts it into the outboxes. Returns the update's bytes; 0, and changes nothing, when no pixel differs.
    /// </summary>
    public int Encode(Frame frame, in EncodeTerms terms, RecordPool pool)
    {
        if ((keyIsStale || sealer.MustRekey) && sealer.IsSpent)
        {
            // What comes next is the first update of another stream, which begins with a reset.
            encoder.Reset();
        }

        update.ResetWrittenCount();
        bool differs = encoder.TryEncode(frame, Pending, terms, update, out var info);
        if (!differs)
        {
            return 0;
        }

        if (keyIsStale || sealer.MustRekey)
        {
            Rekey();
        }

        sealer.Seal(update.WrittenMemory.Span, (records, pool), static (to, record) =>
        {
            var kept = to.pool.Rent();
            kept.Fill(record.Span);
            to.records.Add(kept);
        });

        for (int i = 0; i < records.Count; i++)
        {
            int bytes = i == records.Count - 1 ? info.Bytes : 0;
            foreach (var viewer in Viewers)
            {
                viewer.Outbox.Add(records[i], info.Sequence, bytes);
            }
        }

        records.Clear();
        return info.Bytes;
    }

    public void Dispose()
    {
        sealer.Dispose();
        encoder.Dispose();
    }

    private void NoteDebt(long now) => DebtSince = encoder.HasDebt ? DebtSince ?? now : null;

    private void Rekey()
    {
        if (sealer.IsSpent)
        {
            byte next = newId();
            sealer.Dispose();
            sealer = new(next);
        }

        sealer.NewEpoch(random);
        keyIsStale = false;
        keyHolders.Clear();
        foreach (var viewer in Viewers)
        {
            GiveKey(viewer);
        }
    }

    private void GiveKey(FeedViewer viewer)
    {
        keyHolders.Add(viewer);
        viewer.Outbox.AddKey(ControlJson.Write(new ControlMessage.StreamStart(Id, sealer.Epoch, sealer.Secret.ToArray(), sealer.Counter)));
    }
}
