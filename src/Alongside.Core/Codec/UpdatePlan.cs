using Alongside.Core.Codec.Pictures;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Decides what of a change is sent exactly, what as a picture, and what waits, within a budget:
/// <code>
/// 1. what is cheap exactly (text, flat colours): the small first; where not all of it may fit, what is nearest to where the person looks
/// 2. photographs: exactly, the cheapest first, while the others would still fit as pictures; those as pictures, as fine as fits
/// 3. what is shown nearly and has become still: exactly, nearest first
/// </code>
/// What does not fit waits in the damage: what is dear never holds up what is cheap. Something always moves: an update may exceed its budget by
/// one cell that is cheap, or by <see cref="LeastBand"/> rows of one that is not.
/// </summary>
internal sealed class UpdatePlan(PictureWriter? pictures) : IDisposable
{
    /// <summary>Rows of a photograph, which is cut where the budget ends.</summary>
    public const int LeastBand = 8;

    /// <summary>A rectangle of at most so many pixels goes before all larger ones: a letter, a mark, a cursor.</summary>
    private const int Small = 1024;

    /// <summary>Text needs a byte for about so many pixels.</summary>
    private const int PixelsPerByte = 16;

    private readonly ExactCost cost = new();
    private Item[] items = [];
    private Item[] rich = [];
    private PixelRect[] kept = [];
    private int richCount;

