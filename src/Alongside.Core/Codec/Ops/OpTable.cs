using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;

namespace Alongside.Core.Codec.Ops;

/// <summary>All operations there are: a new one is a file beside this and a line here. The order is the order in which a tile is offered.</summary>
internal static class OpTable
{
    /// <summary>The capability of the operations that every decoder has.</summary>
    public const ushort Tiles = 1;

    /// <summary>The capability of copies.</summary>
    public const ushort Motion = 16;

    /// <summary>The capability of the cache.</summary>
    public const ushort Cache = 17;

    /// <summary>The capability of glyphs.</summary>
    public const ushort Glyphs = 18;

    /// <summary>The capability of pictures.</summary>
    public const ushort Pictures = 19;

    /// <summary>The capability of video by H.264.</summary>
    public const ushort H264 = 20;

    /// <summary>The capability of video by AV1.</summary>
    public const ushort Av1 = 21;

    /// <summary>
    /// <c>u8 22</c>: the next of the update's deferred operations is painted here. It belongs to the decoder, which has their list.
    /// </summary>
    public const byte Show = 22;

    public static Op[] CreateAll() => [new SolidOp(), new PaletteOp(), new RawOp(), new PredictedOp(), new CopyOp(), new CachedOp(), new GlyphOp()];

    /// <summary>Those that this machine has what it needs for.</summary>
    public static DeferredOp[] CreateDeferred() =>
    [
        new PictureOp(),
        .. LibOpenH264.IsPresent ? [VideoOp.CreateH264()] : (DeferredOp[])[],
        .. LibAom.IsPresent ? [VideoOp.CreateAv1()] : (DeferredOp[])[],
    ];

    public static Op[] CreateFor(ReadOnlySpan<ushort> capabilities)
    {
        var known = new List<Op>();
        foreach (var op in CreateAll())
        {
            if (capabilities.Contains(op.Capability))
            {
                known.Add(op);
            }
        }

        return [.. known];
    }
}
