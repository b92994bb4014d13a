using Alongside.Core.Secure;
using Alongside.Core.Secure.Records;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class UnorderedPathTests
{
    [Fact]
    public void Each_record_counts_once_whatever_the_order()
    {
        using var pair = Pair.Secured(PathOrder.Unordered, RecordLimits.Default with { RecordsPerEpoch = 50 });
        for (var i = 0; i < 100; i++)
        {
            pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [(byte)i]);
        }

        var records = pair.FromViewer();
        var random = new SeededRandomSource(4);
        for (var i = 0; i < 400; i++)
        {
            var record = records[random.Next(records.Count)];
            if (random.Next(4) == 0)
            {
                record = [.. record];
                record[random.Next(record.Length - 1) + 1] ^= 4;
            }

            pair.ToHost(record);
        }

        records.ForEach(pair.ToHost);
        Assert.Equal(Enumerable.Range(0, 100), pair.HostTold.Messages.Select(m => (int)m.Bytes.Single()).Order());
        Assert.Empty(pair.HostTold.Ended);
        Assert.True(pair.Host.IsSecured);
    }

    [Fact]
    public void The_former_key_opens_what_is_underway_for_ten_seconds()
    {
        using var pair = Pair.Secured(PathOrder.Unordered, RecordLimits.Default with { RecordsPerEpoch = 2 });
        for (byte i = 0; i < 6; i++)
        {
            pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [i]);
        }

        var r = pair.FromViewer();
        pair.ToHost(r[2]);
        pair.Now += PairOpener.FormerEpochLife - 1;
        pair.ToHost(r[0]);
        pair.Now++;
        pair.ToHost(r[1]);
        pair.ToHost(r[5]);
        pair.ToHost(r[4]);
        Assert.Equal([2, 0, 5, 4], pair.HostTold.Messages.Select(m => (int)m.Bytes.Single()));
    }

    [Fact]
    public void What_is_older_than_the_window_is_dropped()
    {
        using var pair = Pair.Secured(PathOrder.Unordered);
        for (var i = 0; i < 1026; i++)
        {
            pair.Viewer.Send(pair.Now, ChannelBudgets.Input, [(byte)(i >> 8), (byte)i]);
        }

        var r = pair.FromViewer();
        pair.ToHost(r[1024]);
        pair.ToHost(r[1]);
        pair.ToHost(r[0]);
        pair.ToHost(r[1025]);
        Assert.Equal([1024, 1, 1025], pair.HostTold.Messages.Select(m => (m.Bytes[0] << 8) | m.Bytes[1]));
    }

    [Fact]
    public void A_message_must_fit_a_record()
    {
        using var pair = Pair.Secured(PathOrder.Unordered);
        Assert.Throws<ArgumentException>(() => pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, new byte[65_511]));
        Assert.True(pair.Viewer.Send(pair.Now, ChannelBudgets.Clipboard, new byte[65_510]));
    }

    [Fact]
    public void The_window_knows_each_counter_like_a_set_does()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var random = new SeededRandomSource(seed);
            var window = new ReplayWindow();
            var seen = new HashSet<ulong>();
            ulong highest = 0;
            for (var i = 0; i < 2_000; i++)
            {
                var jump = random.Next(40) == 0 ? random.Next(3_000) : random.Next(8);
                var counter = random.Next(2) == 0 ? highest + (ulong)jump : highest - Math.Min(highest, (ulong)random.Next(1_100));
                var fresh = !seen.Contains(counter) && counter + ReplayWindow.Size > highest;
                Assert.Equal(fresh, window.IsFresh(counter));
                if (fresh)
                {
                    window.Mark(counter);
                    seen.Add(counter);
                    highest = Math.Max(highest, counter);
                }
            }
        }
    }
}
