using Alongside.Net.Relay;
using Alongside.Testing;

namespace Alongside.Net.Tests.Relay;

public sealed class Queues
{
    [Fact]
    public void Messages_come_out_as_they_went_in_and_every_block_comes_back()
    {
        var pool = new BlockPool(keep: 4);
        var queue = new MessageQueue(pool);
        var random = new SeededRandomSource(7);
        var expected = new Queue<byte[]>();
        for (var step = 0; step < 5_000; step++)
        {
            if (random.Next(2) == 0 && expected.Count < 50)
            {
                var message = new byte[1 + (random.Next(3) == 0 ? random.Next(65_600) : random.Next(100))];
                random.Fill(message);
                message.CopyTo(queue.Add(message.Length, text: message.Length % 2 == 0));
                expected.Enqueue(message);
            }
            else if (expected.TryDequeue(out var message))
            {
                Assert.True(queue.TryPeek(out var got, out var text));
                Assert.True(got.Span.SequenceEqual(message));
                Assert.Equal(message.Length % 2 == 0, text);
                Assert.Equal(message.Length, queue.Advance());
            }

            Assert.Equal(expected.Sum(message => message.Length), queue.Bytes);
        }

        queue.Clear();
        Assert.True(queue.IsEmpty);
        Assert.Equal(0, pool.Lent);
    }

    [Fact]
    public void A_message_that_is_being_sent_stays_in_place_when_the_queue_is_cleared()
    {
        var pool = new BlockPool(keep: 4);
        var queue = new MessageQueue(pool);
        queue.Add(3).Fill(7);
        Assert.True(queue.TryPeek(out var message, out _));
        Assert.Equal(3, queue.Clear());
        queue.Add(3).Fill(9);
        Assert.Equal([7, 7, 7], message.ToArray());
        Assert.Equal(0, queue.Advance());
        Assert.True(queue.TryPeek(out message, out _));
        Assert.Equal([9, 9, 9], message.ToArray());
        Assert.Equal(3, queue.Advance());
        Assert.Equal(0, pool.Lent);
    }

    [Fact]
    public async Task A_bell_wakes_one_waiter_and_remembers_one_ring()
    {
        var bell = new Doorbell();
        bell.Ring();
        bell.Ring();
        Assert.True(bell.WaitAsync().IsCompletedSuccessfully);
        var waiting = bell.WaitAsync().AsTask();
        Assert.False(waiting.IsCompleted);
        bell.Ring();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task No_ring_is_lost_between_threads()
    {
        var bell = new Doorbell();
        var work = 0;
        var done = 0;
        var loop = Task.Run(async () =>
        {
            while (done < 100_000)
            {
                done += Interlocked.Exchange(ref work, 0);
                if (done < 100_000)
                {
                    await bell.WaitAsync();
                }
            }
        });
        await Task.Run(() =>
        {
            for (var i = 0; i < 100_000; i++)
            {
                Interlocked.Increment(ref work);
                bell.Ring();
            }
        });
        await loop.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_bell_lends_the_thread_of_who_rings_it()
    {
        var bell = new Doorbell();
        var woken = 0;
        var lent = false;
        async Task Wait()
        {
            await bell.WaitAsync().ConfigureAwait(false);
            (woken, lent) = (Environment.CurrentManagedThreadId, bell.IsLent);
        }

        var waiting = Wait();
        bell.Ring(lend: true);
        Assert.Equal(Environment.CurrentManagedThreadId, woken);
        Assert.True(lent);
        Assert.False(bell.IsLent);
        await waiting;
    }
}
