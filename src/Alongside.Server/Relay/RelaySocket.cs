using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Net.Relay;
using Alongside.Server.Health;
using Alongside.Server.Limits;
using Alongside.Server.Rooms;
using Alongside.Server.Storage;

namespace Alongside.Server.Relay;

/// <summary>
/// One participant's WebSocket, from accept to close. Its receive loop reads signalling (which goes to the <see cref="RoomKeeper"/>) and
/// frames (which it copies into the flows of their receivers); its <see cref="Outbox"/> sends.
/// <code>
/// WebSocket -> ReceiveLoop -> Forward -> Outbox of each receiver -> WebSocket
/// </code>
/// An idle socket holds no buffer: the loop waits with an empty read and rents a block when there is something to read.
/// </summary>
public sealed class RelaySocket(WebSocket socket, Source source, RelayShared shared)
{
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <summary>Time for each part of a message that was begun, and how many bytes a part has: a slow line passes, and one message that never ends does not keep its block.</summary>
    private static readonly TimeSpan PartTime = TimeSpan.FromSeconds(10);
    private const int Part = 8 * 1024;
    private readonly Dictionary<ushort, Flow> flows = [];
    private ITimer? patience;
    private volatile int begun;

    public Outbox Outbox { get; } = new(socket, new Holding(shared.Memory));

    /// <summary>Where it came from, for the limits.</summary>
    public Source Source { get; } = source;

    /// <summary>The room it has entered, and its place there. Set once, by the <see cref="RoomKeeper"/>.</summary>
    public Room? Room { get; private set; }

    public Seat? Seat { get; private set; }

    /// <summary>Blocks that it takes up: what waits for it, and a message that was begun and is not whole.</summary>
    public int Blocks => Outbox.Blocks + (begun > 0 ? 1 : 0);

    /// <summary>For tests: to how many it has sent who are here, or were when it last sent to somebody new.</summary>
    internal int Receivers => flows.Count;

    /// <summary>Counts sockets, so that of two it is known which came first.</summary>
    public long Order { get; } = shared.NextOrder();

    /// <summary>It took a place again, so others may have sent to that member before it was here.</summary>
    public bool CameBack { get; private set; }

    public void Enter(Room room, Seat seat, bool cameBack)
    {
        Room = room;
        Seat = seat;
        CameBack = cameBack;
    }

    /// <summary>Closes with a reason; when the other side does not go along within two seconds, without.</summary>
    public void Close(RelayClose code, string? reason = null)
    {
        Outbox.Close(code, reason);
        _ = AbortLaterAsync();
    }

    /// <summary>Ends the connection at once and frees what waits for it, and what it sent and others have not taken yet. Its member may come back.</summary>
    public void Drop()
    {
        Outbox.Shut();
        socket.Abort();
        foreach (var seat in Room?.Seats ?? [])
        {
            seat.Socket?.Outbox.Forget(this);
        }
    }

