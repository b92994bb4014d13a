using Alongside.Core.Codec.Pictures;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Decides what of a change is sent exactly, what as a picture, and what waits, within a budget:
/// <code>
/// 1. what is cheap exactly (text, flat colours): the small first; where not all of it may fit, what is nearest to where the person looks
/// 2. photographs: exactly, the cheapest first, while the others would still fit as good pictures; those as pictures, as fine as fits
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
    private readonly HeldPhotographs held = new();
    private Item[] items = [];
    private Item[] rich = [];
    private PixelRect[] kept = [];
    private PixelRect[] unknown = [];
    private int richCount;
    private bool letPass;
    private long whole;

    /// <summary>In the last update photographs were left for the next not because of its budget, but so that somebody waits for less.</summary>
    public bool HasHeldBack => !held.IsEmpty;

    /// <summary>Writes what changed, at most a rectangle a cell, as far as it fits; adds the rest to <paramref name="waiting"/>.</summary>
    public void Write(Frame source, ReadOnlySpan<PixelRect> changed, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
    {
        if (terms.Budget == int.MaxValue)
        {
            foreach (var area in draft.WriteText(PaintKept(changed, draft)))
            {
                draft.WriteExact(area);
            }

            held.Begin(source.Width, source.Height);
            return;
        }

        richCount = 0;
        if (!terms.IsFresh)
        {
            int others = PostponeKnown(source, changed, terms);
            changed = unknown.AsSpan(0, others);
        }

        held.Begin(source.Width, source.Height);
        if (Fits(changed, terms.Budget))
        {
            WritePlain(Order(draft.WriteText(PaintKept(changed, draft)), inOrder: true, terms), terms, draft, waiting);
        }
        else
        {
            WriteNearest(Order(changed, inOrder: false, terms), terms, draft, waiting);
        }

        var dear = HoldBack(terms, draft, waiting, out long elsewhere);
        foreach (ref var item in dear)
        {
            item.Cost = cost.Estimate(source, item.Area);
        }

        if (pictures is null)
        {
            dear.Sort(ByKey);
            WriteInBands(dear, draft, waiting);
        }
        else
        {
            // Of the other parts as of this one: a photograph is no later for coming in parts.
            long rest = dear.IsEmpty ? 0 : (long)((double)elsewhere * CostOf(dear) / PixelsOf(dear));
            int exact = WriteCheapest(dear, rest, draft);
            WritePictures(source, dear[exact..], rest, draft, waiting);
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
            else if (!draft.TryWritePlain(item.Area) && WriteBand(item with { Cost = CostWhereItMatters(source, item.Area, draft) }, draft) < item.Area.Height)
            {
                return;
            }
        }
    }

    public void Dispose() => pictures?.Dispose();

    /// <summary>
    /// The photographs of this update. What is beyond what it takes waits; all of them do, but not twice in a row, when they are many and something else is to be seen first.
    /// </summary>
    /// <param name="elsewhere">Pixels of the photographs that belong to these and come in updates before or after this one.</param>
    private Span<Item> HoldBack(in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting, out long elsewhere)
    {
        long heldBack = 0;
        var dear = rich.AsSpan(0, richCount);
        letPass = !letPass && !draft.IsEmpty && PixelsOf(dear) * 2 > terms.Photographs;
        long taken = 0;
        int count = 0;
        foreach (var item in dear)
        {
            if (!letPass && (count == 0 || taken + item.Area.Area <= terms.Photographs))
            {
                taken += item.Area.Area;
                dear[count++] = item;
            }
            else
            {
                heldBack += item.Area.Area;
                held.Add(item.Area);
                waiting.Add(item.Area);
            }
        }

        whole = heldBack == 0 && whole == 0 ? taken : Math.Max(whole, taken + heldBack);
        elsewhere = whole - taken;
        whole = heldBack == 0 ? 0 : whole;
        return dear[..count];
    }

    /// <summary>Exactly, while good pictures of the others, and <paramref name="elsewhere"/> bytes of other updates, fit beside it; returns how many.</summary>
    private int WriteCheapest(Span<Item> rich, long elsewhere, UpdateDraft draft)
    {
        long total = elsewhere + CostOf(rich);

        if (rich.Length > 0 && !draft.HasRoom(total))
        {
            rich.Sort(static (a, b) => a.Cost.CompareTo(b.Cost));
        }

        int count = 0;
        for (; count < rich.Length && draft.HasRoom(rich[count].Cost + pictures!.GoodCost(total - rich[count].Cost)); count++)
        {
            total -= rich[count].Cost;
            draft.WriteExact(rich[count].Area);
        }

        return count;
    }

    private void WritePictures(Frame source, Span<Item> rich, long elsewhere, UpdateDraft draft, DamageRegion waiting)
    {
        rich = rich[..PictureBands.Join(rich, largest: draft.Left / 4 / pictures!.LeastShare)];
        rich.Sort(ByKey);
        long others = elsewhere + CostOf(rich);
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
    private void WritePlain(ReadOnlySpan<Item> ordered, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
    {
        foreach (var item in ordered)
        {
            if (!draft.IsEmpty && !draft.HasRoom(1))
            {
                waiting.Add(item.Area);
            }
            else if (!draft.TryWritePlain(item.Area))
            {
                Postpone(item.Area, terms);
            }
        }
    }

    /// <summary>The same where not all may fit: what lies beyond the budget is not looked at.</summary>
    private void WriteNearest(ReadOnlySpan<Item> ordered, in EncodeTerms terms, UpdateDraft draft, DamageRegion waiting)
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
                    Postpone(rest, terms);
                }
            }
        }
    }

    // A guess takes as long as writing it.
    private long CostWhereItMatters(Frame source, PixelRect area, UpdateDraft draft) => draft.Left >= ExactCost.Most(area) ? ExactCost.Most(area) : cost.Estimate(source, area);

    /// <summary>Keeps for later what was held back of this frame before; returns how many others <see cref="unknown"/> has then.</summary>
    private int PostponeKnown(Frame source, ReadOnlySpan<PixelRect> changed, in EncodeTerms terms)
    {
        if (unknown.Length < changed.Length)
        {
            unknown = new PixelRect[changed.Length];
        }

        int count = 0;
        foreach (var area in changed)
        {
            if (held.Has(source, area))
            {
                Postpone(area, terms);
            }
            else
            {
                unknown[count++] = area;
            }
        }

        return count;
    }

    private void Postpone(PixelRect area, in EncodeTerms terms)
    {
        if (richCount == rich.Length)
        {
            Array.Resize(ref rich, Math.Max(64, richCount * 2));
        }

        rich[richCount++] = new(area, 0, Distance(area, terms.Focus));
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

    private static long CostOf(ReadOnlySpan<Item> items)
    {
        long sum = 0;
        foreach (var item in items)
        {
            sum += item.Cost;
        }

        return sum;
    }

    private static long PixelsOf(ReadOnlySpan<Item> items)
    {
        long sum = 0;
        foreach (var item in items)
        {
            sum += item.Area.Area;
        }

        return sum;
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
