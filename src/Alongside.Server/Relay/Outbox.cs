using System.Net.WebSockets;
using System.Runtime.InteropServices;
using Alongside.Core.Relay;
using Alongside.Net.Relay;

namespace Alongside.Server.Relay;

/// <summary>
/// Everything that waits to be sent on one socket, and the loop that sends it. First signalling, then credits, then payloads, one of each
/// sender in turn, so that no sender holds up another; last a close.
/// <code>
/// Say ---------> texts --+
/// GiveBack ----> credits-+--> SendLoop --> WebSocket
/// TryEnqueue --> flows --+
/// </code>
/// Bounded: flows by their windows, credits by one entry a receiver, texts by <see cref="MostText"/> (a client that
/// lets more pile up is not reading, and is dropped), and all outboxes together by <see cref="RelayMemory"/>. No lock of another outbox is taken while this one's is held.
/// </summary>
public sealed partial class Outbox(WebSocket socket, Holding held)
{
    private const int MostText = 256 * 1024;
    private readonly Lock gate = new();
    private readonly Doorbell bell = new();
    private readonly MessageQueue texts = new(held);
    private readonly List<Flow> flows = [];
    private readonly Queue<Flow> ready = new();
    private readonly Dictionary<ushort, uint> credits = [];
    private readonly Queue<ushort> credited = new();
    private readonly byte[] credit = new byte[RelayFrames.WindowUpdate];
    private (RelayClose Code, string Reason)? close;
    private volatile bool closing;
    private bool shut;

    /// <summary>A close was asked for, or the socket is gone: nothing more is taken in.</summary>
    public bool IsClosing => closing;

    /// <summary>Why this side closed; null when it did not.</summary>
    public RelayClose? Closed => close?.Code;

    /// <summary>Blocks that what waits here takes up.</summary>
    public int Blocks => held.Blocks;

    public void Say(ServerSignal signal)
    {
        var text = SignalJson.Write(signal);
        lock (gate)
        {
            if (IsClosing)
            {
                return;
            }

            SayLocked(text);
        }

        bell.Ring();
    }

    /// <summary>Says that a member went, after the last payload it sent. With <paramref name="drop"/> those are forgotten: it came back.</summary>
    public void SayLeft(RelaySocket? sender, ServerSignal.Left left, bool drop)
    {
        lock (gate)
        {
            if (IsClosing)
            {
                return;
            }

            var flow = sender is null ? null : flows.Find(flow => flow.From == sender);
            if (flow is not null)
            {
                flow.Closed = true;
                if (drop)
                {
                    flow.Messages.Clear();
                    flow.Underway = 0;
                }

                if (!flow.Messages.IsEmpty)
                {
                    flow.Epitaph = left;
                    return;
                }

                flows.Remove(flow);
            }

            SayLocked(SignalJson.Write(left));
        }

        bell.Ring();
    }

    /// <summary>Says that a member is here. What its last socket sent and is still underway is forgotten first.</summary>
    public void SayArrived(ServerSignal.Arrived arrived)
    {
        lock (gate)
        {
            if (IsClosing)
            {
                return;
            }

            for (var i = flows.Count - 1; i >= 0; i--)
            {
                if (flows[i] is { Closed: true } old && old.Sender == arrived.Member)
                {
                    old.Messages.Clear();
                    old.Underway = 0;
                    if (old.Epitaph is { } left)
                    {
                        SayLocked(SignalJson.Write(left));
                    }

                    flows.RemoveAt(i);
                }
            }

            SayLocked(SignalJson.Write(arrived));
        }

        bell.Ring();
    }

    /// <summary>Sends what waits, then the reason, then closes. The first call counts.</summary>
    public void Close(RelayClose code, string? reason = null)
    {
        lock (gate)
        {
            close ??= (code, reason ?? code.Words());
            closing = true;
        }

        bell.Ring();
    }

    /// <summary>A new flow into this socket; null when it is closing.</summary>
    public Flow? Open(RelaySocket from, RelaySocket to, int limit)
    {
        lock (gate)
        {
            if (IsClosing)
            {
                return null;
            }

            var flow = new Flow(from, to, held, limit);
            flows.Add(flow);
            return flow;
        }
    }

    /// <summary>Takes a payload in for delivery.</summary>
    public Enqueued TryEnqueue(Flow flow, ReadOnlySpan<byte> payload)
    {
        lock (gate)
        {
            if (flow.Closed || IsClosing)
            {
                return Enqueued.Dropped;
            }

            if (flow.Underway + payload.Length > flow.Limit || flow.Messages.Blocks > flow.MostBlocks)
            {
                return Enqueued.OverWindow;
            }

            if (flow.Messages.IsEmpty)
            {
                ready.Enqueue(flow);
            }

            RelayFrames.WriteDelivery(flow.Messages.Add(RelayFrames.DeliveryHeader + payload.Length), flow.Sender, payload);
            flow.Underway += payload.Length;
        }

        bell.Ring(lend: payload.Length <= RelayLimits.Small);
        return Enqueued.Taken;
    }

