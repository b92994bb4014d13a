using System.Buffers.Binary;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Rtc.Sctp.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

public sealed class SetupTests
{
    private static readonly LinkTerms Clean = new() { Delay = 10_000 };

    [Fact]
    public void One_end_asks()
    {
        var pair = new SctpPair(1, Clean);
        pair.Left.Connect(pair.Now);
        Assert.True(pair.RunUntil(() => pair.Left.IsOpen && pair.Right.IsOpen, 41_000));
    }

    [Fact]
    public void Both_ask_at_once()
    {
        var events = new List<SctpEventKind>();
        var pair = new SctpPair(2, Clean) { OnEvent = (_, happened) => events.Add(happened.Kind) };
        pair.Connect();
        pair.Run(1_000_000);
        Assert.Equal([SctpEventKind.Connected, SctpEventKind.Connected], events);
    }

    [Fact]
    public void Half_the_packets_are_lost()
    {
        for (ulong seed = 1; seed <= 50; seed++)
        {
            new SctpPair(seed, Clean with { Loss = 0.5, Jitter = 5_000 }).Connect();
        }
    }

    [Fact]
    public void What_is_sent_before_it_stands_leaves_when_it_does()
    {
        string? text = null;
        var pair = new SctpPair(3, Clean) { OnMessage = (_, message) => text = System.Text.Encoding.UTF8.GetString(message.Data) };
        pair.Left.TrySend(pair.Now, 7, 51, default, "early"u8);
        pair.Connect();
        pair.Run(100_000);
        Assert.Equal("early", text);
    }

    [Fact]
    public void A_flood_of_INITs_costs_nothing_and_is_answered_in_part()
    {
        var random = new SeededRandomSource(4);
        var end = new SctpAssociation(SctpPair.Options, random);
        var init = FirstPacket(new SctpAssociation(SctpPair.Options, random));
        byte[] packet = new byte[2000];
        for (int i = 0; i < 1000; i++)
        {
            end.Handle(1000, init);
        }

        int answers = 0;
        while (end.Poll(1000, packet) > 0)
        {
            answers++;
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            end.Handle(1000, init);
            end.Poll(1000, packet);
        }

        Assert.Equal(8, answers);
        Assert.Equal(SctpState.Closed, end.State);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Fact]
    public void A_cookie_of_another_end_or_changed_or_old_is_refused()
    {
        var random = new SeededRandomSource(5);
        var (asking, asked, other) = (new SctpAssociation(SctpPair.Options, random), new SctpAssociation(SctpPair.Options, random), new SctpAssociation(SctpPair.Options, random));
        byte[] initAck = Answer(asked, FirstPacket(asking), 1000);
        asking.Handle(1000, initAck);
        byte[] packet = new byte[2000];
        byte[] echo = packet[..asking.Poll(1000, packet)];
        Assert.Equal(ChunkType.CookieEcho, echo[12]);

        other.Handle(2000, echo);
        Assert.Equal(SctpState.Closed, other.State);

        for (int at = 16; at < echo.Length; at++)
        {
            byte[] changed = [.. echo];
            changed[at] ^= 1;
            BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(8), Crc32c.OfPacket(changed));
            asked.Handle(2000, changed);
            Assert.Equal(SctpState.Closed, asked.State);
        }

        byte[] stale = Answer(asked, echo, 1000 + 61_000_000);
        Assert.Equal(SctpState.Closed, asked.State);
        Assert.Equal(ChunkType.Error, stale[12]);

        // Who is told so asks again.
        asking.Handle(1000, stale);
        Assert.Equal(SctpState.CookieWait, asking.State);

