using System.Buffers;

namespace Alongside.Rtc.Sctp.Sending;

/// <summary>
/// One message on its way. Owns its copy of the bytes from <see cref="Fill"/> until the last of its chunks is acknowledged or given up; chunks point
/// into it, so sending again copies nothing. Recycled by <see cref="MessagePool"/>.
/// </summary>
internal sealed class OutgoingMessage
{
    private byte[] buffer = [];

    public OutgoingStream Stream { get; private set; } = null!;

    public uint ProtocolId { get; private set; }

    public bool IsUnordered { get; private set; }

    /// <summary>The order among its stream's messages, given when the first chunk leaves.</summary>
    public ushort Ssn { get; set; }

    public int Length { get; private set; }

    /// <summary>How much of it has been given to chunks.</summary>
    public int Sent { get; set; }

    /// <summary>Chunks of it that are not yet cumulatively acknowledged.</summary>
    public int Chunks { get; set; }

    /// <summary>When it is worth nothing any more; <see cref="long.MaxValue"/> for never.</summary>
    public long ExpiresAt { get; private set; }

    /// <summary>How often a chunk of it may be sent again.</summary>
    public int MaxRetransmits { get; private set; }

    public bool IsAbandoned { get; set; }

    /// <summary>Behind it in its stream, or in the pool.</summary>
    public OutgoingMessage? Next { get; set; }

    public bool IsWhollySent => Sent == Length;

    public bool IsWorthless(long now) => IsAbandoned || now >= ExpiresAt;

    public ReadOnlySpan<byte> Slice(int offset, int length) => buffer.AsSpan(offset, length);

    public void Fill(OutgoingStream stream, uint protocolId, in SendTerms terms, long now, ReadOnlySpan<byte> data)
    {
        buffer = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(buffer);
        (Stream, ProtocolId, Length) = (stream, protocolId, data.Length);
        (IsUnordered, MaxRetransmits) = (terms.Unordered, terms.MaxRetransmits ?? int.MaxValue);
        ExpiresAt = terms.Lifetime is { } lifetime ? now + lifetime : long.MaxValue;
        (Ssn, Sent, Chunks, IsAbandoned, Next) = (0, 0, 0, false, null);
    }

    public void Release()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        Stream = null!;
    }
}

/// <summary>Messages to use again; a few are kept.</summary>
internal sealed class MessagePool
{
    private const int Kept = 1024;

    private OutgoingMessage? free;
    private int count;

    public OutgoingMessage Take()
    {
        if (free is not { } message)
        {
            return new OutgoingMessage();
        }

        free = message.Next;
        count--;
        return message;
    }

    public void Give(OutgoingMessage message)
    {
        message.Release();
        if (count < Kept)
        {
            message.Next = free;
            free = message;
            count++;
        }
    }
}
