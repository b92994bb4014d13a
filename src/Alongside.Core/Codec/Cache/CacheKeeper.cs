using Alongside.Core.Codec.Kernels;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Cache;

/// <summary>
/// Decides in the encoder what the layers keep: a cell that was still for a while, before it changes, unless a layer has nearly the same. What is
/// likeliest to come back is what was there before: a background under a window, a window under another, a desktop behind a menu.
/// </summary>
internal sealed class CacheKeeper(CachedOp op)
{
    /// <summary>What changes more often than this, in microseconds, is on its way to something else.</summary>
    public const long Stillness = 300_000;

    // Fewer pixels than this cost as much to send as to bring back.
    private const int WorthKeeping = 64;

    private struct Cell
    {
        public long ChangedAt;

        /// <summary>At most so many pixels are not as in the layer that is nearest.</summary>
        public int Unkept;

        /// <summary>When each layer's version was last stored or painted, in updates; 0: there is none.</summary>
        public uint Used0, Used1, Used2;

        public readonly bool IsKept => (Used0 | Used1 | Used2) != 0;

        public readonly uint Used(int layer) => layer switch { 0 => Used0, 1 => Used1, _ => Used2 };

        public void Use(int layer, uint update)
        {
            switch (layer)
            {
                case 0:
                    Used0 = update;
                    break;
                case 1:
                    Used1 = update;
                    break;
                default:
                    Used2 = update;
                    break;
            }
        }
    }

    private readonly LayerRects stores = new();
    private Cell[] cells = [];
    private int columns;
    private uint update = 1;

    /// <summary>Everything is as if just painted, and no layer has anything.</summary>
    public void Begin(PixelRect picture, long now)
    {
        columns = ((picture.Width - 1) / FrameDifference.CellWidth) + 1;
        int count = columns * (((picture.Height - 1) / FrameDifference.CellHeight) + 1);
        if (cells.Length < count)
        {
            cells = new Cell[count];
        }

        Array.Fill(cells, new() { ChangedAt = now });
    }

    /// <summary>
    /// Stores what is worth it of cells that are about to become as in <paramref name="source"/>, before anything else is written. There is at most
    /// one rectangle a cell, within it.
    /// </summary>
    public void Keep(Frame source, Frame reference, ExactnessMap exactness, ReadOnlySpan<PixelRect> changing, long now, UpdateParts parts)
    {
        update++;
        stores.Clear();
        int layers = CacheLayers.CountFor(reference.Bounds);
        foreach (var area in changing)
        {
            ref var cell = ref cells[IndexAt(area)];
            bool wasStill = now - cell.ChangedAt >= Stillness;
            cell.ChangedAt = now;
            if (wasStill && layers > 0 && exactness.IsExact(CellAround(area)))
            {
                int layer = Choose(ref cell, source, reference, area, layers);
                if (layer >= 0)
                {
                    cell.Use(layer, update);
                    cell.Unkept = 0;
                    stores.Add(CellAround(area).Intersect(reference.Bounds), layer);
                }
            }

            cell.Unkept = (int)Math.Min(int.MaxValue, cell.Unkept + area.Area);
        }

        stores.JoinRows();
        foreach (var (area, layer) in stores.Items)
        {
            op.Store(reference, area, layer, parts);
        }
    }

    /// <summary>Whether a layer has a version of the cell around this.</summary>
    public bool Has(PixelRect area, int layer) => cells[IndexAt(area)].Used(layer) != 0;

    /// <summary>A version was of use, so it is not the next to go.</summary>
    public void Used(PixelRect area, int layer) => cells[IndexAt(area)].Use(layer, update);

    private static PixelRect CellAround(PixelRect area) => new(
        area.X / FrameDifference.CellWidth * FrameDifference.CellWidth, area.Y / FrameDifference.CellHeight * FrameDifference.CellHeight,
        FrameDifference.CellWidth, FrameDifference.CellHeight);

    private int IndexAt(PixelRect area) => (area.Y / FrameDifference.CellHeight * columns) + (area.X / FrameDifference.CellWidth);

    // The layer for this cell: an empty one or the one used longest ago; -1 if the cell is hardly different from what is kept.
    private int Choose(ref Cell cell, Frame source, Frame reference, PixelRect area, int layers)
    {
        if (cell.IsKept && cell.Unkept < WorthKeeping)
        {
            return -1;
        }

        long worth = Math.Max(WorthKeeping, area.Area / 8);
        int oldest = -1;
        for (int layer = 0; layer < layers; layer++)
        {
            if (cell.Used(layer) == 0)
            {
                oldest = oldest < 0 || cell.Used(oldest) != 0 ? layer : oldest;
                continue;
            }

            var kept = op.Layers.Find(layer)!;
            int differing = CountDiffering(reference, kept, CellAround(area).Intersect(reference.Bounds), worth);
            if (differing < worth)
            {
                cell.Unkept = differing;
                cell.Use(layer, update);
                return -1;
            }

            // What is about to be painted is not the one to go.
            if ((oldest < 0 || cell.Used(layer) < cell.Used(oldest)) && CountDiffering(source, kept, area, 1) != 0)
            {
                oldest = layer;
            }
        }

        return oldest;
    }

    private static int CountDiffering(Frame a, Frame b, PixelRect area, long enough)
    {
        int count = 0;
        for (int y = area.Y; y < area.Bottom && count < enough; y++)
        {
            count += CountKernel.Differing(a.Row(y, area.X, area.Width), b.Row(y, area.X, area.Width));
        }

        return count;
    }
}
