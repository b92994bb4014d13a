using System.Threading.Tasks.Sources;

namespace Alongside.Net.Relay;

/// <summary>
/// Wakes one waiting loop, without allocation. Rings while nobody waits are remembered as one. The waiter goes on from the
/// thread pool, so whoever rings is not held up by what the loop does next; unless whoever rings lends it their thread, which saves the time that waking one takes.
/// </summary>
public sealed class Doorbell : IValueTaskSource
{
    private const int Silent = 0;
    private const int Rung = 1;
    private const int Waited = 2;
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private int state;
    private int lender;

    /// <summary>Whether the caller, the waiter, is within a call of <see cref="Ring"/> of somebody who lent their thread: it should not keep it for long.</summary>
    public bool IsLent => Volatile.Read(ref lender) == Environment.CurrentManagedThreadId;

    /// <param name="lend">The waiter goes on within this call, until it has to wait for something. Not under a lock that it takes.</param>
    public void Ring(bool lend = false)
    {
        // Silent becomes Rung; Waited becomes Silent and wakes; Rung stays.
        if (Interlocked.CompareExchange(ref state, Rung, Silent) == Waited
            && Interlocked.CompareExchange(ref state, Silent, Waited) == Waited)
        {
            // Nobody else touches the core between the waiter's waiting and this.
            core.RunContinuationsAsynchronously = !lend;
            if (!lend)
            {
                core.SetResult(true);
                return;
            }

            Volatile.Write(ref lender, Environment.CurrentManagedThreadId);
            core.SetResult(true);
            _ = Interlocked.CompareExchange(ref lender, 0, Environment.CurrentManagedThreadId);
        }
    }

    /// <summary>Completes at the next ring, or at once after one that nobody has waited for. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        if (Interlocked.CompareExchange(ref state, Silent, Rung) == Rung)
        {
            return ValueTask.CompletedTask;
        }

        core.Reset();
        if (Interlocked.CompareExchange(ref state, Waited, Silent) == Silent)
        {
            return new ValueTask(this, core.Version);
        }

        Volatile.Write(ref state, Silent);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
