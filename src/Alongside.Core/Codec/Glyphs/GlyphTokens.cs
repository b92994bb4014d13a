namespace Alongside.Core.Codec.Glyphs;

/// <summary>What a byte of operation 18 says (docs/protocol/codec.md). Below <see cref="Far"/> it is a symbol's slot.</summary>
internal static class GlyphTokens
{
    /// <summary>Slots from here on take a byte more: its difference from this is the higher byte of the slot.</summary>
    public const int Far = 192;

    /// <summary>A symbol that is defined here, in the next free slot.</summary>
    public const int New = 208;

    /// <summary>The same in a slot that is given: it replaces what was there.</summary>
    public const int Replace = 209;

    public const int Line = 210;
    public const int Gap = 211;
    public const int Drop = 212;

    /// <summary>The palette is emptied.</summary>
    public const int Fresh = 213;

    public const int End = 214;

    /// <summary>Gaps from <see cref="LeastGap"/> to <see cref="MostGap"/> are one byte each.</summary>
    public const int ShortGap = 216;
    public const int LeastGap = -8;
    public const int MostGap = 31;

    /// <summary>Forms of a symbol's pixels: a byte each, or two in two planes.</summary>
    public const int Bytes = 0, Planes = 1;

    /// <summary>Colours of the palette that symbols are defined in.</summary>
    public const int Colours = 4096;
}
