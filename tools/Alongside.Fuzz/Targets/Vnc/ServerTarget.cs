using Alongside.Fuzz.Cases;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>Everything a VNC viewer says once it is in.</summary>
public sealed class ServerTarget() : Target("rfb-server", "Alongside.Vnc")
{
    public override bool IsStream => true;

    public override IEnumerable<Case> Seeds()
    {
        byte[] ask = [3, 0, 0, 0, 0, 0, 0, 40, 0, 30];
        foreach (int encoding in (int[])[EncodingNumber.Raw, EncodingNumber.Rre, EncodingNumber.Hextile, EncodingNumber.Zlib, EncodingNumber.Zrle, EncodingNumber.Tight, EncodingNumber.TightPng])
        {
            yield return new([Encodings(encoding, EncodingNumber.CopyRect, EncodingNumber.Cursor, EncodingNumber.QualityLowest + 3), ask, ask]);
        }

        yield return new([Format(new(8, 8, false, true, 7, 7, 3, 0, 3, 6)), Encodings(EncodingNumber.Hextile), ask]);
        yield return new([Format(new(16, 16, true, true, 31, 63, 31, 11, 5, 0)), Encodings(EncodingNumber.Zrle), ask]);
        yield return new([Format(new(8, 8, false, false, 0, 0, 0, 0, 0, 0)), Encodings(EncodingNumber.Tight, EncodingNumber.LastRect), ask]);
        yield return new([Encodings(EncodingNumber.Fence, EncodingNumber.ContinuousUpdates, EncodingNumber.ExtendedDesktopSize), [150, 1, 0, 0, 0, 0, 0, 40, 0, 30], [248, 0, 0, 0, 0x80, 0, 0, 1, 2, 9, 9], [251, 0, 0, 50, 0, 40, 1, 0, .. new byte[16]]]);
        yield return new([Encodings(EncodingNumber.ExtendedMouseButtons), [4, 1, 0, 0, 0, 0, 0, 97, 5, 1, 0, 5, 0, 6, 5, 0x88, 0, 5, 0, 6, 3, 255, 0, 0, 1, 0, 0, 0, 97, 0, 0, 0, 30]]);
        byte[] text = ExtendedClipboard.WriteText("hello"), request = ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | 1), peek = ExtendedClipboard.WriteFlags(ExtendedClipboard.Peek);
        yield return new([Encodings(EncodingNumber.ExtendedClipboard), Cut(text), Cut(request), Cut(peek), Cut(ExtendedClipboard.WriteCaps()), [6, 0, 0, 0, 0, 0, 0, 3, .. "abc"u8]]);
    }

    public override Subject Start() => new ServerSubject([.. "RFB 003.008\n"u8, 1, 1, 0]);

    private static byte[] Encodings(params int[] numbers) => new ServerBytes().Raw(2, 0).U16(numbers.Length).U32([.. numbers.Select(number => (uint)number)]).All;

    private static byte[] Cut(byte[] message) => new ServerBytes().Raw(6, 0, 0, 0).U32((uint)-message.Length).Raw(message).All;

    private static byte[] Format(PixelFormat format)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        format.Write(bytes);
        return [0, 0, 0, 0, .. bytes.WrittenSpan];
    }
}
