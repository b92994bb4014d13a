using Alongside.Core.Codec.Pictures;

namespace Alongside.Vnc.Encodings;

/// <summary>What a viewer said about quality and size: levels 0 to 9, null when it named none.</summary>
internal readonly record struct TightWishes(int? Quality, int? Compress)
{
    /// <summary>JPEG's quality for each level; every server understands the levels about like this.</summary>
    private static ReadOnlySpan<byte> Qualities => [15, 29, 41, 48, 62, 77, 82, 87, 92, 98];

    /// <summary>Null: the viewer wants no JPEG.</summary>
    public int? JpegQuality => Quality is { } level ? Qualities[level] : null;

    /// <summary>From level 6 on thin coloured letters keep their colours.</summary>
    public ChromaSubsampling Subsampling => Quality >= 6 ? ChromaSubsampling.None : ChromaSubsampling.Quarter;

    /// <summary>0 would store; a viewer who wants that asks for Raw.</summary>
    public int ZlibLevel => Math.Clamp(Compress ?? 2, 1, 9);
}
