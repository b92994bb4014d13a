using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Motions;

/// <summary>The encoder's step between comparing and painting: copies within the reference what has moved, so that only the rest is painted.</summary>
internal sealed class MotionStage(ReadOnlySpan<ushort> capabilities)
{
    private readonly MotionSearch? search = capabilities.Contains(OpTable.Motion) ? new() : null;
    private readonly DamageRegion damage = new();

    private int count;

    /// <summary>What was copied last, in order.</summary>
    public ReadOnlySpan<Motion> Copies => search is null ? [] : search.Copies[..count];

    /// <summary>Nothing is copied in this update.</summary>
    public void Clear() => count = 0;

    /// <summary>
    /// Writes copies of what has moved, which change <paramref name="reference"/>, and leaves in <paramref name="difference"/> what differs still.
    /// Does nothing when decoders don't know copies.
    /// </summary>
    /// <param name="where">What of the difference it is looked in.</param>
    public void Move(
        Frame reference, Frame source, FrameDifference difference, ReadOnlySpan<PixelRect> where, ReadOnlySpan<Motion> hints, UpdateDraft draft)
    {
        count = search?.Find(reference, source, where, hints).Length ?? 0;
        if (count == 0)
        {
            return;
        }

        damage.Clear();
        foreach (var rect in difference.Rects)
        {
            damage.Add(rect);
        }

        foreach (var copy in Copies)
        {
            draft.Copy(copy);
            damage.Add(copy.To);
        }

        difference.Compare(reference, source, damage);
    }
}
