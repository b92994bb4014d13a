namespace Alongside.Vnc.Wire;

/// <summary>Encodings and pseudo-encodings by their registered numbers (RFB 7.7, 7.8 and the registry).</summary>
public static class EncodingNumber
{
    public const int Raw = 0;
    public const int CopyRect = 1;
    public const int Rre = 2;
    public const int Hextile = 5;
    public const int Zlib = 6;
    public const int Tight = 7;
    public const int Zrle = 16;
    public const int TightPng = -260;

    /// <summary>-32 (level 0, smallest) to -23 (level 9, best).</summary>
    public const int QualityLowest = -32;
    public const int QualityHighest = -23;
    public const int DesktopSize = -223;
    public const int LastRect = -224;
    public const int PointerPosition = -232;
    public const int Cursor = -239;
    public const int XCursor = -240;

    /// <summary>-256 (level 0, fastest) to -247 (level 9, smallest).</summary>
    public const int CompressLowest = -256;
    public const int CompressHighest = -247;
    public const int QemuExtendedKey = -258;
    public const int DesktopName = -307;
    public const int ExtendedDesktopSize = -308;
    public const int Xvp = -309;
    public const int Fence = -312;
    public const int ContinuousUpdates = -313;
    public const int CursorWithAlpha = -314;
    public const int ExtendedMouseButtons = -316;

    public const int VmwarePointerPosition = 0x574d5666;

    /// <summary>0xc0a1e5ce.</summary>
    public const int ExtendedClipboard = unchecked((int)0xc0a1e5ce);
}