    /// <summary>Writes what changed, at most a rectangle a cell, as far as it fits; adds the rest to <paramref name="waiting"/>.</summary>
    public void Write(Frame source, ReadOnlySpan<PixelRect> changed, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
    {
        if (terms.Budget == int.MaxValue)
        {
            foreach (var area in draft.WriteText(PaintKept(changed, draft)))
            {
                draft.WriteExact(area);
            }

            return;
        }

        richCount = 0;
        if (Fits(changed, terms.Budget))
        {
            WritePlain(source, Order(draft.WriteText(PaintKept(changed, draft)), inOrder: true, terms), terms, draft, waiting);
        }
        else
        {
            WriteNearest(source, Order(changed, inOrder: false, terms), terms, draft, waiting);
        }

        var dear = rich.AsSpan(0, richCount);
        if (pictures is null)
        {
            dear.Sort(ByKey);
            WriteInBands(dear, draft, waiting);
        }
        else
        {
            WritePictures(source, dear[WriteCheapest(dear, draft)..], draft, waiting);
        }
    }

    /// <summary>Makes exact what is not, nearest first, as far as it fits.</summary>
    public void Refine(Frame source, ReadOnlySpan<PixelRect> inexact, in EncodeTerms terms, UpdateDraft draft)
    {
        var nearest = Fill(inexact);
        for (int i = 0; i < nearest.Length; i++)
        {
            nearest[i].Key = Distance(nearest[i].Area, terms.Focus);
        }

        nearest.Sort(ByKey);
        foreach (var item in nearest)
        {
            if (terms.Budget == int.MaxValue)
            {
                draft.WriteExact(item.Area);
            }
            else if (!draft.IsEmpty && !draft.HasRoom(1))
            {
                return;
            }
            else if (!draft.TryWritePlain(item.Area) && WriteBand(item with { Cost = cost.Estimate(source, item.Area) }, draft) < item.Area.Height)
            {
                return;
            }
        }
    }

    public void Dispose() => pictures?.Dispose();

    /// <summary>Exactly, while even the coarsest pictures of the others fit beside it; returns how many.</summary>
    private int WriteCheapest(Span<Item> rich, UpdateDraft draft)
    {
        long total = 0;
        foreach (var item in rich)
        {
            total += item.Cost;
        }

        if (rich.Length > 0 && !draft.HasRoom(total))
        {
            rich.Sort(static (a, b) => a.Cost.CompareTo(b.Cost));
        }

        int count = 0;
        for (; count < rich.Length && draft.HasRoom(rich[count].Cost + pictures!.LeastCost(total - rich[count].Cost)); count++)
        {
            total -= rich[count].Cost;
            draft.WriteExact(rich[count].Area);
        }

        return count;
    }

    private void WritePictures(Frame source, Span<Item> rich, UpdateDraft draft, DamageRegion waiting)
    {
        rich = rich[..PictureBands.Join(rich, largest: draft.Left / 4 / pictures!.LeastShare)];
        rich.Sort(ByKey);
        long others = 0;
        foreach (var item in rich)
        {
            others += item.Cost;
        }

        foreach (var item in rich)
        {
            others -= item.Cost;
            if (!pictures.TryWrite(source, item.Area, item.Cost, others, force: draft.IsEmpty, draft))
            {
                waiting.Add(item.Area);
            }
        }
    }

    private static void WriteInBands(ReadOnlySpan<Item> rich, UpdateDraft draft, DamageRegion waiting)
    {
        foreach (var item in rich)
        {
            int rows = WriteBand(item, draft);
            waiting.Add(item.Area with { Y = item.Area.Y + rows, Height = item.Area.Height - rows });
        }
    }

    /// <summary>Writes as many rows as fit, and returns how many.</summary>
    private static int WriteBand(Item item, UpdateDraft draft)
    {
        var area = item.Area;
        int rows = area.Height;
        if (!draft.HasRoom(item.Cost))
        {
            rows = (int)(rows * (long)Math.Max(0, draft.Left) / item.Cost) / LeastBand * LeastBand;
            rows = Math.Min(area.Height, draft.IsEmpty ? Math.Max(LeastBand, rows) : rows);
        }

        if (rows > 0)
        {
            draft.WriteExact(area with { Height = rows });
        }

        return rows;
    }

    /// <summary>What is cheap, in its order; what is not is kept for later.</summary>
    private void WritePlain(Frame source, ReadOnlySpan<Item> ordered, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
    {
        foreach (var item in ordered)
        {
            if (!draft.IsEmpty && !draft.HasRoom(1))
            {
                waiting.Add(item.Area);
            }
            else if (!draft.TryWritePlain(item.Area))
            {
                Postpone(source, item.Area, terms);
            }
        }
    }

    /// <summary>The same where not all may fit: what lies beyond the budget is not looked at.</summary>
    private void WriteNearest(Frame source, ReadOnlySpan<Item> ordered, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
    {
        foreach (var item in ordered)
        {
            if (!draft.IsEmpty && !draft.HasRoom(1))
            {
                waiting.Add(item.Area);
                continue;
            }

            var area = draft.PaintKept(item.Area);
            foreach (var rest in area.IsEmpty ? [] : draft.WriteText([area]))
            {
                if (!draft.TryWritePlain(rest))
                {
                    Postpone(source, rest, terms);
                }
            }
        }
    }

    private void Postpone(Frame source, PixelRect area, in EncodeTerms terms)
    {
        if (richCount == rich.Length)
        {
            Array.Resize(ref rich, Math.Max(64, richCount * 2));
        }

        rich[richCount++] = new(area, cost.Estimate(source, area), Distance(area, terms.Focus));
    }

    /// <summary>Brings back what earlier states have, and returns what is left.</summary>
    private ReadOnlySpan<PixelRect> PaintKept(ReadOnlySpan<PixelRect> changed, UpdateDraft draft)
    {
        if (kept.Length < changed.Length)
        {
            kept = new PixelRect[changed.Length];
        }

        int count = 0;
        foreach (var area in changed)
        {
            var rest = draft.PaintKept(area);
            if (!rest.IsEmpty)
            {
                kept[count++] = rest;
            }
        }

        return kept.AsSpan(0, count);
    }

    private static bool Fits(ReadOnlySpan<PixelRect> changed, int budget)
    {
        long pixels = 0;
        foreach (var area in changed)
        {
            pixels += area.Area;
        }

        return pixels / PixelsPerByte <= budget;
    }

    // As they come is best for the window, so that they are only put in another order where it matters.
    private ReadOnlySpan<Item> Order(ReadOnlySpan<PixelRect> changed, bool inOrder, in EncodeTerms terms)
    {
        var ordered = Fill(changed);
        for (int i = 0; i < ordered.Length; i++)
        {
            var area = ordered[i].Area;
            ordered[i].Key = area.Area <= Small ? i - (long)ordered.Length : inOrder ? i : Distance(area, terms.Focus);
        }

        ordered.Sort(ByKey);
        return ordered;
    }

    private Span<Item> Fill(ReadOnlySpan<PixelRect> areas)
    {
        if (items.Length < areas.Length)
        {
            items = new Item[areas.Length];
        }

        for (int i = 0; i < areas.Length; i++)
        {
            items[i] = new(areas[i], 0, 0);
        }

        return items.AsSpan(0, areas.Length);
    }

    // Squared, to the nearest pixel of the rectangle.
    private static long Distance(PixelRect area, (int X, int Y) focus)
    {
        long dx = focus.X - Math.Clamp(focus.X, area.X, area.Right - 1), dy = focus.Y - Math.Clamp(focus.Y, area.Y, area.Bottom - 1);
        return (dx * dx) + (dy * dy);
    }

    private static int ByKey(Item a, Item b) => a.Key.CompareTo(b.Key);

    /// <summary>A rectangle, its exact cost in bytes where that has been estimated, and what it is sorted by.</summary>
    internal record struct Item(PixelRect Area, long Cost, long Key);
}
