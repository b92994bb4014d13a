namespace Alongside.Vnc.Wire;

/// <summary>Encodings and pseudo-encodings by their registered numbers (RFB 7.7, 7.8 and the registry).</summary>
public static class EncodingNumber
{
    /// <summary>Pixels as they are.</summary>
    public const int Raw = 0;

    /// <summary>From elsewhere in the picture.</summary>
    public const int CopyRect = 1;

    /// <summary>A background and rectangles on it.</summary>
    public const int Rre = 2;

    /// <summary>The same in tiles of 16 x 16.</summary>
    public const int Hextile = 5;

    /// <summary>Raw, compressed.</summary>
    public const int Zlib = 6;

    /// <summary>Palettes, gradients, JPEG, each compressed.</summary>
    public const int Tight = 7;

    /// <summary>Tiles of 64 x 64, palettes and runs, compressed.</summary>
    public const int Zrle = 16;

    /// <summary>Tight with PNG in place of what it compresses itself.</summary>
    public const int TightPng = -260;

    /// <summary>-32 (level 0, smallest) to -23 (level 9, best).</summary>
    public const int QualityLowest = -32;

    /// <summary>JPEG of level 9.</summary>
    public const int QualityHighest = -23;

    /// <summary>The size can change.</summary>
    public const int DesktopSize = -223;

    /// <summary>An update may end before all rectangles it announced.</summary>
    public const int LastRect = -224;

    /// <summary>Where the pointer is, when others move it.</summary>
    public const int PointerPosition = -232;

    /// <summary>The pointer's picture, with a mask of one bit.</summary>
    public const int Cursor = -239;

    /// <summary>The same in two colours.</summary>
    public const int XCursor = -240;

    /// <summary>-256 (level 0, fastest) to -247 (level 9, smallest).</summary>
    public const int CompressLowest = -256;

    /// <summary>Level 9.</summary>
    public const int CompressHighest = -247;

    /// <summary>Keys by their place on the keyboard.</summary>
    public const int QemuExtendedKey = -258;

    /// <summary>The name can change.</summary>
    public const int DesktopName = -307;

    /// <summary>Size and screens can change, and be asked for.</summary>
    public const int ExtendedDesktopSize = -308;

    /// <summary>Shutting down and restarting the machine; not spoken here.</summary>
    public const int Xvp = -309;

    /// <summary>Marks in the stream that come back.</summary>
    public const int Fence = -312;

    /// <summary>Updates without a request for each.</summary>
    public const int ContinuousUpdates = -313;

    /// <summary>The pointer's picture, with transparency.</summary>
    public const int CursorWithAlpha = -314;

    /// <summary>More than eight buttons.</summary>
    public const int ExtendedMouseButtons = -316;

    /// <summary>The pointer's place, as VMware says it.</summary>
    public const int VmwarePointerPosition = 0x574d5666;

    /// <summary>0xc0a1e5ce.</summary>
    public const int ExtendedClipboard = unchecked((int)0xc0a1e5ce);
}
