using Alongside.Core.Link;
using Alongside.Core.Session;

namespace Alongside.Core.Tests.Link;

/// <summary>Two ends of a link and what lies between them, which a test delivers piece by piece.</summary>
internal sealed class LinkPair
{
    private const int RelayWindow = 1 << 20;

    /// <param name="marks">Both know marks.</param>
    public LinkPair(bool marks = false)
    {
        A = new(this, leads: true);
        B = new(this, leads: false);
        (A.Other, B.Other) = (B, A);
        A.Switch.MayMark = B.Switch.MayMark = marks;
    }

    public End A { get; }

    public End B { get; }

    public long Now { get; set; } = 1_000_000;

    /// <summary>Both have opened way <paramref name="way"/>, moved over, and everything has arrived.</summary>
    public void Move(int way = 1)
    {
        Open(way);
        Settle();
    }

    /// <summary>Both have opened way <paramref name="way"/>. As in a session, what was said on the relay of its beginning has come.</summary>
    public void Open(int way)
    {
        A.Switch.Begin(way);
        while (A.Switch.MayMark && A.DeliverRelay())
        {
        }

        B.Switch.Begin(way);
        A.Switch.Opened(Now, way);
        B.Switch.Opened(Now, way);
    }

    /// <summary>Delivers until nothing is under way.</summary>
    public void Settle()
    {
        while (A.DeliverRelay() || B.DeliverRelay() || A.DeliverDirect() || B.DeliverDirect())
        {
        }
    }

    /// <summary>Time passes on a way that carries nothing, in steps.</summary>
    public void Wait(long time)
    {
        for (long until = Now + time; Now < until;)
        {
            Now += 100_000;
            A.Switch.Tick(Now);
            B.Switch.Tick(Now);
        }
    }

    internal sealed class End : IPath, IDirectWays, ILinkOwner
    {
        private readonly LinkPair pair;
        private readonly Queue<byte[]> relay = new();
        private readonly Queue<(int Way, byte[] Message)> direct = new();

        public End(LinkPair pair, bool leads)
        {
            this.pair = pair;
            Switch = new(1, this, this, this, leads);
            Switch.Renew(pair.Now);
        }

        public PathSwitch Switch { get; }

        public End Other { get; set; } = null!;

        public List<int> Got { get; } = [];

        public List<string> Ended { get; } = [];

        public List<bool> Paths { get; } = [];

        public List<byte[]> RelaySent { get; } = [];

        public List<string> Stranded { get; } = [];

        /// <summary>What the driver has measured over the way, and what the relay takes, in microseconds; null: nothing.</summary>
        public (long? Way, long? Relay) RoundTrips { get; set; }

        /// <summary>The channel is gone for this end.</summary>
        public bool IsChannelGone { get; set; }

        /// <summary>Room on the relay.</summary>
        public int Room { get; set; } = RelayWindow;

        /// <summary>A record that bears a number, of this many bytes.</summary>
        public bool Send(int number, int length = 100)
        {
            byte[] payload = new byte[length];
            payload[0] = (byte)(0x20 + (number & 1));
            BitConverter.TryWriteBytes(payload.AsSpan(1), number);
            if (Switch.Window < length)
            {
                return false;
            }

            if (Switch.Sends)
            {
                Switch.SendDirect(pair.Now, payload);
                return true;
            }

            if (!((IPath)this).TrySend([1], payload))
            {
                return false;
            }

            Switch.Relayed(payload);
            return true;
        }

        /// <summary>Delivers the next of what this end sent on the relay.</summary>
        public bool DeliverRelay()
        {
            if (!relay.TryDequeue(out byte[]? payload))
            {
                return false;
            }

            Other.Switch.HandleRelay(pair.Now, payload);
            return true;
        }

        /// <summary>Delivers the next of what this end sent over a way.</summary>
        public bool DeliverDirect()
        {
            if (!direct.TryDequeue(out var next))
            {
                return false;
            }

            Other.Switch.HandleDirect(pair.Now, next.Way, next.Message);
            return true;
        }

        public int Waiting => direct.Count;

        /// <summary>How often this end gave over a way what it had sent on the relay.</summary>
        public int Rests { get; private set; }

        /// <summary>What was under way on the channel is lost.</summary>
        public void Lose() => direct.Clear();

        /// <summary>What was under way on the relay is lost.</summary>
        public void LoseRelay() => relay.Clear();

        int IPath.Window(ushort member) => Room;

        bool IPath.TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
        {
            if (payload.Length > Room)
            {
                return false;
            }

            RelaySent.Add(payload.ToArray());
            relay.Enqueue(payload.ToArray());
            return true;
        }

        bool IDirectWays.TrySend(ushort member, int way, ReadOnlySpan<byte> message)
        {
            if (IsChannelGone)
            {
                return false;
            }

            Assert.InRange(message.Length, 1, LinkMessage.MaxOnChannel);
            Rests += message is [LinkMessage.Kind, (byte)LinkWord.Rest, ..] && LinkMessage.Read(message).Count > 0 ? 1 : 0;
            direct.Enqueue((way, message.ToArray()));
            return true;
        }

        void ILinkOwner.Deliver(long now, ushort member, ReadOnlySpan<byte> payload)
        {
            int number = BitConverter.ToInt32(payload[1..]);
            Assert.Equal(0x20 + (number & 1), payload[0]);
            Got.Add(number);
        }

        void ILinkOwner.PathChanged(long now, ushort member, bool isDirect) => Paths.Add(isDirect);

        void ILinkOwner.WayEnded(long now, ushort member, int way, string why) => Ended.Add(why);

        void ILinkOwner.Stranded(long now, ushort member, string why)
        {
            Stranded.Add(why);
            Switch.Reset(now);
        }

        long? ILinkOwner.RelayRoundTrip(ushort member) => RoundTrips.Relay;

        long? IDirectWays.RoundTrip(ushort member, int way) => RoundTrips.Way;
    }
}
