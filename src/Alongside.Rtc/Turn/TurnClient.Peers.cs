using System.Buffers.Binary;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Turn;

// The peers of an allocation: a channel each (RFC 8656, 12), bound when the first packet goes there and again every four minutes, which keeps the permission too.
public sealed partial class TurnClient
{
    private const int FirstChannel = 0x4000;
    private const int MaxPeers = 256;
    private const int MaxDatagram = 2048;

    /// <summary>Packets for a peer, in bytes, that wait for its channel.</summary>
    private const int MaxHeld = 8 * 1024;

    /// <summary>Permissions last five minutes, channels ten.</summary>
    private const long BindEvery = 240_000_000;

    /// <summary>After a refusal the peer is tried again.</summary>
    private const long RefusedFor = 30_000_000;

    private readonly Dictionary<TransportAddress, Peer> peers = [];
    private readonly List<Peer> channels = [];

    /// <summary>Sends a datagram to a peer from our address at the server.</summary>
    public void Send(long now, TransportAddress to, ReadOnlySpan<byte> packet)
    {
        if (phase != Phase.Allocated || packet.Length > MaxDatagram || to.IsV4 != Relayed!.Value.IsV4)
        {
            return;
        }

        if (!peers.TryGetValue(to, out var peer))
        {
            if (peers.Count >= MaxPeers)
            {
                return;
            }

            peer = new(to, FirstChannel + channels.Count);
            peers.Add(to, peer);
            channels.Add(peer);
            Bind(now, peer);
        }

        if (peer.IsBound)
        {
            WriteChannelData(peer, packet);
        }
        else if (now >= peer.RefusedUntil)
        {
            peer.Held.Add(0, packet);
        }

        UpdateTimeout(now);
    }

    /// <summary>Whether what is sent there goes at once.</summary>
    public bool HasChannel(TransportAddress peer) => peers.TryGetValue(peer, out var known) && known.IsBound;

    private void WriteChannelData(Peer peer, ReadOnlySpan<byte> packet)
    {
        int length = 4 + (IsStream ? StunMessage.Padded(packet.Length) : packet.Length);
        var room = output.Reserve(length);
        if (room.IsEmpty)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)peer.Channel);
        BinaryPrimitives.WriteUInt16BigEndian(room[2..], (ushort)packet.Length);
        packet.CopyTo(room[4..]);
        room[(4 + packet.Length)..].Clear();
        output.Commit(0, length);
    }

    private void HandleChannelData(ReadOnlySpan<byte> packet)
    {
        int at = BinaryPrimitives.ReadUInt16BigEndian(packet) - FirstChannel;
        int length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (at < channels.Count && length <= packet.Length - 4 && length <= MaxDatagram)
        {
            data.Add(channels[at].Address, packet.Slice(4, length));
        }
    }

    /// <summary>Data of a peer without a channel: behind a NAT that gives us another port than we were told.</summary>
    private void HandleIndication(in StunMessage message)
    {
        if (message.Method == StunMethod.Data && phase == Phase.Allocated && message.TryReadXorAddress(StunAttribute.XorPeerAddress, out var from)
            && message.TryFind(StunAttribute.Data, out var packet) && packet.Length <= MaxDatagram)
        {
            data.Add(from, packet);
        }
    }

    private void Bind(long now, Peer peer)
    {
        peer.Transaction = TransactionId.New(random);
        SendBind(peer);
        peer.Again.Begin(now, IsStream, rto: 250_000);
        peer.BindAt = long.MaxValue;
    }

    private void SendBind(Peer peer)
    {
        var room = output.Reserve(MaxRequest);
        if (room.IsEmpty)
        {
            return;
        }

        var writer = new StunWriter(room, StunMethod.ChannelBind, StunClass.Request, peer.Transaction);
        writer.Write(StunAttribute.ChannelNumber, [(byte)(peer.Channel >> 8), (byte)peer.Channel, 0, 0]);
        writer.WriteXorAddress(StunAttribute.XorPeerAddress, peer.Address);
        credential.Sign(ref writer);
        writer.WriteFingerprint();
        output.Commit(0, writer.Length);
    }

    private void HandleBindAnswer(long now, in StunMessage message)
    {
        Peer? peer = null;
        foreach (var candidate in channels)
        {
            peer = candidate.Again.IsRunning && candidate.Transaction == message.TransactionId ? candidate : peer;
        }

        if (peer is null || message.Method != StunMethod.ChannelBind)
        {
            return;
        }

        if (message.Class == StunClass.Success)
        {
            if (!credential.IsIntact(message))
            {
                return;
            }

            peer.Again.Stop();
            peer.IsBound = true;
            peer.BindAt = now + BindEvery;
            peer.Challenges = 0;
            while (peer.Held.TryTake(out _, out var packet))
            {
                WriteChannelData(peer, packet);
            }

            return;
        }

        _ = message.TryReadError(out int code);
        if (code == StunError.StaleNonce && ++peer.Challenges <= 3)
        {
            // Several peers hear of the new nonce, each with its own answer: that it is known already is no refusal.
            if (credential.Take(message) == Challenged.TooLong)
            {
                Fail(TurnFailure.NotCredible, code);
                return;
            }

            Bind(now, peer);
            return;
        }

        Refuse(now, peer);
        if (code == StunError.AllocationMismatch)
        {
            Fail(TurnFailure.Mismatch, code);
        }
    }

    private void Refuse(long now, Peer peer)
    {
        peer.Again.Stop();
        peer.IsBound = false;
        peer.Challenges = 0;
        peer.RefusedUntil = peer.BindAt = now + RefusedFor;
        while (peer.Held.TryTake(out _, out _))
        {
            // Nobody takes them.
        }
    }

    private void HandlePeerTimeouts(long now)
    {
        if (phase != Phase.Allocated)
        {
            return;
        }

        foreach (var peer in channels)
        {
            if (now >= peer.Again.Due)
            {
                if (peer.Again.Next(now))
                {
                    SendBind(peer);
                }
                else
                {
                    Refuse(now, peer);
                }
            }
            else if (now >= peer.BindAt)
            {
                Bind(now, peer);
            }
        }
    }

    private long NextPeerTimeout()
    {
        long next = long.MaxValue;
        if (phase == Phase.Allocated)
        {
            foreach (var peer in channels)
            {
                next = Math.Min(next, Math.Min(peer.Again.Due, peer.BindAt));
            }
        }

        return next;
    }

    private sealed class Peer(TransportAddress address, int channel)
    {
        public Retransmission Again = new();

        public TransportAddress Address { get; } = address;

        public int Channel { get; } = channel;

        public PacketQueue<byte> Held { get; } = new(MaxHeld);

        public TransactionId Transaction { get; set; }

        public bool IsBound { get; set; }

        public long BindAt { get; set; } = long.MaxValue;

        public long RefusedUntil { get; set; }

        public int Challenges { get; set; }
    }
}
