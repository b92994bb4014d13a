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

    /// <summary>Since when somebody who is ready waits for somebody who isn't; null: nobody does.</summary>
    public long? WaitingSince { get; set; }

    /// <summary>A viewer whose picture is the encoder's reference when their outbox is drained follows from here.</summary>
    public void Attach(FeedViewer viewer, bool decoderFollows)
    {
        Viewers.Add(viewer);
        if (!decoderFollows)
        {
            encoder.Reset();
        }

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

    /// <summary>Encodes what is pending, once for all, and puts it into the outboxes. Changes nothing when no pixel differs.</summary>
    public void Encode(Frame frame, in EncodeTerms terms, RecordPool pool)
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
            return;
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
    }

    public void Dispose()
    {
        sealer.Dispose();
        encoder.Dispose();
    }

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
