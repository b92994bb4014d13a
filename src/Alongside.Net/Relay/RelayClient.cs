using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Net.Tls;

namespace Alongside.Net.Relay;

/// <summary>
/// Drives a <see cref="RelayPeer"/> over a WebSocket: connects, keeps one loop that receives and one that sends, and after a break
/// connects again and takes its place back until that place is lost. Everything but <see cref="DisposeAsync"/> may be called from any thread.
/// The sink is called from the receive loop only (see <see cref="IRelaySink"/>), never under a lock of this class.
/// <code>
/// TrySend -> outgoing -> send loop -> WebSocket -> receive loop -> peer -> sink
/// </code>
/// </summary>
public sealed class RelayClient : IAsyncDisposable
{
    private readonly Uri server;
    private readonly RelayClientOptions options;
    private readonly IRelaySink sink;
    private readonly Lock gate = new();
    private readonly MessageQueue outgoing = new(new BlockPool(keep: 32));
    private readonly Doorbell bell = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RelayPeer? peer;
    private Task running = Task.CompletedTask;
    private bool closing;

    /// <param name="server">Its address as people see it: http(s)://host[:port][/path].</param>
    public RelayClient(Uri server, RelayClientOptions options, IRelaySink sink)
    {
        ArgumentNullException.ThrowIfNull(server);
        if (server.Scheme is not ("http" or "https" or "ws" or "wss"))
        {
            throw new ArgumentException("A server's address starts with http:// or https://.", nameof(server));
        }

        var secure = server.Scheme is "https" or "wss";
        this.server = new UriBuilder(server)
        {
            Scheme = secure ? "wss" : "ws",
            Path = server.AbsolutePath.TrimEnd('/') + RelayLimits.Path,
            Query = "",
            Fragment = "",
        }.Uri;
        this.options = options;
        this.sink = sink;
    }

    /// <summary>Bytes accepted by <see cref="TrySend"/> that have not been handed to the socket yet.</summary>
    public int Unsent
    {
        get
        {
            lock (gate)
            {
                return outgoing.Bytes;
            }
        }
    }

    /// <summary>Makes a room. Completes when it is open (<see cref="IRelaySink.Opened"/> has been called).</summary>
    /// <exception cref="RelayException">The server could not be reached, or said no. <see cref="IRelaySink.Ended"/> is called as well.</exception>
    public Task OpenAsync(MemberRole role, bool withNumber) => StartAsync(RelayPeer.ToOpen(role, withNumber));

    /// <summary>Enters a room by its number (three to five digits) or its id (22 characters).</summary>
    /// <exception cref="RelayException">As for <see cref="OpenAsync"/>.</exception>
    /// <exception cref="ArgumentException">Neither a number nor an id.</exception>
    public Task JoinAsync(MemberRole role, string place) => StartAsync(RelayPeer.ToJoin(role, place));

