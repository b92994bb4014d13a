using Alongside.Core.Session;

namespace Alongside.Core.Link;

/// <summary>What the other side is told of a direct path besides its round trip: how much of what left was lost in the last ten to twenty seconds, and what the relay would take.</summary>
internal sealed class LineMeter
{
    /// <summary>Between two looks, in microseconds.</summary>
    private const long Every = 2_000_000;

    private const long Window = 10_000_000;

    /// <summary>Of fewer packets no share is told.</summary>
    private const int Least = 50;

    private long dueAt = long.MinValue;
    private long windowEnds = long.MinValue;
    private (long Sent, long Lost) before;
    private (long Sent, long Lost) begin;
    private ControlMessage.PathLine? told;

    /// <summary>There is no direct path, or another one.</summary>
    public void Forget()
    {
        dueAt = windowEnds = long.MinValue;
        told = null;
    }

    /// <summary>What was told last: of what left lately, so much was lost, 0 to 1; null: too little left to say.</summary>
    public double? Loss => told?.Loss is { } share ? (double)share / ControlMessage.PathLine.All : null;

    public bool IsDue(long now) => now >= dueAt;

    /// <param name="counts">Packets that left since the path began, and those of them that were lost.</param>
    /// <param name="relay">What the relay took when it was last asked, in microseconds; null: it has not answered yet.</param>
    /// <returns>What is to be told; null: nothing has changed.</returns>
    public ControlMessage.PathLine? Take(long now, (long Sent, long Lost) counts, long? relay)
    {
        dueAt = now + Every;
        if (windowEnds == long.MinValue)
        {
            (before, begin, windowEnds) = (counts, counts, now + Window);
        }
        else if (now >= windowEnds)
        {
            (before, begin, windowEnds) = (begin, counts, now + Window);
        }

        long sent = counts.Sent - before.Sent, lost = Math.Clamp(counts.Lost - before.Lost, 0, sent);
        var line = new ControlMessage.PathLine(sent < Least ? null : (int)(lost * ControlMessage.PathLine.All / sent), relay);
        if (line == (told ?? new(null, null)))
        {
            return null;
        }

        return told = line;
    }
}
