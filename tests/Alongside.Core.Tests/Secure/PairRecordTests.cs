using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Core.Wire;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class PairRecordTests
{
    private static readonly RecordLimits ThreeAnEpoch = RecordLimits.Default with { RecordsPerEpoch = 3 };

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8_192)]
    [InlineData(8_193)]
    [InlineData(1_000_000)]
    public void A_message_of_any_length_arrives_whole(int length)
    {
        using var pair = Pair.Secured();
        var message = Bytes(length);
        Assert.True(pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, message));
        Assert.Equal(length, pair.Viewer.PendingBytes);
        var records = pair.FromViewer();
        Assert.Equal(Math.Max(1, (length + 8_191) / 8_192), records.Count);
        Assert.All(records, record => Assert.InRange(record.Length, 26, 65_536));
        records.ForEach(pair.ToHost);
        Assert.Equal(message, pair.HostTold.Messages.Single().Bytes);
        Assert.Equal(0, pair.Viewer.PendingBytes);
    }

    [Fact]
    public void Keys_change_after_their_number_of_records_and_nothing_is_lost()
    {
        using var pair = Pair.Secured(limits: ThreeAnEpoch);
        for (var i = 0; i < 20; i++)
        {
            pair.Viewer.Send(pair.Now, ChannelBudgets.Control, [(byte)i]);
            var record = pair.FromViewer().Single();
            Assert.Equal([0x20, 0, (byte)(i / 3), 0, 0, 0, 0, (byte)i], record[..8]);
            pair.ToHost(record);
        }

        Assert.Equal(Enumerable.Range(0, 20), pair.HostTold.Messages.Select(m => (int)m.Bytes.Single()));
    }

    [Fact]
    public void Keys_change_after_an_hour()
    {
        using var pair = Pair.Secured();
        pair.Viewer.Send(pair.Now + 3_599_999_999, ChannelBudgets.Control, "a"u8);
        Assert.Equal(0, pair.FromViewer().Single()[2]);
        pair.Viewer.Send(pair.Now + 3_600_000_000, ChannelBudgets.Control, "b"u8);
        Assert.Equal(1, pair.FromViewer().Single()[2]);
    }

    [Theory]
    [InlineData(2, 1_000)]
    [InlineData(1_000, 7)]
    public void A_session_ends_when_its_keys_or_numbers_are_used_up(int lastEpoch, int lastCounter)
    {
        var limits = ThreeAnEpoch with { LastEpoch = (ushort)lastEpoch, LastCounter = (ulong)lastCounter };
        using var pair = Pair.Secured(limits: limits);
        var sent = 0;
        while (pair.Viewer.Send(pair.Now, ChannelBudgets.Control, [1]))
        {
            sent++;
            pair.Exchange();
        }

        Assert.Equal(Math.Min(3 * (lastEpoch + 1), lastCounter + 1), pair.HostTold.Messages.Count);
        Assert.Equal(pair.HostTold.Messages.Count + 1, sent);
        Assert.False(pair.Viewer.IsSecured);
        Assert.Contains("used up", pair.ViewerTold.Ended.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("swap")]
    [InlineData("skip")]
    [InlineData("skip at the change of key")]
    [InlineData("flip")]
    [InlineData("header")]
    [InlineData("cut")]
    [InlineData("longer")]
    [InlineData("short")]
    [InlineData("too long")]
    [InlineData("back to the sender")]
    [InlineData("far epoch")]
    public void Anything_but_the_next_record_ends_the_session_and_is_told_once(string how)
    {
        using var pair = Pair.Secured(limits: ThreeAnEpoch);
        for (byte i = 0; i < 6; i++)
        {
            pair.Viewer.Send(pair.Now, ChannelBudgets.Control, [i]);
        }

        var r = pair.FromViewer();
        pair.ToHost(r[0]);
        List<byte[]> next = how switch
        {
            "replay" => [r[0]],
            "swap" => [r[2], r[1]],
            "skip" => [r[2]],
            "skip at the change of key" => [r[1], r[3]],
            "flip" => [[.. r[1][..^1], (byte)(r[1][^1] ^ 1)]],
            "header" => [[.. r[1][..2], 1, .. r[1][3..]]],
            "cut" => [r[1][..^1]],
            "longer" => [[.. r[1], 0]],
            "short" => [r[1][..20]],
            "too long" => [[.. r[1], .. new byte[65_536]]],
            "far epoch" => [[.. r[1][..1], 0, 9, .. r[1][3..]]],
            _ => [],
        };
        if (how == "back to the sender")
        {
            pair.ToViewer(r[1]);
            Assert.Single(pair.ViewerTold.Ended);
            Assert.Empty(pair.ViewerTold.Messages);
            return;
        }

        next.ForEach(pair.ToHost);
        r.ForEach(pair.ToHost);
        Assert.Single(pair.HostTold.Ended);
        Assert.False(pair.Host.IsSecured);
        Assert.False(pair.Host.Send(pair.Now, ChannelBudgets.Control, [1]));
        Assert.Equal(how == "skip at the change of key" ? 2 : 1, pair.HostTold.Messages.Count);
    }

    [Fact]
    public void A_host_whose_session_has_ended_takes_a_resume()
    {
        using var pair = Pair.Secured();
        pair.Book.Add(pair.Viewer.ResumeCredential!);
        pair.ToHost([0x20, .. new byte[40]]);
        Assert.Single(pair.HostTold.Ended);
        pair.Viewer.Start(pair.Now);
        pair.Exchange();
        Assert.True(pair.Host.IsSecured);
    }

    [Theory]
    [InlineData(ChannelBudgets.Desktop, 1)]
    [InlineData(ChannelBudgets.Cursor, 1)]
    [InlineData(ChannelBudgets.Feedback, 65)]
    [InlineData(ChannelBudgets.Input, 8193)]
    [InlineData(6, 1)]
    [InlineData(255, 0)]
    public void Nothing_leaves_on_a_channel_that_does_not_lead_there_or_over_its_budget(byte channel, int length)
    {
        using var pair = Pair.Secured();
        Assert.Throws<ArgumentException>(() => pair.Viewer.Send(pair.Now, channel, new byte[length]));
    }

    [Fact]
    public void A_peer_that_exceeds_a_budget_ends_the_session()
    {
        foreach (var (channel, records) in ((byte, byte[][])[])
        [
            (ChannelBudgets.Feedback, [new byte[65]]),
            (ChannelBudgets.Input, [new byte[8192], new byte[1]]),
            (ChannelBudgets.Control, [new byte[65_000], new byte[537]]),
            (ChannelBudgets.Clipboard, [.. Enumerable.Repeat(new byte[65_510], 64), new byte[2_000]]),
            (ChannelBudgets.Desktop, [new byte[1]]),
            (ChannelBudgets.Cursor, [new byte[1]]),
            (6, [new byte[1]]),
            (0, [new byte[5], []]),
        ])
        {
            using var hostile = new HostileViewer();
            for (var i = 0; i < records.Length; i++)
            {
                Assert.True(hostile.Host.IsSecured);
                hostile.Send(channel, records[i], end: false);
            }

            Assert.False(hostile.Host.IsSecured, $"channel {channel}");
            Assert.Single(hostile.Told.Ended);
            Assert.Empty(hostile.Told.Messages);
        }
    }

    [Fact]
    public void Messages_of_exactly_the_budget_arrive()
    {
        using var hostile = new HostileViewer();
        hostile.Send(ChannelBudgets.Feedback, new byte[64], end: true);
        hostile.Send(ChannelBudgets.Input, new byte[8192], end: true);
        hostile.Send(ChannelBudgets.Control, new byte[65_000], end: false);
        hostile.Send(ChannelBudgets.Control, new byte[536], end: true);
        Assert.Equal([64, 8192, 65_536], hostile.Told.Messages.Select(m => m.Bytes.Length));
    }

    [Fact]
    public void Messages_of_different_channels_are_put_together_each_for_itself()
    {
        using var hostile = new HostileViewer();
        hostile.Send(ChannelBudgets.Control, [1], end: false);
        hostile.Send(ChannelBudgets.Clipboard, [2], end: false);
        hostile.Send(ChannelBudgets.Input, [3], end: true);
        hostile.Send(ChannelBudgets.Control, [4], end: true);
        hostile.Send(ChannelBudgets.Clipboard, [], end: true);
        Assert.Equal([[3], [1, 4], [2]], hostile.Told.Messages.Select(m => m.Bytes));
    }

    [Fact]
    public void Short_messages_overtake_a_long_one_and_nothing_else_changes_places()
    {
        using var pair = Pair.Secured();
        var clipboard = Bytes(200_000);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, Bytes(10));
        pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, clipboard);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Control, [1]);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [2]);
        pair.Exchange();
        Assert.Equal([4, 0, 1, 4], pair.HostTold.Messages.Select(m => (int)m.Channel));
        Assert.Equal(clipboard, pair.HostTold.Messages[3].Bytes);

        // A snapshot is overtaken by control and cursor even when it has begun.
        pair.Host.Send(pair.Now, ChannelBudgets.Desktop, Bytes(150_000));
        Assert.True(pair.Host.TryPollPayload(out var first));
        pair.ToViewer(first.ToArray());
        pair.Host.Send(pair.Now, ChannelBudgets.Control, [3]);
        pair.Host.Send(pair.Now, ChannelBudgets.Cursor, [4]);
        pair.Exchange();
        Assert.Equal([0, 3, 5], pair.ViewerTold.Messages.Select(m => (int)m.Channel));
    }

    [Fact]
    public void A_key_that_pastes_follows_the_clipboard_and_all_input_after_it_too()
    {
        using var pair = Pair.Secured();
        pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, Bytes(200_000));
        pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [1]);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [2], pastes: true);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [3]);
        pair.Viewer.Send(pair.Now, ChannelBudgets.Control, [4]);
        pair.Exchange();
        Assert.Equal([[1], [4], [2], [3]], pair.HostTold.Messages.Select(m => m.Bytes).Where(m => m.Length == 1));
        Assert.Equal([1, 0, 4, 1, 1], pair.HostTold.Messages.Select(m => (int)m.Channel));

        // Once it has gone, another clipboard is overtaken again.
        pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, Bytes(200_000));
        pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [5]);
        pair.Exchange();
        Assert.Equal([1, 4], pair.HostTold.Messages.Skip(5).Select(m => (int)m.Channel));
    }

    [Fact]
    public void A_running_session_allocates_nothing_for_a_record()
    {
        using var pair = Pair.Secured();
        var message = Bytes(1_000);
        var buffer = new byte[65_536];
        var arrived = 0;

        void Round(int count)
        {
            for (var i = 0; i < count; i++)
            {
                pair.Viewer.Send(pair.Now, ChannelBudgets.Input, message);
                while (pair.Viewer.TryPollPayload(out var payload))
                {
                    payload.CopyTo(buffer);
                    pair.Host.Handle(pair.Now, buffer.AsSpan(0, payload.Length));
                }

                while (pair.Host.TryPollEvent(out var e))
                {
                    arrived += e.Bytes.Length;
                }
            }
        }

        Round(200);

        // A collection in between, for a test beside this one, may empty the shared pool; what allocates for a record does so in every round.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Round(1_000);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least);
        Assert.Equal(5_200_000, arrived);
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new SeededRandomSource((ulong)length).Fill(bytes);
        return bytes;
    }

    /// <summary>Knows the keys and keeps no rules.</summary>
    private sealed class HostileViewer : IDisposable
    {
        private readonly PairSealer sealer;

        public HostileViewer()
        {
            var random = new RecordedRandomSource(new SeededRandomSource(1));
            var book = new TestBook();
            book.Add(Pair.Link());
            Host = SecurePeer.Host(book, [1], new SeededRandomSource(2));
            var viewer = SecurePeer.Viewer(Pair.Link(), [1], random);
            viewer.Start(0);
            var hello = Poll(viewer);
            Host.Handle(0, hello);
            var hostHello = Poll(Host);
            viewer.Handle(0, hostHello);
            var finish = Poll(viewer);
            Host.Handle(0, finish);
            Told.Drain(Host);
            byte[] sid = [.. hello[6..22], .. hostHello[19..35]];
            var k = Cpace.SharedSecret(random.Drawn[16..48], hostHello[^65..]);
            sealer = new PairSealer(
                Handshake.Keys(hello, hostHello[..^65], sid, k, finish[1..66], hostHello[^65..]).ViewerToHost(), 0, RecordLimits.Default);
        }

        public SecurePeer Host { get; }

        public Told Told { get; } = new();

        public void Send(byte channel, byte[] content, bool end)
        {
            var record = new byte[content.Length + PairRecord.Overhead];
            content.CopyTo(record, PairRecord.HeaderLength + PairRecord.PrefixLength);
            sealer.Seal(0, channel, end ? PairRecord.End : (byte)0, record);
            Host.Handle(0, record);
            Told.Drain(Host);
        }

        public void Dispose()
        {
            sealer.Dispose();
            Host.Dispose();
        }

        private static byte[] Poll(SecurePeer peer)
        {
            Assert.True(peer.TryPollPayload(out var payload));
            return payload.ToArray();
        }
    }

    private sealed class RecordedRandomSource(IRandomSource inner) : IRandomSource
    {
        public byte[] Drawn { get; private set; } = [];

        public void Fill(Span<byte> bytes)
        {
            inner.Fill(bytes);
            Drawn = [.. Drawn, .. bytes];
        }
    }
}
