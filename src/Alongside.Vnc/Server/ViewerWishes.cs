using Alongside.Vnc.Encodings;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>What a viewer named in its last SetEncodings. Of the encodings for pixels the first that is known here is used (RFB 7.5.2).</summary>
internal sealed record ViewerWishes
{
    public int Encoding { get; private set; } = EncodingNumber.Raw;

    public bool CopyRect { get; private set; }

    public bool Cursor { get; private set; }

    public bool CursorWithAlpha { get; private set; }

    public bool DesktopSize { get; private set; }

    public bool ExtendedDesktopSize { get; private set; }

    public bool DesktopName { get; private set; }

    public bool LastRect { get; private set; }

    public bool Fence { get; private set; }

    public bool ContinuousUpdates { get; private set; }

    public bool ExtendedClipboard { get; private set; }

    public bool QemuKeys { get; private set; }

    public bool ExtendedButtons { get; private set; }

    public bool PointerPosition { get; private set; }

    public bool VmwarePointer { get; private set; }

    public TightWishes Tight { get; private set; }

    public static ViewerWishes Of(ReadOnlySpan<int> encodings)
    {
        var wishes = new ViewerWishes();
        int? chosen = null, quality = null, compress = null;
        foreach (int encoding in encodings)
        {
            switch (encoding)
            {
                case EncodingNumber.Raw or EncodingNumber.Rre or EncodingNumber.Hextile or EncodingNumber.Zlib or EncodingNumber.Tight
                    or EncodingNumber.TightPng or EncodingNumber.Zrle:
                    chosen ??= encoding;
                    break;
                case EncodingNumber.CopyRect:
                    wishes.CopyRect = true;
                    break;
                case >= EncodingNumber.QualityLowest and <= EncodingNumber.QualityHighest:
                    quality ??= encoding - EncodingNumber.QualityLowest;
                    break;
                case >= EncodingNumber.CompressLowest and <= EncodingNumber.CompressHighest:
                    compress ??= encoding - EncodingNumber.CompressLowest;
                    break;
                case EncodingNumber.Cursor:
                    wishes.Cursor = true;
                    break;
                case EncodingNumber.CursorWithAlpha:
                    wishes.CursorWithAlpha = true;
                    break;
                case EncodingNumber.DesktopSize:
                    wishes.DesktopSize = true;
                    break;
                case EncodingNumber.ExtendedDesktopSize:
                    wishes.ExtendedDesktopSize = true;
                    break;
                case EncodingNumber.DesktopName:
                    wishes.DesktopName = true;
                    break;
                case EncodingNumber.LastRect:
                    wishes.LastRect = true;
                    break;
                case EncodingNumber.Fence:
                    wishes.Fence = true;
                    break;
                case EncodingNumber.ContinuousUpdates:
                    wishes.ContinuousUpdates = true;
                    break;
                case EncodingNumber.ExtendedClipboard:
                    wishes.ExtendedClipboard = true;
                    break;
                case EncodingNumber.QemuExtendedKey:
                    wishes.QemuKeys = true;
                    break;
                case EncodingNumber.ExtendedMouseButtons:
                    wishes.ExtendedButtons = true;
                    break;
                case EncodingNumber.PointerPosition:
                    wishes.PointerPosition = true;
                    break;
                case EncodingNumber.VmwarePointerPosition:
                    wishes.VmwarePointer = true;
                    break;
            }
        }

        wishes.Encoding = chosen ?? EncodingNumber.Raw;
        wishes.Tight = new(quality, compress);
        return wishes;
    }
}
