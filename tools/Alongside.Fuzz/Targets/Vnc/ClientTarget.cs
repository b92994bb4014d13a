using Alongside.Core.Wire;
using Alongside.Fuzz.Cases;
using Alongside.Vnc.Client;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Wire;

namespace Alongside.Fuzz.Targets.Vnc;

/// <summary>Everything a VNC server says once there is a desktop, of 64 x 48 pixels at first.</summary>
public sealed class ClientTarget() : Target("rfb-client", "Alongside.Vnc")
{
    public override bool IsStream => true;

    public override bool IsRefusal(Exception error) => error is ProtocolException or RfbRefusedException;

    public override IEnumerable<Case> Seeds()
    {
        yield return Case(new ServerBytes().Rect(1, 1, 2, 2, EncodingNumber.Raw).Raw(new byte[16]).Rect(2, 2, 4, 4, EncodingNumber.CopyRect).U16(1, 1));
        yield return Case(new ServerBytes().Rect(0, 0, 9, 9, EncodingNumber.Rre).U32(1, 5).U32(7).U16(1, 1, 2, 2));
        yield return Case(new ServerBytes().Rect(0, 0, 20, 17, EncodingNumber.Hextile).Raw(1).Raw(new byte[16 * 16 * 4]).Raw(2 | 4 | 8, 1, 2, 3, 4, 5, 6, 7, 8, 1, 0x11, 0x11).Raw(8 | 16, 1, 9, 9, 9, 9, 0, 0).Raw(0));
        foreach (int encoding in (int[])[EncodingNumber.Zlib, EncodingNumber.Zrle])
        {
            byte[] packed = ServerBytes.Zlib(encoding == EncodingNumber.Zlib ? new byte[4 * 4 * 4] : [1, 1, 2, 3]);
            yield return Case(new ServerBytes().Rect(0, 0, 4, 4, encoding).U32((uint)packed.Length).Raw(packed));
        }

        byte[] tight = ServerBytes.Zlib(new byte[8 * 8 * 3]);
        yield return Case(new ServerBytes().Rect(0, 0, 8, 8, EncodingNumber.Tight).Raw(0x80, 1, 2, 3)
            .Rect(0, 0, 8, 8, EncodingNumber.Tight).Raw(0, (byte)tight.Length).Raw(tight)
            .Rect(0, 0, 8, 8, EncodingNumber.Tight).Raw(0x51, 1, 1, 9, 9, 9, 8, 8, 8).Raw(new byte[8])
            .Rect(0, 0, 2, 1, EncodingNumber.Tight).Raw(0x60, 2).Raw(new byte[6]));
        yield return Case(new ServerBytes().Rect(1, 1, 4, 2, EncodingNumber.Cursor).Raw(new byte[(4 * 2 * 4) + 2]).Rect(0, 0, 2, 2, EncodingNumber.CursorWithAlpha).U32(0).Raw(new byte[16]));
        yield return Case(new ServerBytes().Rect(0, 0, 100, 80, EncodingNumber.DesktopSize).Rect(0, 0, 70, 60, EncodingNumber.ExtendedDesktopSize).Raw(1, 0, 0, 0).U32(5).U16(0, 0, 70, 60).U32(0));
        yield return Case(new ServerBytes().Rect(0, 0, 0, 0, EncodingNumber.DesktopName).U32(3).Raw("new"u8).Rect(3, 4, 0, 0, EncodingNumber.PointerPosition).Raw(0, 0).U16(65535)
            .U16(0, 0, 0, 0).U32(unchecked((uint)EncodingNumber.LastRect)));
        yield return Case(new ServerBytes().Raw(2).Raw(248, 0, 0, 0).U32(0x80000001).Raw(3, 1, 2, 3).Raw(150).Raw(250, 0, 1, 1).Raw(1, 0, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9));
        byte[] caps = ExtendedClipboard.WriteCaps(), text = ExtendedClipboard.WriteText("hello\nworld"), notify = ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | 1);
        yield return Case(new ServerBytes().Raw(3, 0, 0, 0).U32(3).Raw("abc"u8).Raw(3, 0, 0, 0).U32((uint)-caps.Length).Raw(caps)
            .Raw(3, 0, 0, 0).U32((uint)-notify.Length).Raw(notify).Raw(3, 0, 0, 0).U32((uint)-text.Length).Raw(text));
    }

    public override Subject Start()
    {
        var subject = new ClientSubject();
        subject.Take(ServerBytes.Desktop(64, 48));
        return subject;
    }

    private static Case Case(ServerBytes bytes) => Vectors.One(bytes.All);
}