    /// <summary>Sends one payload of 1 to 65,536 bytes, the same to all receivers, each after what was sent before. The bytes are copied.</summary>
    /// <returns>False, and nothing is sent, when a receiver is not here or its window has not enough room;
    /// <see cref="IRelaySink.WindowOpened"/> tells when it has.</returns>
    public bool TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfZero(to.Length);
        ArgumentOutOfRangeException.ThrowIfZero(payload.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to.Length, RelayLimits.Receivers);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, RelayLimits.Payload);
        var length = RelayFrames.SendHeader(to.Length) + payload.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, RelayLimits.Binary);
        lock (gate)
        {
            if (closing || peer is not { IsHere: true } || !peer.TryReserve(to, payload.Length))
            {
                return false;
            }

            RelayFrames.WriteSend(outgoing.Add(length), to, payload);
        }

        bell.Ring();
        return true;
    }

    /// <summary>Payload bytes that may be sent to a member now; 0 when it, or this side, is away.</summary>
    public int Window(ushort member)
    {
        lock (gate)
        {
            return peer?.Window(member) ?? 0;
        }
    }

    /// <summary>Opener only: gives up the number and asks for a new one (<see cref="IRelaySink.Number"/>). Nothing happens during a break.</summary>
    public void RequestNumber() => Say(new ClientSignal.NewNumber());

    /// <summary>Opener only: gives up the number.</summary>
    public void DropNumber() => Say(new ClientSignal.DropNumber());

    /// <summary>Opener or host: ends a member's connection; its place is lost.</summary>
    public void Remove(ushort member) => Say(new ClientSignal.Remove(member));

    /// <summary>Opener only: ends the room for all.</summary>
    public void CloseRoom() => Say(new ClientSignal.Close());

    /// <summary>Sends what is underway (for two seconds at most), leaves in order, and gives up the place. <see cref="IRelaySink.Ended"/> has
    /// been called when this completes. Not to be awaited inside a call of the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closing = true;
        }

        bell.Ring();
        stopping.CancelAfter(TimeSpan.FromSeconds(2));
        await running.ConfigureAwait(false);
        stopping.Dispose();
    }

    private Task StartAsync(RelayPeer start)
    {
        lock (gate)
        {
            if (peer is not null)
            {
                throw new InvalidOperationException("A relay client enters one room once.");
            }

            peer = start;
            running = Task.Run(RunAsync);
        }

        return entered.Task;
    }

    private void Say(ClientSignal signal)
    {
        var text = SignalJson.Write(signal);
        lock (gate)
        {
            if (closing || peer is not { IsHere: true })
            {
                return;
            }

            text.CopyTo(outgoing.Add(text.Length, text: true));
        }

        bell.Ring();
    }

    /// <summary>Connection after connection, until it has ended. Nothing escapes: what goes wrong ends the client with its reason.</summary>
    private async Task RunAsync()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(RelayLimits.Binary);
        var attempt = 0;
        var broken = 0L;
        while (true)
        {
            var wasHere = await ConnectOnceAsync(buffer).ConfigureAwait(false);
            bool slowDown;
            lock (gate)
            {
                slowDown = peer!.SlowDown;
                if (closing || stopping.IsCancellationRequested)
                {
                    peer.End((int)RelayClose.Normal, RelayClose.Normal.Words());
                }
            }

            TellAll();
            if (peer.HasEnded)
            {
                return;
            }

            if (wasHere)
            {
                attempt = 0;
                broken = options.Time.GetTimestamp();
            }

            var away = (long)options.Time.GetElapsedTime(broken).TotalMicroseconds;
            var delay = RelayRetry.Delay(attempt++, away, slowDown, Random.Shared.NextDouble());
            try
            {
                await Task.Delay(TimeSpan.FromMicroseconds(delay), options.Time, stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Disposed while waiting; the next attempt fails at once and ends it.
            }
        }
    }

    /// <summary>One connection from connect to close. True when it got as far as the room.</summary>
    private async Task<bool> ConnectOnceAsync(byte[] buffer)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RelayLimits.Subprotocol);
        socket.Options.KeepAliveInterval = options.Ping;
        socket.Options.KeepAliveTimeout = options.Ping;
        if (options.Fingerprint is { } fingerprint)
        {
            socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificateFingerprint.Matches(certificate, fingerprint);
        }

        int? code = null;
        var reason = "The server closed the connection without a word.";
        var wasHere = false;
        var sending = Task.CompletedTask;
        try
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token))
            {
                limit.CancelAfter(options.ConnectTimeout);
                await socket.ConnectAsync(server, limit.Token).ConfigureAwait(false);
            }

            var first = SignalJson.Write(peer!.FirstMessage());
            await socket.SendAsync(first.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
            sending = SendLoopAsync(socket);
            using (stopping.Token.UnsafeRegister(static socket => ((ClientWebSocket)socket!).Abort(), socket))
            {
                wasHere = await ReceiveLoopAsync(socket, buffer).ConfigureAwait(false);
            }

            (code, reason) = HowClosed(socket, reason);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or HttpRequestException)
        {
            wasHere = peer!.IsHere;
            reason = Words(error);
        }
        catch (ProtocolException error)
        {
            wasHere = peer!.IsHere;
            (code, reason) = ((int)RelayClose.Malformed, error.Message);
        }
        catch (SinkException error)
        {
            wasHere = peer!.IsHere;
            lock (gate)
            {
                peer.End((int)RelayClose.Normal, error.Message);
            }
        }

        lock (gate)
        {
            peer!.HandleClosed(code, reason);
            outgoing.Clear();
        }

        socket.Abort();
        bell.Ring();
        await sending.ConfigureAwait(false);
        return wasHere;
    }

    /// <summary>Reads message by message until the server closes. It waits with an empty read, then fills the one buffer.</summary>
    private async Task<bool> ReceiveLoopAsync(ClientWebSocket socket, byte[] buffer)
    {
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    throw new ProtocolException("The server sent a message that was too big.");
                }

                part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return peer!.IsHere;
            }

            Handle(buffer.AsSpan(0, length), part.MessageType == WebSocketMessageType.Text);
        }
    }

    private void Handle(ReadOnlySpan<byte> message, bool text)
    {
        ReadOnlySpan<byte> payload = default;
        ushort from = 0;
        lock (gate)
        {
            if (text)
            {
                peer!.HandleText(message);
            }
            else
            {
                payload = peer!.HandleBinary(message, out from);
            }
        }

        if (!payload.IsEmpty)
        {
            try
            {
                sink.Payload(from, payload);
            }
            catch (Exception error)
            {
                throw new SinkException(error);
            }
        }

        TellAll();
    }

    /// <summary>Tells the sink everything that has happened.</summary>
    private void TellAll()
    {
        while (true)
        {
            RelayEvent happened;
            lock (gate)
            {
                if (!peer!.TryPoll(out happened))
                {
                    return;
                }
            }

            if (happened.Kind == RelayEventKind.Ended)
            {
                entered.TrySetException(new RelayException(happened.Number, happened.Text!));
                _ = entered.Task.Exception;
            }

            try
            {
                happened.Tell(sink);
            }
            catch (Exception error) when (happened.Kind != RelayEventKind.Ended)
            {
                throw new SinkException(error);
            }

            if (happened.Kind is RelayEventKind.Opened or RelayEventKind.Joined)
            {
                entered.TrySetResult();
            }
        }
    }

    /// <summary>Sends what is in <see cref="outgoing"/> as soon as it is there, in its order. Ends with the connection.</summary>
    private async Task SendLoopAsync(ClientWebSocket socket)
    {
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                ReadOnlyMemory<byte> message;
                bool text;
                bool some;
                bool last;
                lock (gate)
                {
                    some = outgoing.TryPeek(out message, out text);
                    last = closing;
                }

                if (some)
                {
                    try
                    {
                        await socket.SendAsync(message, text ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None)
                            .ConfigureAwait(false);
                    }
                    finally
                    {
                        lock (gate)
                        {
                            outgoing.Advance();
                        }
                    }
                }
                else if (last)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
                    return;
                }
                else
                {
                    await bell.WaitAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The receive loop hears of it as well, and has the better words.
            socket.Abort();
        }
    }

    private static (int? Code, string Reason) HowClosed(ClientWebSocket socket, string otherwise)
    {
        var code = (int?)socket.CloseStatus;
        return string.IsNullOrEmpty(socket.CloseStatusDescription)
            ? (code, code is { } known ? ((RelayClose)known).Words() : otherwise)
            : (code, socket.CloseStatusDescription);
    }

    private string Words(Exception error)
    {
        var address = $"{(server.Scheme == "wss" ? "https" : "http")}://{server.Authority}";
        for (var inner = error; inner is not null; inner = inner.InnerException!)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound }:
                    return $"There is no server named {server.Host}.";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"No server answers at {address}.";
                case System.Security.Authentication.AuthenticationException:
                    return options.Fingerprint is null
                        ? $"The certificate of {address} is not one that this system trusts."
                        : $"The certificate of {address} is not the one that was expected.";
                case OperationCanceledException:
                    return $"{address} did not answer in time.";
            }
        }

        return error is WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket } or HttpRequestException
            ? $"{address} answers, but not as an Alongside server."
            : $"The connection to {address} was lost.";
    }

    /// <summary>Our own mistake in handling an event: it ends this client, in words, and not the process.</summary>
    private sealed class SinkException(Exception inner) : Exception($"Something went wrong on this side: {inner.Message}", inner);
}
