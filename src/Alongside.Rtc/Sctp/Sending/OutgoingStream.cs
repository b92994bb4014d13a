namespace Alongside.Rtc.Sctp.Sending;

/// <summary>One stream towards the peer: its messages in order, and what it is owed in fairness.</summary>
internal sealed class OutgoingStream(ushort id)
{
    private OutgoingMessage? last;

    public ushort Id { get; } = id;

    public ushort NextSsn { get; set; }

    public OutgoingMessage? First { get; private set; }

    /// <summary>Bytes of messages that have not been given to chunks.</summary>
    public long Buffered { get; set; }

    /// <summary>Set while the stream begins anew (RFC 6525): nothing may leave between the request and its answer.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether it waits in the turn of streams.</summary>
    public bool IsInTurn { get; set; }

    public OutgoingStream? NextInTurn { get; set; }

    public bool CanSend => First is not null && !IsPaused;

    public void Append(OutgoingMessage message)
    {
        if (last is null)
        {
            First = message;
        }
        else
        {
            last.Next = message;
        }

        last = message;
        Buffered += message.Length;
    }

    public OutgoingMessage RemoveFirst()
    {
        var message = First!;
        First = message.Next;
        if (First is null)
        {
            last = null;
        }

        message.Next = null;
        return message;
    }
}
