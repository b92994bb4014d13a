using System.Buffers;

namespace Alongside.Net.Vnc;

/// <summary>
/// What is to be sent, in order. Whoever adds something writes it, as far as the socket takes it at once: no other thread is woken for what is small.
/// The rest goes out when there is room; meanwhile more is collected, in two buffers that take turns. How much waits is bounded by who fills it. What has left is
/// counted slice by slice, so that a large picture on a thin line is seen to move.
/// </summary>
/// <param name="wroteLater">Told on another thread that <see cref="TakeSent"/> has something.</param>
internal sealed class VncOutput(Action wroteLater)
{
    /// <summary>A buffer that one large picture made larger than this is not kept.</summary>
    private const int Kept = 4 * 1024 * 1024;

    /// <summary>Bytes given to the socket at once.</summary>
    internal const int Slice = 64 * 1024;

    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> filling = new(64 * 1024);
    private ArrayBufferWriter<byte> writing = new(64 * 1024);
    private Stream? stream;
    private CancellationToken cancel;
    private TaskCompletionSource? drained;
    private int sent;
    private int written;
    private bool isWriting;
    private bool complete;

    /// <summary>Ends when all is written after <see cref="Complete"/>, and fails when the connection does.</summary>
    public Task Ended => ended.Task;

    /// <summary>Bytes that are not written yet.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return filling.WrittenCount + (isWriting ? writing.WrittenCount - written : 0);
            }
        }
    }

    /// <summary>From here on it goes there; what was added before, too.</summary>
    public void Open(Stream to, CancellationToken until)
    {
        lock (gate)
        {
            (stream, cancel) = (to, until);
        }

        Flush();
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            filling.Write(bytes);
        }

        Flush();
    }

    /// <summary>Nothing more comes.</summary>
    public void Complete()
    {
        lock (gate)
        {
            complete = true;
        }

        Flush();
    }

    /// <summary>Bytes written since the last call.</summary>
    public int TakeSent() => Interlocked.Exchange(ref sent, 0);

    /// <summary>When everything added so far has been written. Until the next <see cref="Open"/> nothing else is.</summary>
    public Task DrainedAsync(CancellationToken giveUp)
    {
        lock (gate)
        {
            if (filling.WrittenCount == 0 && !isWriting)
            {
                stream = null;
                return Task.CompletedTask;
            }

            drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return drained.Task.WaitAsync(giveUp);
        }
    }

    private void Flush()
    {
        lock (gate)
        {
            if (isWriting || stream is null || !TryTurn())
            {
                return;
            }

            isWriting = true;
        }

        _ = WriteAsync();
    }

    /// <summary>Makes what was collected what is written; false: there is nothing.</summary>
    private bool TryTurn()
    {
        if (filling.WrittenCount == 0)
        {
            if (complete)
            {
                ended.TrySetResult();
            }

            return false;
        }

        (filling, writing) = (writing, filling);
        return true;
    }

    /// <summary>All of one buffer is written: the other's turn.</summary>
    private bool TryNext()
    {
        if (writing.Capacity > Kept)
        {
            writing = new(64 * 1024);
        }

        writing.ResetWrittenCount();
        written = 0;
        return TryTurn();
    }

    private async Task WriteAsync()
    {
        try
        {
            // Once something was late nobody stands by who would look: of all that follows is told.
            bool more, late = false;
            do
            {
                var rest = writing.WrittenMemory[written..];
                var slice = rest[..Math.Min(rest.Length, Slice)];
                var write = stream!.WriteAsync(slice, cancel);
                late |= !write.IsCompleted;
                await write;
                lock (gate)
                {
                    written += slice.Length;
                    Interlocked.Add(ref sent, slice.Length);
                    more = isWriting = written < writing.WrittenCount || TryNext();
                    if (!more && drained is not null)
                    {
                        stream = null;
                        drained.TrySetResult();
                        drained = null;
                    }
                }

                if (late)
                {
                    wroteLater();
                }
            }
            while (more);
        }
        catch (Exception broken)
        {
            // Whoever watches over the connection hears it; nothing is written any more.
            ended.TrySetException(broken);
        }
    }
}