    /// <summary>Tells this socket's member that so many bytes more may be sent to a receiver.</summary>
    public void GiveBack(ushort receiver, int bytes)
    {
        lock (gate)
        {
            if (shut)
            {
                return;
            }

            ref var owed = ref CollectionsMarshal.GetValueRefOrAddDefault(credits, receiver, out var waiting);
            owed += (uint)bytes;
            if (!waiting)
            {
                credited.Enqueue(receiver);
            }
        }

        bell.Ring();
    }

    /// <summary>The socket is gone. All that waits is dropped, and given back to those who sent it.</summary>
    public void Shut()
    {
        Flow[] open;
        lock (gate)
        {
            shut = true;
            closing = true;
            open = [.. flows];
            flows.Clear();
            ready.Clear();
            texts.Clear();
            foreach (var flow in open)
            {
                flow.Messages.Clear();
                flow.Owed += flow.Underway;
                flow.Underway = 0;
                flow.Closed = true;
            }

            held.Forget();
        }

        bell.Ring();
        foreach (var flow in open)
        {
            if (flow.Owed > 0)
            {
                flow.From.Outbox.GiveBack(flow.To.Seat!.Id, flow.Owed);
            }
        }
    }

    /// <summary>Sends until the socket is closed or gone. Throws what the socket throws.</summary>
    public async Task SendLoopAsync()
    {
        var sent = false;
        while (true)
        {
            if (!TryTake(out var message, out var from))
            {
                if (from.Ends)
                {
                    break;
                }

                await bell.WaitAsync().ConfigureAwait(false);
                sent = false;
                continue;
            }

            if (sent && bell.IsLent)
            {
                // One message was what the thread was lent for: whoever lent it has others to read.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }

            sent = true;
            try
            {
                await socket.SendAsync(message, from.Text ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None)
                    .ConfigureAwait(false);
            }
            finally
            {
                Sent(from);
            }
        }

        if (close is { } how && socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            if (how.Code is not RelayClose.Normal)
            {
                var error = SignalJson.Write(new ServerSignal.Error(how.Code.Name(), how.Reason));
                await socket.SendAsync(error.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
            }

            await socket.CloseOutputAsync((WebSocketCloseStatus)(int)how.Code, how.Code is RelayClose.Normal ? null : how.Reason, CancellationToken.None)
                .ConfigureAwait(false);
        }
    }

    private void SayLocked(byte[] text)
    {
        if (texts.Bytes + text.Length > MostText)
        {
            socket.Abort();
            return;
        }

        text.CopyTo(texts.Add(text.Length, text: true));
    }

    private bool TryTake(out ReadOnlyMemory<byte> message, out Taken from)
    {
        lock (gate)
        {
            if (shut)
            {
                message = default;
                from = new Taken(Ends: true);
                return false;
            }

            if (texts.TryPeek(out message, out _))
            {
                from = new Taken(Text: true);
                return true;
            }

            if (credited.TryDequeue(out var receiver))
            {
                credits.Remove(receiver, out var bytes);
                RelayFrames.WriteWindow(credit, receiver, bytes);
                message = credit;
                from = new Taken();
                return true;
            }

            while (ready.TryDequeue(out var flow))
            {
                if (flow.Messages.TryPeek(out message, out _))
                {
                    from = new Taken(Flow: flow);
                    return true;
                }
            }

            message = default;
            from = new Taken(Ends: close is not null);
            return false;
        }
    }

    /// <summary>The message is with the socket: it leaves its queue, and its sender gets its bytes back in good portions.</summary>
    private void Sent(Taken from)
    {
        var back = 0;
        lock (gate)
        {
            if (from.Text)
            {
                texts.Advance();
            }
            else if (from.Flow is { } flow)
            {
                var length = flow.Messages.Advance();
                if (length > 0)
                {
                    flow.Underway -= length - RelayFrames.DeliveryHeader;
                    flow.Owed += length - RelayFrames.DeliveryHeader;
                }

                if (!flow.Messages.IsEmpty)
                {
                    ready.Enqueue(flow);
                }
                else if (flow.Closed && flow.Epitaph is { } left && flows.Remove(flow))
                {
                    SayLocked(SignalJson.Write(left));
                }

                if (!flow.Closed && (flow.Owed >= RelayLimits.Window / 16 || flow.Underway == 0))
                {
                    back = flow.Owed;
                    flow.Owed = 0;
                }
            }
        }

        if (back > 0)
        {
            from.Flow!.From.Outbox.GiveBack(from.Flow.To.Seat!.Id, back);
        }
    }

    private readonly record struct Taken(bool Text = false, Flow? Flow = null, bool Ends = false);
}

/// <summary>What became of a payload.</summary>
public enum Enqueued
{
    Taken,
    Dropped,
    OverWindow,
}
