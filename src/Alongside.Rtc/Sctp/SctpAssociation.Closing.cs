using System.Buffers.Binary;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp;

// Ending: by ABORT at once, or by SHUTDOWN after everything has arrived (RFC 9260, section 9). Browsers do the first.
public sealed partial class SctpAssociation
{
    private const int MaxReason = 200;

    private bool isShutdownDue;
    private bool isShutdownAckDue;
    private long shutdownAt = long.MaxValue;

    /// <summary>Ends the association at once; what waits is lost.</summary>
    public void Abort(string reason) => Abort(reason, ErrorCause.UserAbort);

    /// <summary>Ends the association when the peer has everything that was sent; nothing more can be.</summary>
    public void Shutdown(long now)
    {
        if (State == SctpState.Established)
        {
            State = SctpState.ShutdownPending;
            AdvanceShutdown(now);
        }
        else if (State < SctpState.Established)
        {
            End("Ended before it stood.");
        }
    }

    private void Abort(string reason, ushort cause)
    {
        if (HasEnded)
        {
            return;
        }

        if (peer.Tag != 0)
        {
            replies.Clear();
            byte[] text = Encoding.UTF8.GetBytes(reason);
            int length = Math.Min(text.Length, MaxReason);
            byte[] place = new byte[options.MaxPacket];
            var packet = new PacketWriter(place, options.LocalPort, options.RemotePort, peer.Tag);
            var value = packet.Add(ChunkType.Abort, 0, 4 + length);
            BinaryPrimitives.WriteUInt16BigEndian(value, cause);
            BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(4 + length));
            text.AsSpan(0, length).CopyTo(value[4..]);
            EndReply(place, packet.Finish(withChecksum: true));
        }

        End(reason);
    }

    private void End(string reason)
    {
        State = SctpState.Ended;
        receiver?.Close();
        events.Enqueue(new SctpEvent(SctpEventKind.Closed, Reason: reason));
    }

    private void OnShutdownChunk(long now, byte type, ReadOnlySpan<byte> value)
    {
        switch (type)
        {
            case ChunkType.Shutdown when State is SctpState.Established or SctpState.ShutdownPending:
                State = SctpState.ShutdownReceived;
                break;
            case ChunkType.Shutdown when State is SctpState.ShutdownSent:
                State = SctpState.ShutdownAckSent;
                StartShutdownTimer(now);
                break;
            case ChunkType.Shutdown when State is SctpState.ShutdownReceived:
                break;
            case ChunkType.ShutdownAck when State is SctpState.ShutdownSent or SctpState.ShutdownAckSent:
                if (BeginReply() is { } place)
                {
                    var reply = new PacketWriter(place, options.LocalPort, options.RemotePort, peer.Tag);
                    reply.Add(ChunkType.ShutdownComplete, 0, 0);
                    EndReply(place, reply.Finish(withChecksum: true));
                }

                End("Shut down.");
                return;
            case ChunkType.ShutdownComplete when State is SctpState.ShutdownAckSent:
                End("Shut down.");
                return;
            default:
                return;
        }

        if (type == ChunkType.Shutdown && value.Length != 4)
        {
            throw new ProtocolException("A SHUTDOWN had no TSN.");
        }
    }

    /// <summary>Goes on when nothing is under way any more.</summary>
    private void AdvanceShutdown(long now)
    {
        if (State is not (SctpState.ShutdownPending or SctpState.ShutdownReceived) || !sender!.IsIdle || queue.HasMore)
        {
            return;
        }

        State = State == SctpState.ShutdownPending ? SctpState.ShutdownSent : SctpState.ShutdownAckSent;
        StartShutdownTimer(now);
    }

    private void StartShutdownTimer(long now)
    {
        isShutdownDue = State == SctpState.ShutdownSent;
        isShutdownAckDue = State == SctpState.ShutdownAckSent;
        shutdownAt = now + times.Rto;
    }

    private void WriteShutdown(long now, ref PacketWriter packet)
    {
        if (isShutdownDue && packet.Room >= 4)
        {
            isShutdownDue = false;
            BinaryPrimitives.WriteUInt32BigEndian(packet.Add(ChunkType.Shutdown, 0, 4), receiver!.Cumulative);
        }
        else if (isShutdownAckDue && packet.Room >= 0)
        {
            isShutdownAckDue = false;
            packet.Add(ChunkType.ShutdownAck, 0, 0);
        }
    }
}
