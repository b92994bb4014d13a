using System.Buffers.Binary;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Congestion;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Sending;

/// <summary>
/// The sending half of an association: messages become chunks as window, peer and pacer allow; SACKs free them. What is lost is found by RACK and tail
/// probes (Sender.Loss.cs), given up in Sender.Abandon.cs. No chunk is longer than the shortest packet holds: long packets hold several, and what of them is lost leaves again in short ones.
/// </summary>
internal sealed partial class Sender
{
    /// <summary>A piece of a message is not made smaller than this to fill what is left of a packet.</summary>
    private const int SmallestPiece = 512;

    private const int DataHeader = 12;

    private const int ManyGaps = 128;

    private readonly SctpOptions options;
    private readonly SendQueue queue;
    private readonly SentRing ring;
    private readonly RtoEstimator times;
    private readonly PathMtu mtu;
    private readonly Pacer pacer = new();
    private readonly ICongestionControl congestion;
    private readonly int largestPiece;
    private GapAcks gaps = new();
    private GapAcks newGaps = new();
    private readonly GapAcks changes = new();
    private readonly bool canAbandon;

    private uint peerWindow;
    private int flightBytes;
    private int flightPayload;
    /// <summary>Until a round trip after the window last kept a chunk here: what arrives by then may widen it. The pacer alone shows nothing.</summary>
    private long limitedUntil = -1;

    /// <summary>The last thing that kept chunks here was the pacer.</summary>
    private bool isPaced;
    private int ackedBytes;

    /// <summary>What lies behind it may have arrived without being told.</summary>
    private uint? horizon;

    public Sender(SctpOptions options, SendQueue queue, RtoEstimator times, PathMtu mtu, uint firstTsn, in InitChunk peer)
    {
        (this.options, this.queue, this.times, this.mtu) = (options, queue, times, mtu);
        ring = new SentRing(firstTsn);
        largestPiece = ((options.MaxPacket & ~3) - PacketWriter.HeaderLength - ChunkReader.HeaderLength - DataHeader) & ~3;
        peerWindow = peer.Window;
        canAbandon = peer.HasForwardTsn;
        advanced = ring.Acknowledged;
        int most = Math.Max(options.MaxPacket * 16, options.SendBuffer);
        congestion = options.Congestion == CongestionPolicy.Reno ? new RenoControl(options.MaxPacket, most) : new CubicControl(options.MaxPacket, most);
    }

    public int CongestionWindow => congestion.Window;

    public int BytesInFlight => flightBytes;

    public uint LastTsn => ring.NextTsn - 1;

    public uint Acknowledged => ring.Acknowledged;

    /// <summary>Whether the peer has everything that was ever given to it.</summary>
    public bool IsIdle => ring.Count == 0;

    public long Retransmitted { get; private set; }

    public long ChunksSent { get; private set; }

    /// <summary>Reads a SACK's value. What acknowledges what was never sent is the peer's mistake.</summary>
    /// <remarks><code>cumulative TSN:u32  window:u32  gaps:u16  duplicates:u16  (start:u16 end:u16)*  duplicate TSN:u32*</code></remarks>
    public void OnSack(long now, ReadOnlySpan<byte> value)
    {
        var reader = new WireReader(value);
        uint cumulative = reader.ReadU32(), window = reader.ReadU32();
        int gapCount = reader.ReadU16(), duplicates = reader.ReadU16();
        var gapBlocks = reader.Take(4 * gapCount);
        if (SerialNumber.IsBefore(cumulative, ring.Acknowledged))
        {
            return;
        }

        if (!SerialNumber.IsBefore(cumulative, ring.NextTsn))
        {
            throw new ProtocolException("A SACK acknowledged what was not sent.");
        }

        BeginAcknowledging();
        bool isCumulative = cumulative != ring.Acknowledged;
        for (uint tsn = ring.Acknowledged + 1; SerialNumber.IsBeforeOrAt(tsn, cumulative); tsn++)
        {
            Arrived(now, tsn);
            Free(tsn);
            ring.Acknowledge(tsn);
        }

        ReadGaps(now, cumulative, gapBlocks);
        peerWindow = window;
        FinishAcknowledging(now, isCumulative, duplicates);
    }

