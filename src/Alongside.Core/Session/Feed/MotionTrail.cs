using Alongside.Core.Codec;

namespace Alongside.Core.Session.Feed;

/// <summary>
/// What the window system says has moved since a stream's last update: each window once, from where it was then to where it is. A window
/// that was told of too late for the update it belongs to is told of again with its last step alone: encoders verify both. The newest few.
/// </summary>
internal sealed class MotionTrail
{
    /// <summary>Windows at most; people drag one.</summary>
    internal const int Most = 4;

    // Whole ways in the first half, last steps in the second.
    private readonly Motion[] motions = new Motion[2 * Most];
    private readonly Motion[] hints = new Motion[2 * Most];
    private int count;

    public void Add(Motion step)
    {
        int at = 0;
        while (at < count && motions[Most + at].To != step.From)
        {
            at++;
        }

        if (at == count)
        {
            if (count == Most)
            {
                Remove(0);
            }

            at = count++;
            motions[at] = motions[Most + at] = step;
        }
        else
        {
            motions[Most + at] = step;
            motions[at] = new(step.To, motions[at].DeltaX + step.DeltaX, motions[at].DeltaY + step.DeltaY);
        }
    }

    /// <summary>The newest window first. Valid until the next call of any kind.</summary>
    public ReadOnlySpan<Motion> Hints()
    {
        int written = 0;
        for (int i = count - 1; i >= 0; i--)
        {
            hints[written++] = motions[i];
            if (motions[Most + i] != motions[i])
            {
                hints[written++] = motions[Most + i];
            }
        }

        return hints.AsSpan(0, written);
    }

    public void Clear() => count = 0;

    private void Remove(int at)
    {
        count--;
        for (int i = at; i < count; i++)
        {
            (motions[i], motions[Most + i]) = (motions[i + 1], motions[Most + i + 1]);
        }
    }
}
