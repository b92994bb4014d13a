using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>Packets to an association that stands, with the tag and the checksum that it waits for: what is behind them is what is looked at.</summary>
public sealed class SctpTarget() : Target("sctp", "Alongside.Rtc.Sctp")
{
    /// <summary>With a ring for what comes early that is quickly made.</summary>
    private static readonly SctpOptions Options = new() { ZeroChecksum = false, MaxChunksAhead = 1024 };

    private static readonly List<byte[]> Sent = [];

    /// <summary>What came to the end that is under attack, and when: to say it again is much cheaper than to have two ends meet for each case.</summary>
    private static readonly List<(long At, byte[] Packet)> Heard = Meet();

    public override int MaxLength => 1500;

    public override IEnumerable<Case> Seeds() => [.. Sent.Select(packet => Vectors.One(packet)), new Case(Sent)];

    public override Subject Start()
    {
        var end = new SctpAssociation(Options, new Counting(128));
        byte[] packet = new byte[2000];
        foreach (var (at, heard) in Heard)
        {
            end.Handle(at, heard);
            while (end.Poll(at, packet) > 0)
            {
            }
        }

        return end.IsOpen ? new Standing(end) : throw new InvalidOperationException("The association does not stand.");
    }

    /// <summary>Two ends, whose numbers are the same every time; what one sent, of which every fifth was lost.</summary>
    private static List<(long At, byte[] Packet)> Meet()
    {
        var (peer, own) = (new SctpAssociation(Options, new Counting(0)), new SctpAssociation(Options, new Counting(128)));
        var heard = new List<(long At, byte[] Packet)>();
        long now = 1_000_000;
        byte[] packet = new byte[2000];
        peer.Connect(now);
        for (ushort stream = 1; stream < 4; stream++)
        {
            peer.TrySend(now, stream, 51, new(Unordered: stream == 2, MaxRetransmits: stream == 3 ? 0 : null), new byte[3000]);
        }

        peer.ResetStream(1);
        for (int i = 0; i < 40; i++, now += 300_000)
        {
            while (peer.Poll(now, packet) is > 0 and var length)
            {
                Sent.Add(packet[..length]);
                if (Sent.Count % 5 != 4)
                {
                    heard.Add((now, packet[..length]));
                    own.Handle(now, packet.AsSpan(0, length));
                }
            }

            while (own.Poll(now, packet) is > 0 and var length)
            {
                peer.Handle(now, packet.AsSpan(0, length));
            }
        }

        return heard;
    }

    private sealed class Standing(SctpAssociation end) : Subject
    {
        private readonly byte[] packet = new byte[2000];
        private long now = 20_000_000;

        public override void Take(ReadOnlySpan<byte> message)
        {
            byte[] made = message.ToArray();
            if (made.Length >= 12)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(8), Crc32c.OfPacket(made));
            }

            now += 10_000;
            end.Handle(now, made);
            while (end.Poll(now, packet) > 0)
            {
            }

            while (end.TryRead(out _))
            {
            }

            while (end.TryPollEvent(out _))
            {
            }
        }

        /// <summary>A ring grows to what the window of TSNs allows, once; a message to its longest.</summary>
        public override long MemoryFor(ReadOnlySpan<byte> message) => 2 * 1024 * 1024;
    }

    private sealed class Counting(byte first) : IRandomSource
    {
        private byte next = first;

        public void Fill(Span<byte> bytes)
        {
            foreach (ref byte value in bytes)
            {
                value = ++next;
            }
        }
    }
}