    /// <summary>Adds what may be sent now. The writer's packet may hold other chunks already.</summary>
    public void Write(long now, ref PacketWriter packet)
    {
        WriteForwardTsn(now, ref packet);
        isPaced = !isProbing && !pacer.MaySend(now) && (ring.Lost.Count > 0 || queue.HasMore);
        if (isPaced)
        {
            return;
        }

        if (ring.Lost.Count > 0 || isProbing)
        {
            // It must arrive, and its length may be why it did not.
            packet.Narrow(options.MaxPacket);
        }

        int before = packet.Length;
        uint firstNew = ring.NextTsn;
        while (ring.Lost.Count > 0 && WriteLost(now, ref packet))
        {
        }

        while (ring.Lost.Count == 0 && WriteNew(now, ref packet))
        {
        }

        if (packet.Length != before)
        {
            pacer.OnSent(now, packet.Length - before, congestion.Window, congestion.IsSlowStart, times.Smoothed);
        }
        else if (isProbing)
        {
            WriteProbe(now, ref packet);
        }

        isProbing = false;
        WriteForwardTsn(now, ref packet);
        for (uint tsn = firstNew; packet.Length > options.MaxPacket && tsn != ring.NextTsn; tsn++)
        {
            ring[tsn].IsLong = true;
        }
    }

    /// <summary>A packet as long as may be is filled by as few pieces as can be, all of a length.</summary>
    private int EvenPiece
    {
        get
        {
            const int Header = ChunkReader.HeaderLength + DataHeader;
            int room = mtu.Current - PacketWriter.HeaderLength, most = largestPiece + Header;
            return Math.Min(largestPiece, ((room / ((room + most - 1) / most)) - Header) & ~3);
        }
    }

    /// <summary>Whether there is something that only time or an answer keeps from being sent.</summary>
    private bool MayWrite(long now, int weight)
    {
        if (isProbing || flightBytes == 0)
        {
            return true;
        }

        if (flightBytes + weight <= congestion.Window)
        {
            return true;
        }

        limitedUntil = now + Math.Max(1, times.Smoothed);
        return false;
    }

    private bool WriteLost(long now, ref PacketWriter packet)
    {
        uint tsn = ring.Lost.First;
        ref var chunk = ref ring[tsn];
        var message = chunk.Message!;
        if (canAbandon && (message.IsWorthless(now) || chunk.Transmissions > message.MaxRetransmits))
        {
            Abandon(now, message, tsn);
            WriteForwardTsn(now, ref packet);
            return true;
        }

        // Behind the horizon the window may be full of what has arrived untold: only what is filled in before it brings the rest to be told.
        if (packet.Room < DataHeader + chunk.Length || (horizon is null && !MayWrite(now, chunk.Weight)))
        {
            return false;
        }

        ring.Remove(ref ring.Lost, tsn);
        Retransmitted++;
        Put(now, tsn, ref packet, immediate: ring.Lost.Count == 0);
        return true;
    }

    private bool WriteNew(long now, ref PacketWriter packet)
    {
        if (ring.Count >= options.MaxChunksInFlight || queue.Peek(now) is not { } message)
        {
            return false;
        }

        if (canAbandon && message.IsWorthless(now))
        {
            AbandonUnsent(now, message);
            return true;
        }

        int rest = message.Length - message.Sent;
        int even = EvenPiece;
        int piece = Math.Min(rest, Math.Min(even, packet.Room - DataHeader));
        if (piece < rest && piece < SmallestPiece && piece < even)
        {
            return false;
        }

        bool hasPeerRoom = flightPayload + piece <= peerWindow || ring.Count == 0;
        if (piece <= 0 || !hasPeerRoom || !MayWrite(now, piece + 16))
        {
            return false;
        }

        uint tsn = ring.Add();
        ref var chunk = ref ring[tsn];
        if (message.Sent == 0 && !message.IsUnordered)
        {
            message.Ssn = message.Stream.NextSsn++;
        }

        chunk.Message = message;
        chunk.Offset = message.Sent;
        chunk.Length = piece;
        chunk.Flags = (byte)((message.IsUnordered ? ChunkType.Unordered : 0) | (message.Sent == 0 ? ChunkType.Beginning : 0)
            | (piece == rest ? ChunkType.Ending : 0));
        message.Chunks++;
        queue.Advance(message, piece);

        // The window is full with this one: there is nothing more to wait for at the other end.
        bool fillsWindow = flightBytes + (2 * (piece + 16)) > congestion.Window && queue.HasMore;
        Put(now, tsn, ref packet, fillsWindow && congestion.IsSlowStart);
        return true;
    }

