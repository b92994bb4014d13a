using System.Buffers.Binary;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Sending;

// Partial reliability (RFC 3758): a message that has become worthless is given up whole, and FORWARD TSN takes the receiver over its chunks.
internal sealed partial class Sender
{
    private const int MaxStreamsNamed = 64;

    private readonly Dictionary<ushort, ushort> skipped = [];

    /// <summary>All up to this one is acknowledged or given up.</summary>
    private uint advanced;

    private bool isForwardDue;

    /// <summary>Every chunk of the message that has left is given up; <paramref name="known"/> is one of them.</summary>
    private void Abandon(long now, OutgoingMessage message, uint known)
    {
        message.IsAbandoned = true;
        if (!message.IsWhollySent)
        {
            // Its end never leaves: a chunk that is never sent stands for it, so that the receiver is taken over the message's end.
            queue.Cut(message);
            AddPlaceholder(message);
        }

        uint first = known;
        while (first - 1 != ring.Acknowledged && ring[first - 1].Message == message)
        {
            first--;
        }

        for (uint tsn = first; tsn != ring.NextTsn && ring[tsn].Message == message; tsn++)
        {
            TryTakeOut(tsn);
            ring[tsn].State = ChunkState.Abandoned;
        }

        AdvanceOverAbandoned(now);
    }

    /// <summary>A message whose first pieces have left is worthless before its last have.</summary>
    private void AbandonUnsent(long now, OutgoingMessage message)
    {
        if (message.Sent == 0)
        {
            queue.DropCurrent();
            return;
        }

        queue.Cut(message);
        uint tsn = AddPlaceholder(message);
        Abandon(now, message, tsn);
    }

    private uint AddPlaceholder(OutgoingMessage message)
    {
        uint tsn = ring.Add();
        ref var chunk = ref ring[tsn];
        chunk.Message = message;
        chunk.State = ChunkState.Abandoned;
        message.Chunks++;
        return tsn;
    }

    private void AdvanceOverAbandoned(long now)
    {
        if (SerialNumber.IsBefore(advanced, ring.Acknowledged))
        {
            advanced = ring.Acknowledged;
        }

        uint before = advanced;
        while (advanced + 1 != ring.NextTsn && ring[advanced + 1].State is ChunkState.Abandoned)
        {
            advanced++;
        }

        if (advanced != before)
        {
            isForwardDue = true;
        }

        if (advanced != ring.Acknowledged && timeoutAt == long.MaxValue)
        {
            timeoutAt = now + times.Rto;
        }
    }

    /// <remarks><code>new cumulative TSN:u32  (stream:u16 SSN:u16)*</code></remarks>
    private void WriteForwardTsn(long now, ref PacketWriter packet)
    {
        if (!isForwardDue || packet.Room < 4 + (4 * MaxStreamsNamed))
        {
            return;
        }

        isForwardDue = false;
        if (advanced == ring.Acknowledged)
        {
            return;
        }

        skipped.Clear();
        uint upTo = ring.Acknowledged;
        while (upTo != advanced)
        {
            var message = ring[upTo + 1].Message!;
            if (!message.IsUnordered && !skipped.ContainsKey(message.Stream.Id) && skipped.Count == MaxStreamsNamed)
            {
                break;
            }

            upTo++;
            if (!message.IsUnordered)
            {
                skipped[message.Stream.Id] = message.Ssn;
            }
        }

        var value = packet.Add(ChunkType.ForwardTsn, 0, 4 + (4 * skipped.Count));
        BinaryPrimitives.WriteUInt32BigEndian(value, upTo);
        value = value[4..];
        foreach (var (stream, ssn) in skipped)
        {
            BinaryPrimitives.WriteUInt16BigEndian(value, stream);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], ssn);
            value = value[4..];
        }

        if (timeoutAt == long.MaxValue)
        {
            timeoutAt = now + times.Rto;
        }
    }
}
