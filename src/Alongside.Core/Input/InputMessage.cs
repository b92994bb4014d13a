using System.Buffers;
using System.Text;
using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Input;

public enum InputKind : byte
{
    Pointer = 1,
    Wheel = 2,
    Key = 3,
    Release = 4,
    Text = 5,
}

/// <summary>
/// What a viewer's mouse and keyboard do. A value, because a moving mouse makes hundreds a second.
/// <code>
/// u8 1 pointer   | u16 x | u16 y | u16 buttons       bit 0 left, 1 middle, 2 right, 3 back, 4 forward
/// u8 2 wheel     | i16 dx | i16 dy                   in 1/120 of a notch, right and down positive
/// u8 3 key       | u8 down | u32 keysym | u16 usage
/// u8 4 release   |                                   every key and button up
/// u8 5 text      | utf-8
/// </code>
/// </summary>
/// <param name="X">Pixels of the picture the viewer sees; of the wheel: to the right.</param>
/// <param name="Y">Pixels of the picture the viewer sees; of the wheel: down.</param>
/// <param name="Keysym">The X keysym of what the key means on the viewer's layout; 0 unknown.</param>
/// <param name="Usage">The USB HID usage of the physical key; 0 unknown.</param>
public readonly record struct InputMessage(InputKind Kind, int X, int Y, int Buttons, bool Down, uint Keysym, ushort Usage, string Text)
{
    /// <summary>The buttons there are; other bits are reserved and ignored.</summary>
    public const int ButtonMask = 0b11111;

    public static InputMessage Pointer(int x, int y, int buttons) => new(InputKind.Pointer, x, y, buttons, false, 0, 0, "");

    public static InputMessage Wheel(int dx, int dy) => new(InputKind.Wheel, dx, dy, 0, false, 0, 0, "");

    public static InputMessage Key(bool down, uint keysym, ushort usage) => new(InputKind.Key, 0, 0, 0, down, keysym, usage, "");

    public static InputMessage Release() => new(InputKind.Release, 0, 0, 0, false, 0, 0, "");

    public static InputMessage Type(string text) => new(InputKind.Text, 0, 0, 0, false, 0, 0, text);

    public static InputMessage Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var read = (InputKind)reader.ReadU8() switch
        {
            InputKind.Pointer => Pointer(reader.ReadU16(), reader.ReadU16(), reader.ReadU16() & ButtonMask),
            InputKind.Wheel => Wheel(reader.ReadI16(), reader.ReadI16()),
            InputKind.Key => Key(ReadDown(ref reader), reader.ReadU32(), reader.ReadU16()),
            InputKind.Release => Release(),
            InputKind.Text => Type(ClipboardMessage.Utf8(reader.Take(reader.Remaining))),
            _ => throw new ProtocolException("An input message has an unknown type."),
        };
        reader.End();
        return read;
    }

    public void Write(IBufferWriter<byte> output)
    {
        output.WriteU8((byte)Kind);
        switch (Kind)
        {
            case InputKind.Pointer:
                output.WriteU16(X);
                output.WriteU16(Y);
                output.WriteU16(Buttons);
                break;
            case InputKind.Wheel:
                output.WriteI16(X);
                output.WriteI16(Y);
                break;
            case InputKind.Key:
                output.WriteU8(Down ? (byte)1 : (byte)0);
                output.WriteU32(Keysym);
                output.WriteU16(Usage);
                break;
            case InputKind.Text:
                Encoding.UTF8.GetBytes(Text, output);
                break;
        }
    }

    private static bool ReadDown(ref WireReader reader) => reader.ReadU8() switch
    {
        0 => false,
        1 => true,
        _ => throw new ProtocolException("A key was neither down nor up."),
    };
}