    /// <summary>Runs until the socket is closed, and leaves the room.</summary>
    public async Task RunAsync()
    {
        shared.Came(this);
        var sending = SendAsync();
        var orderly = false;
        try
        {
            if (!await EnterAsync().ConfigureAwait(false))
            {
                return;
            }

            orderly = await ReceiveLoopAsync().ConfigureAwait(false);
        }
        catch (ProtocolException error)
        {
            Close(RelayClose.Malformed, error.Message);
            await DrainAsync().ConfigureAwait(false);
        }
        catch (StorageException error)
        {
            Close(RelayClose.Restart, error.Message);
            await DrainAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side is gone without a word, or did not answer a ping: no more than a break.
        }
        finally
        {
            shared.Rooms.Leave(this, orderly && Outbox.Closed is null);
            if (socket.State is WebSocketState.CloseReceived)
            {
                Close(Outbox.Closed ?? RelayClose.Normal);
            }
            else
            {
                Outbox.Shut();
            }

            await sending.ConfigureAwait(false);
            Outbox.Shut();
            await (patience?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
            shared.Memory.Went(this);
            shared.Counters.Closed(Outbox.Closed ?? (orderly ? RelayClose.Normal : null));
        }
    }

    private async Task SendAsync()
    {
        try
        {
            await Outbox.SendLoopAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The receive loop hears of it as well and leaves the room.
            socket.Abort();
        }
    }

    /// <summary>The first message: open, join or rejoin. Until it has been accepted a socket costs a small buffer and may say nothing else.</summary>
    private async Task<bool> EnterAsync()
    {
        var buffer = new byte[RelayLimits.Text + 1];
        int length;
        WebSocketMessageType type;
        // The clock is for the other side: how long our database takes is not its fault.
        await using (shared.Time.CreateTimer(static self => ((RelaySocket)self!).FirstMessageIsLate(), this, shared.Settings.FirstMessage, Timeout.InfiniteTimeSpan))
        {
            (length, type) = await ReceiveWholeAsync(buffer).ConfigureAwait(false);
        }

        if (type == WebSocketMessageType.Close)
        {
            return false;
        }

        if (Outbox.IsClosing)
        {
            await DrainAsync().ConfigureAwait(false);
            return false;
        }

        if (type == WebSocketMessageType.Binary)
        {
            throw new ProtocolException("A frame came before there was a room.");
        }

        var refusal = length > RelayLimits.Text ? RelayClose.TooBig
            : await shared.Rooms.EnterAsync(this, SignalJson.ReadClient(buffer.AsSpan(0, length))).ConfigureAwait(false);
        if (refusal is { } code)
        {
            Close(code);
            await DrainAsync().ConfigureAwait(false);
            return false;
        }

        return true;
    }

    /// <summary>Message by message until the other side closes. True when it did so in order.</summary>
    private async Task<bool> ReceiveLoopAsync()
    {
        while (true)
        {
            var first = await socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
            if (first.MessageType == WebSocketMessageType.Close)
            {
                // 1001 is a page that is reloaded or left: it may come back.
                return socket.CloseStatus is WebSocketCloseStatus.NormalClosure or WebSocketCloseStatus.Empty;
            }

            var block = shared.Pool.Rent();
            try
            {
                var limit = first.MessageType == WebSocketMessageType.Text ? RelayLimits.Text : RelayLimits.Binary;
                var length = 0;
                // The same as ReceiveWholeAsync, written out: a frame should not cost a call that may have to be kept for later.
                for (var ended = first.EndOfMessage; !ended && length <= limit;)
                {
                    var receiving = socket.ReceiveAsync(block.Bytes.AsMemory(length, limit + 1 - length), CancellationToken.None);
                    if (!receiving.IsCompleted)
                    {
                        AwaitPart(length);
                    }

                    var part = await receiving.ConfigureAwait(false);
                    length += part.Count;
                    ended = part.EndOfMessage;
                }

                HasWhole();

                if (Outbox.IsClosing)
                {
                    continue;
                }

                if (length > limit)
                {
                    Close(RelayClose.TooBig);
                }
                else if (first.MessageType == WebSocketMessageType.Binary)
                {
                    Forward(block.Bytes.AsSpan(0, length));
                }
                else if (shared.Rooms.Handle(this, SignalJson.ReadClient(block.Bytes.AsSpan(0, length))) is { } refusal)
                {
                    Close(refusal);
                }
            }
            finally
            {
                HasWhole();
                shared.Pool.Return(block);
            }
        }
    }

    /// <summary>The rest of a message is not here yet. Its block counts from now on, and it has time for another part as soon as one is whole. Nothing of this for a message that comes at once.</summary>
    private void AwaitPart(int length)
    {
        var parts = 1 + (length / Part);
        if (parts == begun)
        {
            return;
        }

        var isFirst = begun == 0;
        begun = parts;
        patience ??= shared.Time.CreateTimer(static self => ((RelaySocket)self!).PartIsLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        patience.Change(PartTime, Timeout.InfiniteTimeSpan);
        if (isFirst)
        {
            shared.Memory.Count(1);
        }

        if (shared.Memory.IsOver)
        {
            shared.Memory.Relieve();
        }
    }

    private void HasWhole()
    {
        if (begun > 0)
        {
            begun = 0;
            patience!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            shared.Memory.Count(-1);
        }
    }

    private void PartIsLate()
    {
        if (begun > 0)
        {
            Close(RelayClose.Timeout);
        }
    }

    /// <summary>One whole message into the buffer. What is over its end is not read: the length returned is then all of the buffer.</summary>
    private async ValueTask<(int Length, WebSocketMessageType Type)> ReceiveWholeAsync(byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
            length += part.Count;
            if (part.EndOfMessage || length == buffer.Length)
            {
                return (length, part.MessageType);
            }
        }
    }

    /// <summary>Copies a frame to all its receivers.</summary>
    private void Forward(ReadOnlySpan<byte> message)
    {
        RelayFrames.ReadSend(message, out var receivers, out var payload);
        var count = receivers.Length / 2;
        for (var i = 0; i < count; i++)
        {
            var to = RelayFrames.Receiver(receivers, i);
            switch (Deliver(to, payload))
            {
                case Enqueued.Dropped when !Room!.WasMember(to) || to == Seat!.Id:
                    throw new ProtocolException("A frame was for somebody who never was in the room, or for its own sender.");
                case Enqueued.Dropped:
                    Outbox.GiveBack(to, payload.Length);
                    break;
                case Enqueued.OverWindow:
                    Close(RelayClose.Window);
                    return;
            }
        }

        if (shared.Memory.IsOver)
        {
            shared.Memory.Relieve();
        }

        shared.Counters.Relayed(count, payload.Length);
    }

    private Enqueued Deliver(ushort to, ReadOnlySpan<byte> payload)
    {
        var target = Room!.Find(to)?.Socket;
        if (target is null || target == this)
        {
            return Enqueued.Dropped;
        }

        if (!flows.TryGetValue(to, out var flow) || flow.To != target)
        {
            // Until a sender hears that a member is back it may go on with the old window, and then has a new one.
            var limit = target.CameBack && target.Order > Order ? 2 * RelayLimits.Window : RelayLimits.Window;
            flow = target.Outbox.Open(this, target, limit);
            if (flow is null)
            {
                return Enqueued.Dropped;
            }

            ForgetThoseGone();
            flows[to] = flow;
        }

        return target.Outbox.TryEnqueue(flow, payload);
    }

    /// <summary>A flow holds its receiver's socket: a host that stays for weeks would keep all who ever came.</summary>
    private void ForgetThoseGone()
    {
        foreach (var (member, flow) in flows)
        {
            if (flow.Closed)
            {
                flows.Remove(member);
            }
        }
    }

    /// <summary>After a refusal: reads and forgets, until the other side has seen the close.</summary>
    private async Task DrainAsync()
    {
        var buffer = new byte[1024];
        try
        {
            while ((await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).ConfigureAwait(false)).MessageType != WebSocketMessageType.Close)
            {
                // Nothing of it is used.
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Gone; that was the aim.
        }
    }

    private void FirstMessageIsLate() => Close(RelayClose.Timeout);

    private async Task AbortLaterAsync()
    {
        await Task.Delay(CloseTime).ConfigureAwait(false);
        socket.Abort();
    }
}
