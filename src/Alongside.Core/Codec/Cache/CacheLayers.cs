using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Cache;

/// <summary>
/// Earlier states of the picture that encoder and decoder both keep: up to three layers as large as the picture, black before something is
/// stored in them. Owns their memory, which is taken with the first store to each and used again after <see cref="Forget"/>.
/// </summary>
internal sealed class CacheLayers
{
    /// <summary>The most layers of a picture.</summary>
    public const int MaxLayers = 3;

    /// <summary>The most pixels of all layers together, 4 bytes each: 128 MiB.</summary>
    public const long MaxPixels = 1 << 25;

    private readonly Frame?[] frames = new Frame?[MaxLayers];
    private readonly bool[] stored = new bool[MaxLayers];

    /// <summary>How many layers a picture of this size may have: three, or as many as 2^25 pixels hold, perhaps none.</summary>
    public static int CountFor(PixelRect picture) => (int)Math.Min(MaxLayers, MaxPixels / picture.Area);

    /// <summary>Every layer is empty again.</summary>
    public void Forget() => Array.Clear(stored);

    /// <summary>The layer, to be stored in; black if nothing was before.</summary>
    /// <exception cref="ProtocolException">A picture of this size has no such layer.</exception>
    public Frame Open(int layer, PixelRect picture)
    {
        if (layer >= CountFor(picture))
        {
            throw new ProtocolException("An update stores in a layer that its picture does not have.");
        }

        var frame = frames[layer];
        if (frame is null || frame.Bounds != picture)
        {
            frames[layer] = frame = new(picture.Width, picture.Height);
        }
        else if (!stored[layer])
        {
            frame.Pixels.Clear();
        }

        stored[layer] = true;
        return frame;
    }

    /// <summary>The layer if anything was stored in it.</summary>
    public Frame? Find(int layer) => layer < MaxLayers && stored[layer] ? frames[layer] : null;
}
