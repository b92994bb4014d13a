namespace Alongside.Rtc.Sctp.Sending;

/// <summary>
/// What waits to be sent, and whose turn it is: streams take turns message by message. A message once begun is finished first, because the receiver
/// tells its pieces apart by their neighbours (there is no I-DATA).
/// </summary>
internal sealed class SendQueue
{
    private readonly Dictionary<ushort, OutgoingStream> streams = [];
    private readonly MessagePool pool = new();
    private OutgoingStream? firstInTurn;
    private OutgoingStream? lastInTurn;

    /// <summary>The message that is being cut into chunks.</summary>
    private OutgoingMessage? current;

    /// <summary>Bytes of all messages that have not been given to chunks.</summary>
    public long Buffered { get; private set; }

    /// <summary>Bytes kept for messages whose chunks are under way.</summary>
    public long Held { get; private set; }

    public OutgoingStream Stream(ushort id)
    {
        if (!streams.TryGetValue(id, out var stream))
        {
            streams[id] = stream = new OutgoingStream(id);
        }

        return stream;
    }

    public IEnumerable<OutgoingStream> Streams => streams.Values;

    public void Add(ushort id, uint protocolId, in SendTerms terms, long now, ReadOnlySpan<byte> data)
    {
        var stream = Stream(id);
        var message = pool.Take();
        message.Fill(stream, protocolId, terms, now, data);
        stream.Append(message);
        Buffered += data.Length;
        Held += data.Length;
        TakeTurn(stream);
    }

    /// <summary>The message whose next piece is to leave; worthless ones that have not begun are dropped on the way.</summary>
    public OutgoingMessage? Peek(long now)
    {
        if (current is not null)
        {
            return current;
        }

        while (firstInTurn is { } stream)
        {
            if (stream.CanSend && stream.First!.IsWorthless(now))
            {
                Drop(stream.RemoveFirst());
                continue;
            }

            firstInTurn = stream.NextInTurn;
            if (firstInTurn is null)
            {
                lastInTurn = null;
            }

            stream.NextInTurn = null;
            stream.IsInTurn = false;
            if (stream.CanSend)
            {
                current = stream.RemoveFirst();
                TakeTurn(stream);
                return current;
            }
        }

        return null;
    }

    /// <summary>Whether there is something to send, were there room.</summary>
    public bool HasMore => current is not null || firstInTurn is not null;

    /// <summary>A piece of what <see cref="Peek"/> gave has left.</summary>
    public void Advance(OutgoingMessage message, int length)
    {
        message.Sent += length;
        message.Stream.Buffered -= length;
        Buffered -= length;
        if (message.IsWhollySent)
        {
            current = null;
        }
    }

    /// <summary>Gives up what has not left of a message that has begun.</summary>
    public void Cut(OutgoingMessage message)
    {
        int rest = message.Length - message.Sent;
        message.Stream.Buffered -= rest;
        Buffered -= rest;
        message.Sent = message.Length;
        if (current == message)
        {
            current = null;
        }
    }

    /// <summary>Gives up the message whose turn it is, of which nothing has left.</summary>
    public void DropCurrent()
    {
        var message = current!;
        current = null;
        Drop(message);
    }

    /// <summary>The last chunk of a message needs nothing any more.</summary>
    public void Finish(OutgoingMessage message)
    {
        Held -= message.Length;
        pool.Give(message);
    }

    /// <summary>Whether every message of the stream has been given to chunks.</summary>
    public bool IsDrained(OutgoingStream stream) => stream.First is null && current?.Stream != stream;

    public void TakeTurn(OutgoingStream stream)
    {
        if (stream.IsInTurn || !stream.CanSend)
        {
            return;
        }

        stream.IsInTurn = true;
        if (lastInTurn is null)
        {
            firstInTurn = stream;
        }
        else
        {
            lastInTurn.NextInTurn = stream;
        }

        lastInTurn = stream;
    }

    private void Drop(OutgoingMessage message)
    {
        message.Stream.Buffered -= message.Length;
        Buffered -= message.Length;
        Finish(message);
    }
}
