using System.Net.WebSockets;
using System.Threading.Tasks.Sources;

namespace Alongside.Server.Tests.Running;

/// <summary>
/// A WebSocket without a network: receives what <see cref="Feed"/> gives it, keeps what it is told to send. Allocates nothing for a frame.
/// With <see cref="StopReading"/> its other side takes nothing any more.
/// </summary>
internal sealed class ScriptedSocket : WebSocket, IValueTaskSource<ValueWebSocketReceiveResult>
{
    private readonly Lock gate = new();
    private ManualResetValueTaskSourceCore<ValueWebSocketReceiveResult> core = new() { RunContinuationsAsynchronously = true };
    private byte[]? message;
    private WebSocketMessageType type;
    private bool ends;
    private bool waiting;
    private bool aborted;
    private int sent;
    private volatile TaskCompletionSource? stuck;

    /// <summary>Messages that were sent.</summary>
    public int Sent => Volatile.Read(ref sent);

    public byte[]? LastText { get; private set; }

    /// <summary>Of the first message that was sent.</summary>
    public WebSocketMessageType? First { get; private set; }

    /// <summary>Everything fed has been dealt with, and its reader waits for more.</summary>
    public bool IsWaiting
    {
        get
        {
            lock (gate)
            {
                return waiting || aborted;
            }
        }
    }

    public bool Aborted => Volatile.Read(ref aborted);

    /// <summary>The next message to be sent stays underway until the socket is aborted.</summary>
    public void StopReading() => stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => aborted ? WebSocketState.Aborted : WebSocketState.Open;

    public override string? SubProtocol => null;

    /// <summary>The next message, or a part of one. Only one at a time: the last one has to be read.</summary>
    public void Feed(byte[] next, WebSocketMessageType nextType, bool isWhole = true)
    {
        lock (gate)
        {
            Assert.Null(message);
            message = next;
            type = nextType;
            ends = isWhole;
            if (!waiting)
            {
                return;
            }

            waiting = false;
        }

        // Whoever waits does so with an empty buffer, or reads its first message into one that is far larger.
        core.SetResult(new ValueWebSocketReceiveResult(0, type, false));
    }

    public override ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(aborted, this);
            if (message is not null)
            {
                if (buffer.IsEmpty)
                {
                    return ValueTask.FromResult(new ValueWebSocketReceiveResult(0, type, false));
                }

                var length = message.Length;
                message.CopyTo(buffer);
                message = null;
                return ValueTask.FromResult(new ValueWebSocketReceiveResult(length, type, ends));
            }

            core.Reset();
            waiting = true;
            return new ValueTask<ValueWebSocketReceiveResult>(this, core.Version);
        }
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (stuck is not null)
        {
            return new ValueTask(stuck.Task);
        }

        First ??= messageType;
        if (messageType == WebSocketMessageType.Text)
        {
            LastText = buffer.ToArray();
        }

        Interlocked.Increment(ref sent);
        return ValueTask.CompletedTask;
    }

    public override void Abort()
    {
        bool wakes;
        lock (gate)
        {
            aborted = true;
            (wakes, waiting) = (waiting, false);
        }

        stuck?.TrySetException(new WebSocketException("Aborted."));
        if (wakes)
        {
            core.SetException(new WebSocketException("Aborted."));
        }
    }

    public override void Dispose() => Abort();

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken) =>
        SendAsync((ReadOnlyMemory<byte>)buffer, messageType, endOfMessage, cancellationToken).AsTask();

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => Task.CompletedTask;

    ValueWebSocketReceiveResult IValueTaskSource<ValueWebSocketReceiveResult>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ValueWebSocketReceiveResult>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<ValueWebSocketReceiveResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
