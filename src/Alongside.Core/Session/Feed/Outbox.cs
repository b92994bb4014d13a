using Alongside.Core.Secure;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// The order in which things leave for one viewer: handshake and small messages first, then the desktop in its own order: updates for this viewer
/// alone, keys of streams, stream records; then, in small pieces and only a few of them underway, a long clipboard. Large things only fill a part of the path's
/// window, so that a small one behind them never waits for long. Lost when the viewer breaks off: everything in it.
/// <code>
/// control, cursor ─> SecurePeer ─┐
/// clipboard ───────> SecurePeer ─┼─> IPath
/// desktop queue ─────────────────┘
/// </code>
/// </summary>
internal sealed class Outbox(SecurePeer peer, IPath path)
{
    private const int SmallRecord = 65_000;

    /// <summary>Large things leave this much of the path's window to small ones.</summary>
    private const int Reserve = 128 * 1024;

    /// <summary>The relay gives windows back in portions of 64 KiB: with less than two underway it would idle.</summary>
    private const int LeastUnderway = 128 * 1024;

    /// <summary>Kept free for the last message to a viewer that takes nothing.</summary>
    private const int LastWords = 256;

    private readonly Queue<Entry> desktop = new();
    private readonly ClipboardPacing clipboard = new();
    private byte[]? held;
    private int heldLength;
    private Entry? inPeer;
    private long? began;
    private int small;
    private int fullWindow;

    public ushort Member { get; set; }

    public Pacing Pacing { get; } = new();

    /// <summary>No part of an update waits here.</summary>
    public bool IsDrained => desktop.Count == 0 && inPeer is null;

    /// <summary>
    /// An update for this viewer alone is leaving. A clipboard waits until it has: that the update has left is seen by nothing being left, and
    /// its acknowledgement may come at once.
    /// </summary>
    public bool IsUpdateUnderway => inPeer is not null;

    /// <summary>Bytes of messages that have not left; what grows here is a viewer that takes nothing.</summary>
    public long Waiting => peer.PendingBytes + heldLength;

    /// <summary>Of <see cref="Waiting"/>, what is control and cursor. These answer the viewer, so that it could make them grow.</summary>
    public long WaitingSmall => peer.PendingSmallBytes;

    /// <summary>A message on the control or cursor channel.</summary>
    public void SendSmall(long now, byte channel, ReadOnlySpan<byte> message)
    {
        if (peer.Send(now, channel, message))
        {
            small += 1 + (message.Length / SmallRecord);
        }
    }

    /// <summary>A ping came back. False: it was not the one that is waited for.</summary>
    public bool HasPonged(long now, long number) => clipboard.HasReturned(now, number) || Pacing.HasPonged(now, number);

    /// <summary>What leaves from now on takes another path.</summary>
    public void PathChanged(long now)
    {
        Pacing.PathChanged(now);
        clipboard.PathChanged();
    }

    /// <summary>A clipboard: a long one leaves behind small messages and the desktop, as the way to this viewer has room.</summary>
    public void SendClipboard(long now, ReadOnlySpan<byte> message) => peer.Send(now, ChannelBudgets.Clipboard, message);

    /// <summary>An update for this viewer alone. The memory stays as it is until <see cref="IsDrained"/>.</summary>
    public void Add(ReadOnlyMemory<byte> update, uint sequence) => desktop.Enqueue(new(null, update, sequence, update.Length, IsKey: false));

    /// <summary>A stream's key, which is to be known before the records behind it and not before those in front of it.</summary>
    public void AddKey(byte[] streamStart) => desktop.Enqueue(new(null, streamStart, 0, 0, IsKey: true));

    /// <summary>A stream record; with <paramref name="updateBytes"/> the last of an update of that size.</summary>
    public void Add(SealedRecord record, uint sequence, int updateBytes)
    {
        record.Hold();
        desktop.Enqueue(new(record, default, sequence, updateBytes, IsKey: false));
    }

    /// <summary>Sends what the path takes now. Stops at a stream record: those go to many at once (<see cref="Next"/>).</summary>
    public void Pump(long now)
    {
        while (TrySendHandshake() || (heldLength > 0 ? TrySendHeld() : TryGiveNext(now) || TrySendPolled(now)))
        {
            if (inPeer is { } update && IsAheadSent && heldLength == 0)
            {
                inPeer = null;
                HasSent(now, update);
            }
        }
    }

    /// <summary>A control message in place of everything that waits.</summary>
    public void SendLast(long now, ReadOnlySpan<byte> control)
    {
        peer.ForgetPending();
        peer.Send(now, ChannelBudgets.Control, control);
        bool leaves = heldLength == 0 || TrySendHeld();
        while (leaves && peer.TryPollPayload(out var payload))
        {
            leaves = path.TrySend([Member], payload.Span);
        }

        Clear();
    }

