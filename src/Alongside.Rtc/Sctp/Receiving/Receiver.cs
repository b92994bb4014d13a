using System.Buffers.Binary;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Receiving;

/// <summary>
/// The receiving half of an association: chunks become messages, and SACKs tell what has come. A chunk in its turn is appended to the message in
/// progress without a detour; one before its turn goes to the stash, from where a message that is whole and awaited by its stream leaves early.
/// When a chunk's turn comes everything before it is there or given up, so nothing can wait for ever.
/// </summary>
internal sealed partial class Receiver(SctpOptions options, uint firstTsn)
{
    private const int DataHeader = 12;

    private readonly TsnRuns tsns = new(firstTsn);
    private readonly Stash stash = new();
    private readonly Dictionary<ushort, IncomingStream> streams = [];
    private readonly Queue<IncomingMessage> ready = new();
    private readonly Stack<IncomingMessage> free = new();

    /// <summary>The message whose pieces come in turn.</summary>
    private IncomingMessage? current;

    /// <summary>After chunks were given up, pieces of their message that come later belong to nothing.</summary>
    private bool isSkipping;

    private IncomingMessage? lent;
    private long readyBytes;

    /// <summary>All chunks up to this one have come or been given up.</summary>
    public uint Cumulative => tsns.Cumulative;

    public bool HasMessages => ready.Count > 0;

    private long Held => readyBytes + stash.Held + (current?.Length ?? 0);

    /// <remarks><code>TSN:u32  stream:u16  SSN:u16  protocol:u32  data</code></remarks>
    public void OnData(long now, byte flags, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        uint tsn = reader.ReadU32();
        var chunk = new StashedChunk { Tsn = tsn, Stream = reader.ReadU16(), Ssn = reader.ReadU16(), ProtocolId = reader.ReadU32(), Flags = flags };
        var data = reader.Rest;
        if (data.IsEmpty)
        {
            throw new ProtocolException("A chunk of data held none.");
        }

        OnArrival(now, (flags & ChunkType.Immediate) != 0);
        if (tsns.Contains(tsn))
        {
            NoteDuplicate(tsn);
            return;
        }

        isSackDue |= tsns.HasGaps;
        bool isInTurn = tsn == tsns.Cumulative + 1;
        long room = options.ReceiveWindow + (isInTurn ? options.MaxMessage : 0L) - Held;
        if ((uint)SerialNumber.Distance(tsns.Cumulative, tsn) > (uint)options.MaxChunksAhead || room < data.Length || !tsns.TryAdd(tsn))
        {
            // No room for it. The peer sends it again.
            isSackDue = true;
            return;
        }

        if (!isInTurn)
        {
            isSackDue = true;
            if (stash.Add(chunk, data, tsns.Cumulative, out uint first, out uint last))
            {
                OnWholeInStash(first, last);
            }

            return;
        }

        Take(chunk, data);
        TakeFromStash(tsn + 1);
    }

    /// <summary>The peer has given up chunks (RFC 3758 3.2): what came of them counts, what did not never comes.</summary>
    /// <remarks><code>new cumulative TSN:u32  (stream:u16 SSN:u16)*</code></remarks>
    public void OnForwardTsn(long now, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        uint upTo = reader.ReadU32();
        isSackDue = true;
        if (SerialNumber.IsBeforeOrAt(upTo, tsns.Cumulative))
        {
            return;
        }

        if ((uint)SerialNumber.Distance(tsns.Cumulative, upTo) > (uint)options.MaxChunksAhead)
        {
            throw new ProtocolException("The peer gave up what it cannot have sent.");
        }

        // By what has come, and not one by one: a small packet may give up many.
        uint next = tsns.Cumulative + 1;
        foreach (var run in tsns.Above)
        {
            if (SerialNumber.IsBefore(upTo, run.First))
            {
                break;
            }

            Skip();
            for (next = run.First; SerialNumber.IsBeforeOrAt(next, run.Last) && SerialNumber.IsBeforeOrAt(next, upTo); next++)
            {
                if (stash.Has(next))
                {
                    TakeOut(next);
                }
            }
        }

        if (SerialNumber.IsBeforeOrAt(next, upTo))
        {
            Skip();
        }

        tsns.MoveTo(upTo);
        while (reader.Remaining >= 4)
        {
            ushort id = reader.ReadU16(), ssn = reader.ReadU16();
            var stream = Stream(id);
            if ((short)(ssn + 1 - stream.NextSsn) > 0)
            {
                stream.NextSsn = (ushort)(ssn + 1);
            }

            DeliverWaiting(stream);
        }

        TakeFromStash(upTo + 1);
    }

    /// <summary>The streams on which ordered messages have come.</summary>
    public ushort[] StreamIds => [.. streams.Keys];

