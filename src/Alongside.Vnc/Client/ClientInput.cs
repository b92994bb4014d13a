using System.Buffers;
using Alongside.Core.Wire;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>
/// Mouse and keyboard on their way to the server (RFB 7.5.4, 7.5.5 and two extensions). Knows what is held, so that all of it can go up.
/// <code>
/// u8 5 | u8 buttons | u16 x | u16 y                               left, middle, right, wheel up, down, left, right, back (to one that is known to have no more)
/// u8 5 | u8 buttons, bit 7 | u16 x | u16 y | u8 back, forward     to a server with more buttons
/// u8 4 | u8 down | u16 0 | u32 keysym
/// u8 255 | u8 0 | u16 down | u32 keysym | u32 scan code           to a server with QEMU's keys
/// </code>
/// </summary>
internal sealed class ClientInput(IBufferWriter<byte> output)
{
    private const uint CapsLock = 0xffe5;
    private const uint ShiftLock = 0xffe6;
    private const uint NumLock = 0xff7f;
    private const int Notch = 120;
    private const int WheelUp = 8;
    private const int WheelDown = 16;
    private const int WheelLeft = 32;
    private const int WheelRight = 64;

    /// <summary>More notches at once than a person makes are cut.</summary>
    private const int MaxNotches = 32;

    private readonly Dictionary<(uint Keysym, ushort Usage), bool> held = [];
    private (int X, int Y) place;
    private int buttons;
    private int wheelX;
    private int wheelY;

    public bool HasScanCodes { get; set; }

    public bool HasMoreButtons { get; set; }

    /// <summary>
    /// The server has had its chance to say that it knows more buttons. Before, bit 7 is not sent: it may take it for "one more byte follows", since we named the extension.
    /// </summary>
    public bool HasShownButtons { get; set; }

    /// <param name="x">Pixels.</param>
    /// <param name="y">Pixels.</param>
    /// <param name="pressed">Bits: 0 left, 1 middle, 2 right, 3 back, 4 forward.</param>
    public void Pointer(int x, int y, int pressed)
    {
        (place, buttons) = ((x, y), pressed);
        WritePointer(0);
    }

    /// <summary>In 1/120 of a notch; right and down positive. Remainders are kept.</summary>
    public void Wheel(int dx, int dy)
    {
        Turn(ref wheelX, dx, WheelLeft, WheelRight);
        Turn(ref wheelY, dy, WheelUp, WheelDown);
    }

    public void Key(bool down, uint keysym, ushort usage)
    {
        uint code = HasScanCodes ? XtKeys.ScanOf(usage) : 0;

        // Without a place on the keyboard a lock would only fight the server's own: the keysym says already what was chosen.
        if (code == 0 && keysym is 0 or CapsLock or ShiftLock or NumLock)
        {
            return;
        }

        if (down)
        {
            held[(keysym, usage)] = true;
        }
        else if (!held.Remove((keysym, usage)))
        {
            // The key means something else than when it went down: what went down must go up.
            var same = usage == 0 ? default : held.Keys.FirstOrDefault(key => key.Usage == usage);
            if (same == default)
            {
                return;
            }

            held.Remove(same);
            keysym = same.Keysym;
        }

        WriteKey(down, keysym, code);
    }

    public void ReleaseAll()
    {
        foreach (var (keysym, usage) in held.Keys)
        {
            WriteKey(false, keysym, HasScanCodes ? XtKeys.ScanOf(usage) : 0);
        }

        held.Clear();
        (wheelX, wheelY) = (0, 0);
        if (buttons != 0)
        {
            Pointer(place.X, place.Y, 0);
        }
    }

    private void Turn(ref int rest, int by, int back, int forth)
    {
        // A turn the other way begins anew.
        rest = (rest > 0) == (by > 0) ? rest + by : by;
        int notches = Math.Clamp(rest / Notch, -MaxNotches, MaxNotches);
        rest %= Notch;
        for (int i = 0; i < Math.Abs(notches); i++)
        {
            WritePointer(notches > 0 ? forth : back);
            WritePointer(0);
        }
    }

    private void WritePointer(int wheel)
    {
        int mask = (buttons & 7) | wheel;
        output.WriteU8(ClientMessageType.PointerEvent);
        output.WriteU8((byte)(HasMoreButtons ? mask | 128 : HasShownButtons ? mask | ((buttons & 8) << 4) : mask));
        output.WriteU16(place.X);
        output.WriteU16(place.Y);
        if (HasMoreButtons)
        {
            output.WriteU8((byte)((buttons >> 3) & 3));
        }
    }

    private void WriteKey(bool down, uint keysym, uint code)
    {
        if (code != 0)
        {
            output.WriteU8(ClientMessageType.Qemu);
            output.WriteU8(0);
            output.WriteU16(down ? 1 : 0);
            output.WriteU32(keysym);
            output.WriteU32(code);
            return;
        }

        output.WriteU8(ClientMessageType.KeyEvent);
        output.WriteU8(down ? (byte)1 : (byte)0);
        output.WriteU16(0);
        output.WriteU32(keysym);
    }
}
