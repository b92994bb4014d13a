namespace Alongside.Core.Codec;

/// <summary>What the encoder is to know of the moment in which it writes an update.</summary>
public readonly ref struct EncodeTerms
{
    public EncodeTerms()
    {
    }

    /// <summary>Now, in microseconds of a monotonic clock: how long something has been still or moving.</summary>
    public long Now { get; init; }

    /// <summary>
    /// Bytes that the way to the viewer takes without delay. What does not fit exactly is shown as well as it fits, or stays damaged, and becomes
    /// exact later. Without a budget everything is exact at once.
    /// </summary>
    public int Budget { get; init; } = int.MaxValue;

    /// <summary>Bytes a second that the way takes, as far as is known: which codec a film is worth.</summary>
    public long Rate { get; init; } = long.MaxValue;

    /// <summary>
    /// Pixels of photographs that one update takes at most, since encoding them takes a while, for which somebody's next letter waits. More of them wait in the damage; where there is something else to
    /// show beside so many, they all do, once.
    /// </summary>
    public long Photographs { get; init; } = long.MaxValue;

    /// <summary>What of the budget is left makes exact what is shown nearly. Otherwise the update is as short as it can be.</summary>
    public bool Refines { get; init; } = true;

    /// <summary>Where the person looks, most likely: the pointer, in pixels of the frame. Nearest to it comes first.</summary>
    public (int X, int Y) Focus { get; init; }

    /// <summary>The frame has been grabbed since the last update: it is not only what was left of that.</summary>
    public bool IsFresh { get; init; } = true;

    /// <summary>How often what is shown is drawn anew, of which the frames that are encoded may be few; null: not known. Of the frame's size.</summary>
    public DamageHistory? Damage { get; init; }

    /// <summary>What the window system says has moved since the last update; verified before it is used.</summary>
    public ReadOnlySpan<Motion> Hints { get; init; }
}
