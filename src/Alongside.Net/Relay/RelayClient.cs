using Alongside.Core.Relay;

namespace Alongside.Net.Relay;

/// <summary>
/// Drives a <see cref="RelayPeer"/> over a WebSocket: connects, keeps one loop that receives and one that sends, and after a break
/// connects again and takes its place back until that place is lost. Everything but <see cref="DisposeAsync"/> may be called from any thread.
/// The sink is called from the receive loop only (see <see cref="IRelaySink"/>), never under a lock of this class.
/// <code>
/// TrySend -> outgoing -> send loop -> WebSocket -> receive loop -> peer -> sink
/// </code>
/// </summary>
public sealed partial class RelayClient : IAsyncDisposable
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
    private TurnOffer? turn;
    private long turnSaidAt;

    /// <summary>Since when this connection is in the room; null: not yet. The receive loop's.</summary>
    private long? hereSince;

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
    public Task OpenAsync(MemberRole role, bool withNumber) => StartAsync(RelayPeer.ToOpen(role, withNumber, options.ArrivalsAreHeardLater));

    /// <summary>Enters a room by its number (three to five digits) or its id (22 characters).</summary>
    /// <exception cref="RelayException">As for <see cref="OpenAsync"/>.</exception>
    /// <exception cref="ArgumentException">Neither a number nor an id.</exception>
    public Task JoinAsync(MemberRole role, string place) => StartAsync(RelayPeer.ToJoin(role, place, options.ArrivalsAreHeardLater));

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

        bell.Ring(lend: payload.Length <= RelayLimits.Small);
        return true;
    }

    /// <summary>The connection stands, and this side has its place in the room.</summary>
    public bool IsHere
    {
        get
        {
            lock (gate)
            {
                return peer is { IsHere: true };
            }
        }
    }

    /// <summary>Payload bytes that may be sent to a member now; 0 when it, or this side, is away.</summary>
    public int Window(ushort member)
    {
        lock (gate)
        {
            return peer?.Window(member) ?? 0;
        }
    }

    /// <summary>With <see cref="RelayClientOptions.ArrivalsAreHeardLater"/>: one more of a member's arrivals is known to who sends.</summary>
    public void HasHeardOf(ushort member)
    {
        lock (gate)
        {
            peer?.HasHeardOf(member);
        }
    }

    /// <summary>The server's UDP port for STUN, as it last said; null: it has none, or has not said yet.</summary>
    public int? StunPort
    {
        get
        {
            lock (gate)
            {
                return peer?.StunPort;
            }
        }
    }

    /// <summary>TURN servers that may be used, as the server last said; null: none, or it has not said yet, or its password has ended.</summary>
    public TurnOffer? Turn
    {
        get
        {
            lock (gate)
            {
                return turn is not null && options.Time.GetElapsedTime(turnSaidAt).TotalSeconds < turn.Seconds ? turn : null;
            }
        }
    }

    /// <summary>Opener only: gives up the number and asks for a new one (<see cref="IRelaySink.Number"/>). Nothing happens during a break.</summary>
    public void RequestNumber() => Say(new ClientSignal.NewNumber());

    /// <summary>Opener only: gives up the number.</summary>
    public void DropNumber() => Say(new ClientSignal.DropNumber());

    /// <summary>Ends a member's connection; its place is lost. The opener's to say, and a host's in a viewer's room of other viewers.</summary>
    public void Remove(ushort member) => Say(new ClientSignal.Remove(member));

    /// <summary>Opener only: ends the room for all.</summary>
    public void CloseRoom() => Say(new ClientSignal.Close());

    /// <summary>Sends what is underway (for two seconds at most), leaves in order, and gives up the place; without a place, at once. <see cref="IRelaySink.Ended"/> has
    /// been called when this completes. Not to be awaited inside a call of the sink.</summary>
    public async ValueTask DisposeAsync()
    {
        bool isHere;
        lock (gate)
        {
            closing = true;
            isHere = peer is { IsHere: true };
        }

        bell.Ring();
        if (isHere)
        {
            stopping.CancelAfter(TimeSpan.FromSeconds(2));
        }
        else
        {
            await stopping.CancelAsync().ConfigureAwait(false);
        }

        await running.ConfigureAwait(false);
        stopping.Dispose();
    }

    /// <summary>Microseconds.</summary>
    private long Now => (long)options.Time.GetElapsedTime(0).TotalMicroseconds;

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
        var tries = default(RelayTries);
        while (true)
        {
            hereSince = null;
            await ConnectOnceAsync(buffer).ConfigureAwait(false);
            bool slowDown;
            lock (gate)
            {
                slowDown = peer!.SlowDown;
                if (closing || stopping.IsCancellationRequested)
                {
                    peer.End((int)RelayClose.Normal, RelayClose.Normal.Words());
                }
            }

            try
            {
                TellAll();
            }
            catch (SinkException error)
            {
                EndByOurMistake(error);
            }

            if (peer.HasEnded)
            {
                return;
            }

            var delay = tries.Next(Now, hereSince, slowDown, Random.Shared.NextDouble());
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

    private void Handle(ReadOnlySpan<byte> message, bool text)
    {
        ReadOnlySpan<byte> payload = default;
        ushort from = 0;
        lock (gate)
        {
            if (text)
            {
                peer!.HandleText(message);
                if (!ReferenceEquals(turn, peer.Turn))
                {
                    (turn, turnSaidAt) = (peer.Turn, options.Time.GetTimestamp());
                }
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
            catch (Exception error)
            {
                throw new SinkException(error);
            }

            if (happened.Kind is RelayEventKind.Opened or RelayEventKind.Joined or RelayEventKind.Back)
            {
                hereSince = Now;
                entered.TrySetResult();
            }
        }
    }

    /// <summary>The sink threw. It hears that this is the end; if it throws at that as well, nobody is left to tell.</summary>
    private void EndByOurMistake(SinkException error)
    {
        lock (gate)
        {
            peer!.End((int)RelayClose.Normal, error.Message);
        }

        try
        {
            TellAll();
        }
        catch (SinkException second)
        {
            entered.TrySetException(second);
            _ = entered.Task.Exception;
        }
    }

    /// <summary>Our own mistake in handling an event: it ends this client, in words, and not the process.</summary>
    private sealed class SinkException(Exception inner) : Exception($"Something went wrong on this side: {inner.Message}", inner);
}
