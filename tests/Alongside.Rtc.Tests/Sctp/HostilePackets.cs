using System.Buffers.Binary;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>Packets of a real run, cut short, changed, doubled and made up, with a checksum and a tag that are right: the worst is that the association ends.</summary>
public sealed class HostilePackets
{
    [Fact]
    public void Cut_short_anywhere()
    {
        foreach (byte[] packet in Recorded())
        {
            var end = Standing(out _);
            for (int length = 0; length < packet.Length; length++)
            {
                Feed(end, packet[..length]);
                if (end.HasEnded)
                {
                    end = Standing(out _);
                }
            }
        }
    }

    [Fact]
    public void Changed_anywhere()
    {
        var random = new SeededRandomSource(11);
        var packets = Recorded();
        var end = Standing(out var pair);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] packet = [.. packets[random.Next(packets.Count)]];
            for (int changes = 1 + random.Next(4); changes > 0; changes--)
            {
                packet[random.Next(packet.Length)] = (byte)random.Next(256);
            }

            Feed(end, packet);
            if (end.HasEnded)
            {
                end = Standing(out pair);
            }
        }
    }

    [Fact]
    public void Nobody_without_the_tag_is_heard()
    {
        var end = Standing(out _);
        byte[] packet = new byte[2000];
        var writer = new PacketWriter(packet, 5000, 5000, 0xDEAD_BEEF);
        writer.Add(ChunkType.Abort, 0, 0);
        end.Handle(2_000_000, packet.AsSpan(0, writer.Finish(withChecksum: true)));
        Assert.True(end.IsOpen);
    }

    [Fact]
    public void A_peer_that_sends_without_end_is_held_to_the_window()
    {
        var pair = new SctpPair(12, new LinkTerms { Delay = 1000 }, SctpPair.Options with { ReceiveWindow = 100_000 }) { Reads = false };
        pair.Connect();
        for (int i = 0; i < 100; i++)
        {
            pair.Left.TrySend(pair.Now, 1, 51, default, new byte[10_000]);
        }

        pair.Run(20_000_000);
        Assert.InRange(pair.Left.Buffered, 500_000, 960_000);

        // It reads again: nothing was lost.
        long received = 0;
        pair.OnMessage = (_, message) => received += message.Length;
        pair.Reads = true;
        Assert.True(pair.RunUntil(() => received == 1_000_000, 5_000_000));
    }

    [Fact]
    public void A_piece_at_a_time_far_apart_fills_no_memory()
    {
        var end = Standing(out var pair);
        long before = GC.GetAllocatedBytesForCurrentThread();
        uint tag = 0, tsn = 0;
        pair.OnPacket = (from, packet) =>
        {
            tag = from == pair.Left ? BinaryPrimitives.ReadUInt32BigEndian(packet.Span[4..]) : tag;
            tsn = from == pair.Left && packet.Span[12] == ChunkType.Data ? BinaryPrimitives.ReadUInt32BigEndian(packet.Span[16..]) : tsn;
            return true;
        };
        pair.Left.TrySend(pair.Now, 1, 51, default, "x"u8);
        pair.Run(100_000);
        byte[] made = new byte[100];
        for (uint i = 2; i < 100_000; i += 2)
        {
            var writer = new PacketWriter(made, 5000, 5000, tag);
            var value = writer.Add(ChunkType.Data, ChunkType.Unordered, 13);
            BinaryPrimitives.WriteUInt32BigEndian(value, tsn + i);
            end.Handle(pair.Now, made.AsSpan(0, writer.Finish(withChecksum: true)));
        }

        Assert.True(end.IsOpen);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    /// <summary>Every packet with the tag that <see cref="Standing"/> waits for and its checksum made right.</summary>
    private static void Feed(SctpAssociation end, byte[] packet)
    {
        if (packet.Length >= 12)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(8), Crc32c.OfPacket(packet));
        }

        byte[] output = new byte[2000];
        end.Handle(5_000_000, packet);
        for (int i = 0; i < 100 && end.Poll(5_000_000, output) > 0; i++)
        {
        }

        while (end.TryRead(out _))
        {
        }
    }

    /// <summary>The same every time: tags and TSNs come from one seed.</summary>
    private static SctpAssociation Standing(out SctpPair pair)
    {
        pair = new SctpPair(13, new LinkTerms { Delay = 1000 }).Connect();
        return pair.Right;
    }

    private static List<byte[]> Recorded()
    {
        var byType = new Dictionary<int, List<byte[]>>();
        var pair = new SctpPair(13, new LinkTerms { Delay = 1000 });
        pair.Left.TrySend(0, 2, 53, new(Unordered: true, MaxRetransmits: 0), new byte[5000]);
        pair.OnPacket = (from, packet) =>
        {
            if (from == pair.Left)
            {
                var kept = byType.TryGetValue(packet.Span[12], out var list) ? list : byType[packet.Span[12]] = [];
                if (kept.Count < 3)
                {
                    kept.Add(packet.ToArray());
                }
            }

            return packet.Span[12] != ChunkType.Data || pair.Random.Next(4) > 0;
        };
        pair.Connect();
        for (int i = 0; i < 20; i++)
        {
            pair.Left.TrySend(pair.Now, (ushort)i, 51, new(Unordered: i % 2 == 0, MaxRetransmits: i % 3 == 0 ? 0 : null), new byte[100 + (700 * i)]);
            pair.Right.TrySend(pair.Now, (ushort)i, 51, default, new byte[100 + (700 * i)]);
            pair.Run(50_000);
        }

        pair.Left.ResetStream(3);
        pair.Right.ResetStream(4);
        pair.Run(20_000_000);
        pair.Left.Shutdown(pair.Now);
        pair.Run(1_000_000);
        Assert.Superset(
            new HashSet<int> { ChunkType.Data, ChunkType.Sack, ChunkType.Init, ChunkType.InitAck, ChunkType.CookieEcho, ChunkType.CookieAck, ChunkType.ForwardTsn, ChunkType.ReConfig, ChunkType.Heartbeat, ChunkType.HeartbeatAck, ChunkType.Shutdown },
            byType.Keys.ToHashSet());
        return [.. byType.Values.SelectMany(packets => packets)];
    }
}
