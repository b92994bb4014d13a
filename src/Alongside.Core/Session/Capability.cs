using Alongside.Core.Codec.Video.Aom;
using Alongside.Core.Codec.Video.OpenH264;

namespace Alongside.Core.Session;

/// <summary>What a side understands, as named in Hello (docs/protocol/session.md). A host sends only what the viewer's list names.</summary>
public static class Capability
{
    public const ushort Tiles = 1;
    public const ushort ClipboardText = 2;
    public const ushort TextInput = 3;
    public const ushort Monitors = 4;
    public const ushort ShortHeaders = 5;

    /// <summary>Named by who has a driver for it.</summary>
    public const ushort Direct = 6;

    /// <summary>Of a host: wishes for a size of the desktop are answered.</summary>
    public const ushort Sizes = 7;

    /// <summary>Of a viewer: says on the relay how long it takes, while a direct way is in use.</summary>
    public const ushort AnswersOnRelay = 8;

    /// <summary>Knows marks on the relay, from which on both count what a stalled one holds back when a direct way is taken.</summary>
    public const ushort Marks = 9;

    public const ushort Motion = 16;
    public const ushort Cache = 17;
    public const ushort Glyphs = 18;
    public const ushort Pictures = 19;
    public const ushort H264 = 20;
    public const ushort Av1 = 21;

    /// <summary>What this version of host and viewer understand, on this machine.</summary>
    public static IReadOnlyList<ushort> Known { get; } =
    [
        Tiles, ClipboardText, TextInput, Monitors, ShortHeaders, Sizes, AnswersOnRelay, Marks, Motion, Cache, Glyphs, Pictures,
        .. LibOpenH264.IsPresent ? (ReadOnlySpan<ushort>)[H264] : [], .. LibAom.IsPresent ? (ReadOnlySpan<ushort>)[Av1] : [],
    ];
}
