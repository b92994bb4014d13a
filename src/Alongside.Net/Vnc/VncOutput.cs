using System.Buffers;

namespace Alongside.Net.Vnc;

/// <summary>What is to be sent, filled on one thread and written by another; two buffers that take turns. How much waits is bounded by who fills it.</summary>
internal sealed class VncOutput
{
    /// <summary>A buffer that one large picture made larger than this is not kept.</summary>
    private const int Kept = 4 * 1024 * 1024;

    private readonly object gate = new();
    private readonly SemaphoreSlim rung = new(0);
    private ArrayBufferWriter<byte> filling = new(64 * 1024);
    private ArrayBufferWriter<byte> writing = new(64 * 1024);
    private TaskCompletionSource? drained;
    private bool isWriting;
    private bool complete;

    /// <summary>Bytes that are not written yet.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return filling.WrittenCount + (isWriting ? writing.WrittenCount : 0);
            }
        }
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            filling.Write(bytes);
        }

        rung.Release();
    }

    /// <summary>Nothing more comes: the writer ends when all is written.</summary>
    public void Complete()
    {
        lock (gate)
        {
            complete = true;
        }

        rung.Release();
    }

    /// <summary>When everything added so far has been written.</summary>
    public Task DrainedAsync(CancellationToken cancel)
    {
        lock (gate)
        {
            if (filling.WrittenCount == 0 && !isWriting)
            {
                return Task.CompletedTask;
            }

            drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return drained.Task.WaitAsync(cancel);
        }
    }

    /// <summary>Writes until <see cref="Complete"/>, telling after each piece how long it was.</summary>
    public async Task WriteAsync(Func<Stream> stream, Action<int> written, CancellationToken cancel)
    {
        while (true)
        {
            await rung.WaitAsync(cancel);
            lock (gate)
            {
                if (filling.WrittenCount == 0)
                {
                    if (complete)
                    {
                        return;
                    }

                    continue;
                }

                (filling, writing) = (writing, filling);
                isWriting = true;
            }

            int length = writing.WrittenCount;
            await stream().WriteAsync(writing.WrittenMemory, cancel);
            if (writing.Capacity > Kept)
            {
                writing = new(64 * 1024);
            }

            writing.ResetWrittenCount();
            lock (gate)
            {
                isWriting = false;
                if (filling.WrittenCount == 0)
                {
                    drained?.TrySetResult();
                    drained = null;
                }
            }

            written(length);
        }
    }
}
