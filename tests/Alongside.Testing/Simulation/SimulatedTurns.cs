namespace Alongside.Testing.Simulation;

/// <summary>The turns of a driver that sometimes gets no time: what it is to do meanwhile waits, in its order.</summary>
internal sealed class SimulatedTurns(SimulatedRoom net)
{
    private readonly Queue<Action> waiting = new();
    private long until;

    /// <summary>Nothing is done for so long, in microseconds; then all that waits, by <paramref name="drive"/>.</summary>
    public void Starve(long time, Action<Action> drive)
    {
        until = Math.Max(until, net.Now + time);
        net.After(time, () =>
        {
            if (net.Now >= until)
            {
                CatchUp(drive);
            }
        });
    }

    /// <summary>Now it gets time.</summary>
    public void CatchUp(Action<Action> drive)
    {
        until = net.Now;
        while (waiting.TryDequeue(out var next))
        {
            drive(next);
        }
    }

    /// <summary>False: it is to be done at once.</summary>
    public bool MustWait(Action what)
    {
        if (net.Now >= until && waiting.Count == 0)
        {
            return false;
        }

        waiting.Enqueue(what);
        return true;
    }
}
