namespace Alongside.Vnc.Pixels;

/// <summary>How much of a pixel an encoding writes.</summary>
internal enum PixelLayout
{
    /// <summary>PIXEL: all its bytes.</summary>
    Whole,

    /// <summary>CPIXEL of ZRLE: without the byte that holds no colour.</summary>
    Compact,

    /// <summary>TPIXEL of Tight: red, green, blue, when each has eight bits.</summary>
    Tight,
}
