using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Pictures;

/// <summary>
/// The photographs that one update has left for the next (<see cref="EncodeTerms.Photographs"/>). As long as no newer frame has come they are known for
/// what they are, and not looked at again.
/// </summary>
internal sealed class HeldPhotographs
{
    private PixelRect[] cells = [];
    private int columns;
    private (int Width, int Height) size;

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Nothing is held back of a picture of this size.</summary>
    public void Begin(int width, int height)
    {
        size = (width, height);
        columns = ((width - 1) / FrameDifference.CellWidth) + 1;
        int count = columns * (((height - 1) / FrameDifference.CellHeight) + 1);
        if (cells.Length < count)
        {
            cells = new PixelRect[count];
        }

        if (!IsEmpty)
        {
            Array.Clear(cells);
            IsEmpty = true;
        }
    }

    /// <param name="area">Within one cell.</param>
    public void Add(PixelRect area)
    {
        ref var cell = ref cells[Index(area)];
        cell = cell.IsEmpty ? area : cell.Union(area);
        IsEmpty = false;
    }

    /// <summary>Whether what changed within a cell of <paramref name="frame"/> is part of what was held back there.</summary>
    public bool Has(Frame frame, PixelRect area) =>
        !IsEmpty && (frame.Width, frame.Height) == size && cells[Index(area)].Intersect(area) == area;

    private int Index(PixelRect area) => (area.Y / FrameDifference.CellHeight * columns) + (area.X / FrameDifference.CellWidth);
}