    /// <remarks><code>TSN:u32  stream:u16  SSN:u16  protocol:u32  data</code></remarks>
    private void Put(long now, uint tsn, ref PacketWriter packet, bool immediate)
    {
        ref var chunk = ref ring[tsn];
        var message = chunk.Message!;
        byte flags = (byte)(chunk.Flags | (immediate || isProbing ? ChunkType.Immediate : 0));
        var value = packet.Add(ChunkType.Data, flags, DataHeader + chunk.Length);
        BinaryPrimitives.WriteUInt32BigEndian(value, tsn);
        BinaryPrimitives.WriteUInt16BigEndian(value[4..], message.Stream.Id);
        BinaryPrimitives.WriteUInt16BigEndian(value[6..], message.Ssn);
        BinaryPrimitives.WriteUInt32BigEndian(value[8..], message.ProtocolId);
        message.Slice(chunk.Offset, chunk.Length).CopyTo(value[DataHeader..]);

        chunk.SentAt = now;
        chunk.IsLong = false;
        ChunksSent++;
        chunk.Transmissions++;
        chunk.State = ChunkState.InFlight;
        ring.Append(ref ring.Flight, tsn);
        flightBytes += chunk.Weight;
        flightPayload += chunk.Length;
        isProbing = false;
        OnPut(now);
    }

    private void ReadGaps(long now, uint cumulative, ReadOnlySpan<byte> blocks)
    {
        newGaps.Clear();
        uint end = cumulative;
        for (; blocks.Length >= 4; blocks = blocks[4..])
        {
            uint first = cumulative + BinaryPrimitives.ReadUInt16BigEndian(blocks), last = cumulative + BinaryPrimitives.ReadUInt16BigEndian(blocks[2..]);
            if (!SerialNumber.IsBefore(end, first) || SerialNumber.IsBefore(last, first))
            {
                // Out of order: the rest would be guesswork.
                break;
            }

            if (!SerialNumber.IsBefore(last, ring.NextTsn))
            {
                throw new ProtocolException("A SACK acknowledged what was not sent.");
            }

            newGaps.Add(first, last);
            end = last;
        }

        gaps.DropUpTo(cumulative);
        GapAcks.Subtract(newGaps, gaps, cumulative, changes);
        foreach (var run in changes.Runs)
        {
            for (uint tsn = run.First; tsn != run.Last + 1; tsn++)
            {
                Arrived(now, tsn);
            }
        }

        // What was acknowledged before and is not now, the receiver has thrown away. Of what lies behind the last block nothing is said: there may
        // have been no room.
        bool saysAll = newGaps.Count == 0;
        GapAcks.Subtract(gaps, newGaps, cumulative, changes);
        foreach (var run in changes.Runs)
        {
            if (!saysAll && SerialNumber.IsBefore(end, run.First))
            {
                newGaps.Add(run.First, run.Last);
                continue;
            }

            for (uint tsn = run.First; tsn != run.Last + 1; tsn++)
            {
                Withdraw(tsn);
            }
        }

        // So many blocks that there may have been no room for more: behind the last one, silence means nothing.
        horizon = newGaps.Count >= ManyGaps ? end : null;
        (gaps, newGaps) = (newGaps, gaps);
    }

    /// <summary>The peer has the chunk.</summary>
    private void Arrived(long now, uint tsn)
    {
        if (!TryTakeOut(tsn))
        {
            return;
        }

        ref var chunk = ref ring[tsn];
        chunk.State = ChunkState.Acked;
        ackedBytes += chunk.Weight;
        OnArrived(now, tsn, chunk);
    }

    private void Withdraw(uint tsn)
    {
        ref var chunk = ref ring[tsn];
        if (chunk.State == ChunkState.Acked)
        {
            chunk.State = ChunkState.Lost;
            ring.Append(ref ring.Lost, tsn);
        }
    }

    /// <summary>Takes a chunk out of the list it is in. False: it is in none.</summary>
    private bool TryTakeOut(uint tsn)
    {
        switch (ring[tsn].State)
        {
            case ChunkState.InFlight:
                LeaveFlight(tsn);
                return true;
            case ChunkState.Lost:
                ring.Remove(ref ring.Lost, tsn);
                return true;
            default:
                return false;
        }
    }

    private void LeaveFlight(uint tsn)
    {
        ref var chunk = ref ring[tsn];
        ring.Remove(ref ring.Flight, tsn);
        flightBytes -= chunk.Weight;
        flightPayload -= chunk.Length;
    }

    private void Free(uint tsn)
    {
        if (ring[tsn].Message is { } message && --message.Chunks == 0 && message.IsWhollySent)
        {
            queue.Finish(message);
        }
    }
}
