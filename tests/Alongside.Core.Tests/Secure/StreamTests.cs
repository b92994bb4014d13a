using Alongside.Core.Secure;
using Alongside.Core.Wire;
using Alongside.Testing;

namespace Alongside.Core.Tests.Secure;

public sealed class StreamTests
{
    private readonly SeededRandomSource random = new(1);

    [Theory]
    [InlineData(0)]
    [InlineData(65_511)]
    [InlineData(65_512)]
    [InlineData(3_000_000)]
    public void One_sealing_serves_every_viewer(int length)
    {
        using var sealer = new StreamSealer(7);
        using var first = new StreamOpener(7);
        using var second = new StreamOpener(7);
        sealer.NewEpoch(random);
        first.SetKey(sealer.Epoch, sealer.Secret, sealer.Counter);
        Records(sealer, "before the second came"u8.ToArray()).ForEach(r => first.TryOpen(r, out _));
        second.SetKey(sealer.Epoch, sealer.Secret, sealer.Counter);
        var message = new byte[length];
        random.Fill(message);
        var records = Records(sealer, message);
        Assert.All(records, r => Assert.InRange(r.Length, 25, 65_536));
        Assert.Equal(message, Open(first, records));
        Assert.Equal(message, Open(second, records));
    }

    [Fact]
    public void A_new_epoch_shuts_out_who_was_not_given_its_secret()
    {
        using var sealer = new StreamSealer(0);
        using var opener = new StreamOpener(0);
        var former = sealer.NewEpoch(random).ToArray();
        opener.SetKey(0, former, 0);
        Assert.Equal("a"u8.ToArray(), Open(opener, Records(sealer, "a"u8.ToArray())));
        Assert.NotEqual(former, sealer.NewEpoch(random).ToArray());
        Assert.Equal((1, 0u), (sealer.Epoch, sealer.Counter));
        var record = Records(sealer, "b"u8.ToArray()).Single();
        Assert.Throws<ProtocolException>(() => opener.TryOpen(record, out _));

        // Nor does the former secret open it under the new number.
        opener.SetKey(1, former, 0);
        Assert.Throws<ProtocolException>(() => opener.TryOpen(record, out _));
        opener.SetKey(1, sealer.Secret, 0);
        Assert.True(opener.TryOpen(record, out var message));
        Assert.Equal("b"u8.ToArray(), message.ToArray());
    }

    [Fact]
    public void A_key_is_changed_after_its_number_of_records_but_not_within_a_message()
    {
        using var sealer = new StreamSealer(0, recordsPerEpoch: 3);
        Assert.True(sealer.MustRekey);
        Assert.Throws<InvalidOperationException>(() => Records(sealer, [1]));
        sealer.NewEpoch(random);
        Records(sealer, [1]);
        Records(sealer, [1]);
        Assert.False(sealer.MustRekey);
        Assert.Equal(4, Records(sealer, new byte[200_000]).Count);
        Assert.True(sealer.MustRekey);
        Assert.Throws<InvalidOperationException>(() => Records(sealer, [1]));
    }

    [Fact]
    public void Epochs_run_out()
    {
        using var sealer = new StreamSealer(0);
        for (var i = 0; i <= ushort.MaxValue; i++)
        {
            sealer.NewEpoch(random);
        }

        Assert.Equal(ushort.MaxValue, sealer.Epoch);
        Assert.Throws<InvalidOperationException>(() => sealer.NewEpoch(random));
    }

    [Fact]
    public void Anything_but_the_next_record_of_this_stream_is_an_error()
    {
        using var sealer = new StreamSealer(5);
        sealer.NewEpoch(random);
        var records = Records(sealer, new byte[150_000]);
        var whole = records[0];
        byte[][] bad =
        [
            [], whole[..8], whole[..24], whole[..^1], [.. whole, 0], [.. whole, .. new byte[70_000]], records[1], [0x20, .. whole[1..]], [0x21, 6, .. whole[2..]],
            [.. whole[..2], 0, 1, .. whole[4..]], [.. whole[..7], 1, .. whole[8..]], [.. whole[..100], (byte)(whole[100] ^ 1), .. whole[101..]],
        ];
        foreach (var record in bad)
        {
            using var opener = new StreamOpener(5);
            Assert.Throws<ProtocolException>(() => opener.TryOpen(whole, out _));
            opener.SetKey(0, sealer.Secret, 0);
            Assert.Throws<ProtocolException>(() => opener.TryOpen(record, out _));
            Assert.Equal(150_000, Open(opener, records)!.Length);
            Assert.Throws<ProtocolException>(() => opener.TryOpen(records[^1], out _));
        }

        using var wrong = new StreamOpener(5);
        Assert.Throws<ProtocolException>(() => wrong.SetKey(0, new byte[31], 0));
    }

    [Fact]
    public void A_new_start_forgets_half_a_message()
    {
        using var sealer = new StreamSealer(5);
        using var opener = new StreamOpener(5);
        sealer.NewEpoch(random);
        opener.SetKey(0, sealer.Secret, 0);
        Assert.False(opener.TryOpen(Records(sealer, new byte[150_000])[0], out _));
        opener.SetKey(0, sealer.Secret, sealer.Counter);
        Assert.Equal("whole"u8.ToArray(), Open(opener, Records(sealer, "whole"u8.ToArray())));
    }

    [Fact]
    public void Messages_over_64_MiB_are_not_sealed()
    {
        using var sealer = new StreamSealer(5);
        sealer.NewEpoch(random);
        Assert.Throws<ArgumentException>(() => sealer.Seal(new byte[(64 * 1024 * 1024) + 1], 0, (_, _) => { }));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing_once_running()
    {
        using var sealer = new StreamSealer(5);
        using var opener = new StreamOpener(5);
        sealer.NewEpoch(random);
        opener.SetKey(0, sealer.Secret, 0);
        var message = new byte[100_000];
        var arrived = 0L;
        Action<StreamOpener, ReadOnlyMemory<byte>> carry = (to, record) => arrived += to.TryOpen(record.Span, out var whole) ? whole.Length : 0;
        for (var i = 0; i < 50; i++)
        {
            sealer.Seal(message, opener, carry);
        }

        // A collection in between, for a test beside this one, may empty the shared pool; what allocates for a record does so in every round.
        var least = Enumerable.Range(0, 5).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                sealer.Seal(message, opener, carry);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
        Assert.Equal(0, least);
        Assert.Equal(550 * message.Length, arrived);
    }

    private static List<byte[]> Records(StreamSealer sealer, byte[] message)
    {
        var records = new List<byte[]>();
        Assert.Equal(sealer.Seal(message, records, (list, record) => list.Add(record.ToArray())), records.Count);
        return records;
    }

    private static byte[]? Open(StreamOpener opener, List<byte[]> records)
    {
        byte[]? message = null;
        foreach (var record in records)
        {
            Assert.Null(message);
            message = opener.TryOpen(record, out var whole) ? whole.ToArray() : null;
        }

        return message;
    }
}