        asked.Handle(2000, echo);
        Assert.Equal(SctpState.Established, asked.State);
    }

    [Fact]
    public void A_peer_that_starts_again_is_known_by_its_ties()
    {
        var events = new List<SctpEventKind>();
        var pair = new SctpPair(6, Clean).Connect();
        pair.Run(100_000);
        var again = new SctpAssociation(SctpPair.Options, pair.Random);
        again.Connect(pair.Now);
        byte[] packet = new byte[2000];
        for (int i = 0; i < 4; i++)
        {
            Exchange(again, pair.Right, packet, pair.Now);
            Exchange(pair.Right, again, packet, pair.Now);
        }

        while (pair.Right.TryPollEvent(out var happened))
        {
            events.Add(happened.Kind);
        }

        Assert.True(again.IsOpen && pair.Right.IsOpen);
        Assert.Equal([SctpEventKind.Restarted], events);
        Assert.True(again.TrySend(pair.Now, 1, 51, default(SendTerms), "hello"u8));
        Exchange(again, pair.Right, packet, pair.Now);
        Assert.True(pair.Right.TryRead(out var message));
        Assert.Equal("hello"u8.ToArray(), message.Data.ToArray());
    }

    [Fact]
    public void Zero_checksums_are_sent_when_both_ends_take_them()
    {
        foreach (var (left, right, expected) in new[] { (true, true, true), (true, false, false), (false, true, false) })
        {
            int zero = 0, all = 0;
            var pair = new SctpPair(7, Clean, SctpPair.Options with { ZeroChecksum = left }, SctpPair.Options with { ZeroChecksum = right });
            pair.OnPacket = (_, packet) =>
            {
                all++;
                zero += BinaryPrimitives.ReadUInt32BigEndian(packet.Span[8..]) == 0 ? 1 : 0;
                Assert.False(BinaryPrimitives.ReadUInt32BigEndian(packet.Span[8..]) == 0 && packet.Span[12] is ChunkType.Init or ChunkType.CookieEcho);
                return true;
            };
            pair.Connect();
            pair.Left.TrySend(pair.Now, 1, 51, default, new byte[100_000]);
            pair.Run(1_000_000);
            Assert.Equal(expected, zero > all / 2);
        }
    }

    [Fact]
    public void Shutting_down_delivers_everything_first()
    {
        long received = 0;
        var closed = new List<string?>();
        var pair = new SctpPair(8, Clean with { Loss = 0.1 });
        pair.OnMessage = (_, message) => received += message.Length;
        pair.OnEvent = (_, happened) => closed.AddRange(happened.Kind == SctpEventKind.Closed ? [happened.Reason] : []);
        pair.Connect();
        pair.Left.TrySend(pair.Now, 1, 51, default, new byte[200_000]);
        pair.Left.Shutdown(pair.Now);
        Assert.False(pair.Left.TrySend(pair.Now, 1, 51, default, "late"u8));
        Assert.True(pair.RunUntil(() => pair.Left.HasEnded && pair.Right.HasEnded, 60_000_000));
        Assert.Equal(200_000, received);
        Assert.Equal(["Shut down.", "Shut down."], closed);
    }

    [Fact]
    public void An_abort_reaches_the_peer()
    {
        var pair = new SctpPair(9, Clean).Connect();
        pair.Left.Abort("Enough.");
        Assert.True(pair.RunUntil(() => pair.Right.HasEnded, 11_000));
    }

    [Fact]
    public void Giving_up_is_a_switch()
    {
        foreach (var (giveUpAfter, ends) in new[] { (null, false), ((int?)5, true) })
        {
            var pair = new SctpPair(10, Clean, SctpPair.Options with { GiveUpAfter = giveUpAfter }).Connect();
            pair.ToRight.IsDown = pair.ToLeft.IsDown = true;
            pair.Left.TrySend(pair.Now, 1, 51, default, "is anybody there"u8);
            pair.Run(120_000_000);
            Assert.Equal(ends, pair.Left.HasEnded);
            if (!ends)
            {
                bool arrived = false;
                pair.OnMessage = (_, _) => arrived = true;
                pair.ToRight.IsDown = pair.ToLeft.IsDown = false;
                Assert.True(pair.RunUntil(() => arrived, 2_100_000), "A path that is back is not noticed in time.");
            }
        }
    }

    private static byte[] FirstPacket(SctpAssociation end)
    {
        byte[] packet = new byte[2000];
        end.Connect(1000);
        return packet[..end.Poll(1000, packet)];
    }

    private static byte[] Answer(SctpAssociation end, byte[] question, long now)
    {
        byte[] packet = new byte[2000];
        end.Handle(now, question);
        return packet[..end.Poll(now, packet)];
    }

    private static void Exchange(SctpAssociation from, SctpAssociation to, byte[] packet, long now)
    {
        while (from.Poll(now, packet) is > 0 and var length)
        {
            to.Handle(now, packet.AsSpan(0, length));
        }
    }
}
