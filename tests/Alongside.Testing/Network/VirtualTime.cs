namespace Alongside.Testing.Network;

/// <summary>What will happen and when, in microseconds; what is due together happens in the order in which it was said. The same run for the same calls.</summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (long At, long Number)> queue = new();
    private long number;

    /// <summary>Not 0, so that a time that was never set is in the past.</summary>
    public long Now { get; private set; } = 1_000_000;

    public long Steps => number;

    public void At(long time, Action happens) => queue.Enqueue(happens, (Math.Max(time, Now), number++));

    public void After(long delay, Action happens) => At(Now + delay, happens);

    /// <summary>Lets happen what is due until then, or until there is nothing more to wait for.</summary>
    /// <param name="until">Stops early when it says so.</param>
    public void RunTo(long end, Func<bool>? until = null)
    {
        while (!(until?.Invoke() ?? false))
        {
            if (!queue.TryPeek(out _, out var next) || next.At > end)
            {
                Now = Math.Max(Now, end);
                return;
            }

            var happens = queue.Dequeue();
            Now = next.At;
            happens();
        }
    }
}