    /// <summary>The stream record that may leave now, if one may.</summary>
    public SealedRecord? Next() =>
        heldLength == 0 && inPeer is null && IsAheadSent && desktop.TryPeek(out var next) && next.Record is { } record
            && BulkAllowed() && path.Window(Member) >= record.Bytes.Length ? record : null;

    /// <summary><see cref="Next"/> has left.</summary>
    public void HasSentNext(long now)
    {
        var sent = desktop.Dequeue();
        sent.Record!.LetGo();
        began ??= now;
        if (sent.UpdateBytes > 0)
        {
            HasSent(now, sent);
        }
    }

    /// <summary>The path to this viewer starts with a full window.</summary>
    public void HasArrived() => fullWindow = path.Window(Member);

    /// <summary>Everything in it is lost, and nothing is on the way any more.</summary>
    public void Clear()
    {
        while (desktop.TryDequeue(out var entry))
        {
            entry.Record?.LetGo();
        }

        heldLength = 0;
        inPeer = null;
        began = null;
        small = 0;
        Pacing.Forget();
        clipboard.Forget();
    }

    /// <summary>Nothing waits in the peer but clipboards.</summary>
    private bool IsAheadSent => peer.PendingBytes == peer.PendingClipboardBytes;

    private bool TryGiveNext(long now)
    {
        if (heldLength > 0 || inPeer is not null || !IsAheadSent || !desktop.TryPeek(out var next) || next.Record is not null || !peer.IsSecured)
        {
            return false;
        }

        if (next.IsKey)
        {
            desktop.Dequeue();
            SendSmall(now, ChannelBudgets.Control, next.Bytes.Span);
            return true;
        }

        if (!BulkAllowed() || !peer.Send(now, ChannelBudgets.Desktop, next.Bytes.Span))
        {
            return false;
        }

        desktop.Dequeue();
        inPeer = next;
        began = now;
        return true;
    }

    private void HasSent(long now, Entry update)
    {
        Pacing.HasSent(began ?? now, update.Sequence, update.UpdateBytes);
        began = null;
    }

    /// <summary>
    /// A handshake waits for nothing that was sealed before, nor for a direct way: it goes by the relay, and may be what ends the waiting. Where the relay has no room for it, records go on, but
    /// for those of the session that its last message begins.
    /// </summary>
    private bool TrySendHandshake()
    {
        if (peer.NextHandshake is not { IsEmpty: false } payload || !path.TrySend([Member], payload.Span))
        {
            return false;
        }

        peer.HandshakeHasLeft();
        return true;
    }

    private bool TrySendPolled(long now)
    {
        // The desktop goes first; a stream's records leave from here and not from the peer.
        bool isClipboard = peer.NextIsClipboard;
        if (isClipboard && (!clipboard.IsOpen || desktop.Count > 0))
        {
            return false;
        }

        // The peer gives small messages first, so that with any small one pending the next record is small.
        if (small == 0 && peer.PendingBytes > 0 && !BulkAllowed())
        {
            return false;
        }

        if (peer.NextLength is > 0 and var length && path.Window(Member) < length + LastWords)
        {
            return false;
        }

        if (!peer.TryPollRecord(out var payload))
        {
            small = 0;
            return false;
        }

        small = Math.Max(0, small - 1);
        if (isClipboard)
        {
            clipboard.HasSent(payload.Length);
        }

        if (!path.TrySend([Member], payload.Span))
        {
            // Sealed records leave in their order; the peer's memory is good until its next call only.
            held ??= GC.AllocateUninitializedArray<byte>(RecordPool.Size);
            payload.CopyTo(held);
            heldLength = payload.Length;
            return false;
        }

        if (clipboard.WantsMark)
        {
            SendSmall(now, ChannelBudgets.Control, ControlJson.Write(new ControlMessage.Ping(clipboard.Mark(now))));
        }

        return true;
    }

    private bool TrySendHeld()
    {
        if (!path.TrySend([Member], held.AsSpan(0, heldLength)))
        {
            return false;
        }

        heldLength = 0;
        return true;
    }

    private bool BulkAllowed()
    {
        int window = path.Window(Member);
        fullWindow = Math.Max(fullWindow, window);
        int most = Math.Max(LeastUnderway, Math.Min(Pacing.Window, fullWindow - Reserve));
        return fullWindow - window < most;
    }

    private readonly record struct Entry(SealedRecord? Record, ReadOnlyMemory<byte> Bytes, uint Sequence, int UpdateBytes, bool IsKey);
}
