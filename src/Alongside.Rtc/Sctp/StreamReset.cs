using System.Buffers.Binary;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Receiving;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp;

/// <summary>
/// Ends streams so that their numbers can be used again (RFC 6525). A request names the last TSN before it; the peer answers when it has that. One
/// request of each side is open at a time, sent again until it is answered.
/// </summary>
/// <remarks><code>
/// request   13:u16  length:u16  request:u32  response:u32  last TSN:u32  stream:u16*
/// response  16:u16  length:u16  request:u32  result:u32
/// </code></remarks>
internal sealed class StreamReset(
    SendQueue queue, RtoEstimator times, Queue<SctpEvent> events, uint firstRequest, uint firstPeerRequest, bool isSupported)
{
    private const uint Performed = 1, Denied = 2, InProgress = 6;

    /// <summary>What fits any packet.</summary>
    private const int MaxStreams = 64;

    private readonly List<ushort> asked = [];
    private readonly List<ushort> requested = [];
    private uint request = firstRequest;
    private uint lastTsn;
    private bool isRequestDue;
    private long requestAt = long.MaxValue;

    private uint peerRequest = firstPeerRequest - 1;
    private uint peerResult;
    private ushort[]? deferred;
    private uint deferredTsn;
    private bool isResponseDue;

    public long NextTimeout => requestAt;

    public void Ask(ushort stream)
    {
        if (!asked.Contains(stream) && !requested.Contains(stream))
        {
            asked.Add(stream);
        }
    }

    public void OnChunk(long now, ReadOnlySpan<byte> value, Receiver receiver)
    {
        var parameters = new ChunkReader(value);
        while (parameters.MoveNext())
        {
            var reader = new WireReader(parameters.Value);
            uint sequence = reader.ReadU32();
            switch (parameters.ParameterType)
            {
                case ParameterType.OutgoingReset:
                    reader.ReadU32();
                    OnRequest(sequence, reader.ReadU32(), reader.Rest);
                    AfterData(receiver);
                    break;
                case ParameterType.ResetResponse:
                    OnResponse(now, sequence, reader.ReadU32());
                    break;
                case ParameterType.AddOutgoing:
                    Answer(sequence, Performed);
                    break;
                case ParameterType.IncomingReset or ParameterType.AssociationReset or ParameterType.AddIncoming:
                    Answer(sequence, Denied);
                    break;
            }
        }
    }

    /// <summary>A request that came before the data it follows is done when that is there.</summary>
    public void AfterData(Receiver receiver)
    {
        if (deferred is null || !SerialNumber.IsBeforeOrAt(deferredTsn, receiver.Cumulative))
        {
            return;
        }

        // None named means all.
        ushort[] streams = deferred.Length > 0 ? deferred : receiver.StreamIds;
        deferred = null;
        peerResult = Performed;
        isResponseDue = true;
        receiver.Reset(streams);
        foreach (ushort stream in streams)
        {
            events.Enqueue(new SctpEvent(SctpEventKind.StreamReset, stream));
        }
    }

    public void Write(long now, ref PacketWriter packet, Sender sender)
    {
        if (now >= requestAt)
        {
            requestAt = long.MaxValue;
            isRequestDue = true;
        }

        if (isResponseDue && packet.Room >= 12)
        {
            isResponseDue = false;
            var value = packet.Add(ChunkType.ReConfig, 0, 12);
            BinaryPrimitives.WriteUInt16BigEndian(value, ParameterType.ResetResponse);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], 12);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], peerRequest);
            BinaryPrimitives.WriteUInt32BigEndian(value[8..], peerResult);
        }

        if (requested.Count == 0 && asked.Count > 0)
        {
            Collect(sender);
        }

        int length = 16 + (2 * requested.Count);
        if (isRequestDue && requested.Count > 0 && packet.Room >= length)
        {
            isRequestDue = false;
            requestAt = now + times.Rto;
            var value = packet.Add(ChunkType.ReConfig, 0, length);
            BinaryPrimitives.WriteUInt16BigEndian(value, ParameterType.OutgoingReset);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)length);
            BinaryPrimitives.WriteUInt32BigEndian(value[4..], request);
            BinaryPrimitives.WriteUInt32BigEndian(value[8..], peerRequest);
            BinaryPrimitives.WriteUInt32BigEndian(value[12..], lastTsn);
            for (int i = 0; i < requested.Count; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(value[(16 + (2 * i))..], requested[i]);
            }
        }
    }

    /// <summary>The next request: all asked streams of which everything has left.</summary>
    private void Collect(Sender sender)
    {
        for (int i = 0; i < asked.Count && requested.Count < MaxStreams;)
        {
            var stream = queue.Stream(asked[i]);
            if (!queue.IsDrained(stream))
            {
                i++;
                continue;
            }

            stream.IsPaused = true;
            requested.Add(asked[i]);
            asked.RemoveAt(i);
        }

        lastTsn = sender.LastTsn;
        isRequestDue = requested.Count > 0;
        if (!isSupported)
        {
            // The peer cannot be told.
            FinishRequest();
        }
    }

    private void OnRequest(uint sequence, uint upTo, ReadOnlySpan<byte> streams)
    {
        if (sequence == peerRequest)
        {
            isResponseDue = true;
            return;
        }

        if (sequence != peerRequest + 1)
        {
            return;
        }

        var ids = new ushort[streams.Length / 2];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = BinaryPrimitives.ReadUInt16BigEndian(streams[(2 * i)..]);
        }

        (peerRequest, peerResult) = (sequence, InProgress);
        (deferred, deferredTsn) = (ids, upTo);
        isResponseDue = true;
    }

    private void Answer(uint sequence, uint result)
    {
        if (sequence == peerRequest + 1)
        {
            (peerRequest, peerResult) = (sequence, result);
        }

        isResponseDue = true;
    }

    private void OnResponse(long now, uint sequence, uint result)
    {
        if (requested.Count == 0 || sequence != request)
        {
            return;
        }

        if (result == InProgress)
        {
            requestAt = now + times.Rto;
            return;
        }

        FinishRequest();
    }

    /// <summary>Refused or done: the stream is not used again before both halves have ended, so either way it has.</summary>
    private void FinishRequest()
    {
        foreach (ushort id in requested)
        {
            var stream = queue.Stream(id);
            stream.NextSsn = 0;
            stream.IsPaused = false;
            queue.TakeTurn(stream);
            events.Enqueue(new SctpEvent(SctpEventKind.StreamResetDone, id));
        }

        requested.Clear();
        request++;
        requestAt = long.MaxValue;
        isRequestDue = false;
    }
}
