using System.Text;
using Alongside.Net.Vnc;

namespace Alongside.Net.Tests.Vnc;

/// <summary>What is added goes out in order: at once by whoever adds it, later when the socket is full.</summary>
public sealed class VncOutputTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly SemaphoreSlim later = new(0);
    private readonly Pipe pipe = new();
    private readonly VncOutput output;

    public VncOutputTests() => output = new(() => later.Release());

    [Fact]
    public void What_the_socket_takes_has_left_when_it_was_added()
    {
        output.Add("before "u8);
        output.Open(pipe, CancellationToken.None);
        output.Add("one "u8);
        output.Add("two"u8);
        Assert.Equal("before one two", pipe.Text);
        Assert.Equal(14, output.TakeSent());
        Assert.Equal(0, output.TakeSent());
        Assert.Equal(0, output.Waiting);
        Assert.Equal(0, later.CurrentCount);
    }

    [Fact]
    public async Task What_it_does_not_take_waits_and_goes_in_order_and_whoever_added_it_is_told()
    {
        output.Open(pipe, CancellationToken.None);
        var full = pipe.Fill();
        output.Add("one "u8);
        output.Add("two "u8);
        output.Add("three"u8);
        Assert.Equal((13, 0), (output.Waiting, output.TakeSent()));
        full.SetResult();
        int sent = 0;
        while (sent < 13)
        {
            Assert.True(await later.WaitAsync(Deadline));
            sent += output.TakeSent();
        }

        Assert.Equal("one two three", pipe.Text);
        Assert.Equal(0, output.Waiting);
    }

    [Fact]
    public async Task What_a_thin_line_has_taken_of_a_large_picture_is_counted_while_the_rest_waits()
    {
        output.Open(pipe, CancellationToken.None);
        var full = pipe.Fill(after: 2);
        output.Add(new byte[(4 * VncOutput.Slice) + 5]);
        Assert.Equal(2 * VncOutput.Slice, output.TakeSent());
        Assert.Equal((2 * VncOutput.Slice) + 5, output.Waiting);
        full.SetResult();
        int sent = 0;
        while (sent < (2 * VncOutput.Slice) + 5)
        {
            Assert.True(await later.WaitAsync(Deadline));
            sent += output.TakeSent();
        }

        Assert.Equal((0, (4 * VncOutput.Slice) + 5), (output.Waiting, pipe.Length));
    }

    [Fact]
    public async Task After_something_was_late_of_all_that_follows_is_told()
    {
        output.Open(pipe, CancellationToken.None);
        var full = pipe.Fill();
        output.Add("one "u8);
        output.Add("two"u8);
        full.SetResult();
        Assert.True(await later.WaitAsync(Deadline));
        Assert.True(await later.WaitAsync(Deadline));
        Assert.Equal(7, output.TakeSent());
    }

    [Fact]
    public async Task What_was_drained_says_nothing_until_it_goes_on_elsewhere()
    {
        output.Open(pipe, CancellationToken.None);
        var full = pipe.Fill();
        output.Add("plain"u8);
        var drained = output.DrainedAsync(CancellationToken.None);
        Assert.False(drained.IsCompleted);
        full.SetResult();
        await drained.WaitAsync(Deadline);
        output.Add("secret"u8);
        Assert.Equal("plain", pipe.Text);
        var tls = new Pipe();
        output.Open(tls, CancellationToken.None);
        Assert.Equal("secret", tls.Text);
        Assert.Equal("plain", pipe.Text);
    }

    [Fact]
    public async Task It_ends_when_all_is_written_or_with_the_connection()
    {
        output.Open(pipe, CancellationToken.None);
        var full = pipe.Fill();
        output.Add("last words"u8);
        output.Complete();
        Assert.False(output.Ended.IsCompleted);
        full.SetResult();
        await output.Ended.WaitAsync(Deadline);
        Assert.Equal("last words", pipe.Text);

        var other = new VncOutput(() => { });
        other.Open(pipe, CancellationToken.None);
        pipe.Fill().SetException(new IOException("It broke."));
        other.Add("lost"u8);
        await Assert.ThrowsAsync<IOException>(() => other.Ended.WaitAsync(Deadline));
    }

    /// <summary>A stream that takes everything, but for one write that it can be told to keep waiting.</summary>
    private sealed class Pipe : MemoryStream
    {
        private TaskCompletionSource? full;
        private int before;

        public string Text => Encoding.ASCII.GetString(ToArray());

        /// <param name="after">So many writes it takes still.</param>
        public TaskCompletionSource Fill(int after = 0)
        {
            before = after;
            return full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (full is { } wait && before-- == 0)
            {
                full = null;
                await wait.Task;
            }

            Write(buffer.Span);
        }
    }
}
