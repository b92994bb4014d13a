using Alongside.Core.Codec.Cache;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// What was on the screen before and comes back: a rectangle of the picture goes into a layer of the cache, or out of one into the picture.
/// <code>
/// u8 17 | u16 x | u16 y | u16 width | u16 height
/// u8 form     bits 0-1: layer; bit 2: the picture's rectangle is stored, else painted; bit 3: the layer's rectangle is elsewhere
/// u16 x | u16 y     of the layer's rectangle, if elsewhere
/// </code>
/// </summary>
internal sealed class CachedOp() : Op(17, OpTable.Cache)
{
    private const int LayerBits = 3;
    private const int Stores = 4;
    private const int Elsewhere = 8;

    public CacheLayers Layers { get; } = new();

    public override void Forget() => Layers.Forget();

    public override void BeginPicture() => Layers.Forget();

    /// <summary>Never: what comes back is found before there are tiles.</summary>
    public override bool TryEncode(Tile tile, UpdateParts parts) => false;

    /// <summary>Keeps what the picture has in this rectangle.</summary>
    public void Store(Frame picture, PixelRect area, int layer, UpdateParts parts)
    {
        parts.Begin(Code, area);
        parts.Packed.Append(1)[0] = (byte)(layer | Stores);
        Copy(picture, area, Layers.Open(layer, picture.Bounds), area.X, area.Y);
    }

    /// <summary>Brings back what the layer has in the same place. The caller has brought it into the reference.</summary>
    public void Paint(PixelRect area, int layer, UpdateParts parts)
    {
        parts.Begin(Code, area);
        parts.Packed.Append(1)[0] = (byte)layer;
    }

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var area = parts.ReadPlace();
        int form = parts.Packed.ReadU8();
        if (form > (LayerBits | Stores | Elsewhere))
        {
            throw new ProtocolException("A cached rectangle has an unknown form.");
        }

        int layer = form & LayerBits;
        var kept = (form & Elsewhere) != 0 ? parts.ReadSource(area) : area;
        if ((form & Stores) != 0)
        {
            parts.CountStored(area);
            Copy(picture, area, Layers.Open(layer, picture.Bounds), kept.X, kept.Y);
            return;
        }

        parts.CountPainted(area);
        var frame = Layers.Find(layer) ?? throw new ProtocolException("An update paints from a layer in which nothing is.");
        Copy(frame, kept, picture, area.X, area.Y);
    }

    private static void Copy(Frame source, PixelRect area, Frame target, int x, int y)
    {
        for (int row = 0; row < area.Height; row++)
        {
            source.Row(area.Y + row, area.X, area.Width).CopyTo(target.Row(y + row, x, area.Width));
        }
    }
}
