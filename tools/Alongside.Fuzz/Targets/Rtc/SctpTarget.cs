using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Fuzz.Cases;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Fuzz.Targets.Rtc;

/// <summary>Packets to an association that stands, with the tag and the checksum that it waits for: what is behind them is what is looked at.</summary>
public sealed class SctpTarget() : Target("sctp", "Alongside.Rtc.Sctp")
{
    private static readonly SctpOptions Options = new() { ZeroChecksum = false };

    public override int MaxLength => 1500;

    public override IEnumerable<Case> Seeds()
    {
        var packets = new List<byte[]>();
        Meet(packets);
        return [.. packets.Select(packet => Vectors.One(packet)), new Case(packets)];
    }

    public override Subject Start() => new Standing(Meet([]));

    /// <summary>Two ends from one seed, so that numbers are the same every time; what the first sent is kept, and the second given.</summary>
    private static SctpAssociation Meet(List<byte[]> packets)
    {
        var random = new Counting();
        var (peer, own) = (new SctpAssociation(Options, random), new SctpAssociation(Options, random));
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
                packets.Add(packet[..length]);
                if (packets.Count % 5 != 4)
                {
                    own.Handle(now, packet.AsSpan(0, length));
                }
            }

            while (own.Poll(now, packet) is > 0 and var length)
            {
                peer.Handle(now, packet.AsSpan(0, length));
            }
        }

        return own;
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

        /// <summary>A ring grows to what the window of TSNs allows, once.</summary>
        public override long MemoryFor(ReadOnlySpan<byte> message) => 8 * 1024 * 1024;

        public override long StepsFor(ReadOnlySpan<byte> message) => 3_000_000;
    }

    private sealed class Counting : IRandomSource
    {
        private byte next;

        public void Fill(Span<byte> bytes)
        {
            foreach (ref byte value in bytes)
            {
                value = ++next;
            }
        }
    }
}