    /// <summary>The peer begins these streams anew (RFC 6525 5.2.2).</summary>
    public void Reset(ReadOnlySpan<ushort> ids)
    {
        foreach (ushort id in ids)
        {
            streams.Remove(id);
        }
    }

    /// <summary>The next message; the one given before goes back.</summary>
    public bool TryRead(out IncomingMessage message)
    {
        if (lent is not null)
        {
            lent.Release();
            free.Push(lent);
            lent = null;
        }

        if (!ready.TryDequeue(out message!))
        {
            return false;
        }

        lent = message;
        readyBytes -= message.Length + Stash.Overhead;
        OnRead();
        return true;
    }

    public void Close()
    {
        stash.Clear();
        current?.Release();
        current = null;
    }

    private IncomingStream Stream(ushort id)
    {
        if (!streams.TryGetValue(id, out var stream))
        {
            streams[id] = stream = new IncomingStream();
        }

        return stream;
    }

    private void TakeFromStash(uint next)
    {
        for (; SerialNumber.IsBeforeOrAt(next, tsns.Cumulative); next++)
        {
            if (stash.Has(next))
            {
                TakeOut(next);
            }
        }
    }

    private void TakeOut(uint tsn)
    {
        ref var chunk = ref stash.Slot(tsn);
        Take(chunk, chunk.Data);
        stash.Free(tsn);
    }

    /// <summary>A chunk whose turn it is.</summary>
    private void Take(in StashedChunk chunk, ReadOnlySpan<byte> data)
    {
        if (chunk.Has(ChunkType.Beginning))
        {
            if (current is not null)
            {
                throw new ProtocolException("A message began before the one before it had ended.");
            }

            isSkipping = false;
            current = Begin(chunk, chunk.Has(ChunkType.Ending) ? data.Length : 4 * data.Length);
        }
        else if (isSkipping)
        {
            return;
        }
        else if (current is null || current.Stream != chunk.Stream || current.IsUnordered != chunk.Has(ChunkType.Unordered)
            || (!current.IsUnordered && current.Ssn != chunk.Ssn))
        {
            throw new ProtocolException("A piece of a message belonged to no message.");
        }

        if (current.Length + data.Length > options.MaxMessage)
        {
            throw new ProtocolException($"A message was longer than {options.MaxMessage} bytes.");
        }

        current.Append(data);
        if (chunk.Has(ChunkType.Ending))
        {
            var message = current;
            current = null;
            Deliver(message);
            if (!message.IsUnordered)
            {
                DeliverWaiting(Stream(message.Stream));
            }
        }
    }

    private void Skip()
    {
        isSkipping = true;
        if (current is not null)
        {
            current.Release();
            free.Push(current);
            current = null;
        }
    }

    private void OnWholeInStash(uint first, uint last)
    {
        ref var chunk = ref stash.Slot(first);
        if (chunk.Has(ChunkType.Unordered))
        {
            Assemble(first, last);
            return;
        }

        var stream = Stream(chunk.Stream);
        stream.Wait(chunk.Ssn, first, last);
        DeliverWaiting(stream);
    }

    private void DeliverWaiting(IncomingStream stream)
    {
        while (stream.TryTake(out var waiting))
        {
            if (stash.Has(waiting.First))
            {
                Assemble(waiting.First, waiting.Last);
            }
        }
    }

    private void Assemble(uint first, uint last)
    {
        int length = 0;
        for (uint tsn = first; tsn != last + 1; tsn++)
        {
            length += stash.Slot(tsn).Length;
        }

        ref var beginning = ref stash.Slot(first);
        if (length > options.MaxMessage)
        {
            throw new ProtocolException($"A message was longer than {options.MaxMessage} bytes.");
        }

        var message = Begin(beginning, length);
        for (uint tsn = first; tsn != last + 1; tsn++)
        {
            if (stash.Slot(tsn).Stream != message.Stream)
            {
                throw new ProtocolException("A piece of a message belonged to no message.");
            }

            message.Append(stash.Slot(tsn).Data);
            stash.Free(tsn);
        }

        Deliver(message);
    }

    private IncomingMessage Begin(in StashedChunk chunk, int expected)
    {
        var message = free.TryPop(out var used) ? used : new IncomingMessage();
        message.Begin(chunk.Stream, chunk.Ssn, chunk.Has(ChunkType.Unordered), chunk.ProtocolId, expected);
        return message;
    }

    private void Deliver(IncomingMessage message)
    {
        if (!message.IsUnordered)
        {
            Stream(message.Stream).NextSsn = (ushort)(message.Ssn + 1);
        }

        ready.Enqueue(message);
        readyBytes += message.Length + Stash.Overhead;
    }
}
