using Alongside.Core.Pixels;

namespace Alongside.Vnc.Server;

/// <summary>
/// Where nothing is known of what a viewer shows: it asked for these pixels anew, or never had them. Exact, so that what was sent is never
/// owed again; when it falls into too many pieces it becomes all of the picture.
/// </summary>
internal sealed class UnknownRegion
{
    private const int MaxPieces = 64;
    private readonly List<PixelRect> pieces = [];
    private readonly List<PixelRect> rest = [];

    public bool IsEmpty => pieces.Count == 0;

    public IReadOnlyList<PixelRect> Pieces => pieces;

    public void Clear() => pieces.Clear();

    public void Add(PixelRect area, PixelRect all)
    {
        area = area.Intersect(all);
        if (area.IsEmpty)
        {
            return;
        }

        Remove(area);
        pieces.Add(area);
        if (pieces.Count > MaxPieces)
        {
            pieces.Clear();
            pieces.Add(all);
        }
    }

    /// <summary>This is known from now on.</summary>
    public void Remove(PixelRect area)
    {
        if (area.IsEmpty)
        {
            return;
        }

        rest.Clear();
        foreach (var piece in pieces)
        {
            var hit = piece.Intersect(area);
            if (hit.IsEmpty)
            {
                rest.Add(piece);
                continue;
            }

            Keep(new(piece.X, piece.Y, piece.Width, hit.Y - piece.Y));
            Keep(new(piece.X, hit.Bottom, piece.Width, piece.Bottom - hit.Bottom));
            Keep(new(piece.X, hit.Y, hit.X - piece.X, hit.Height));
            Keep(new(hit.Right, hit.Y, piece.Right - hit.Right, hit.Height));
        }

        pieces.Clear();
        pieces.AddRange(rest);
    }

    private void Keep(PixelRect piece)
    {
        if (!piece.IsEmpty)
        {
            rest.Add(piece);
        }
    }
}
