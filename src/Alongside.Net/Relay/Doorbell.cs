using System.Threading.Tasks.Sources;

namespace Alongside.Net.Relay;

/// <summary>
/// Wakes one waiting loop, without allocation. Rings while nobody waits are remembered as one. The waiter goes on from the
/// thread pool, so whoever rings is not held up by what the loop does next.
/// </summary>
public sealed class Doorbell : IValueTaskSource
{
    private const int Silent = 0;
    private const int Rung = 1;
    private const int Waited = 2;
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private int state;

    public void Ring()
    {
        // Silent becomes Rung; Waited becomes Silent and wakes; Rung stays.
        if (Interlocked.CompareExchange(ref state, Rung, Silent) == Waited
            && Interlocked.CompareExchange(ref state, Silent, Waited) == Waited)
        {
            core.SetResult(true);
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
