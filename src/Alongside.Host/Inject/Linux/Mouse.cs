using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>Moves the pointer, presses buttons, turns the wheel. Lives on the injector's thread.</summary>
internal sealed class Mouse(XDisplay display, Traces traces, InjectedPositions? positions)
{
    private const int Notch = 120;

    /// <summary>More than any hand turns between two messages: what is beyond is dropped.</summary>
    private const int MaxNotches = 30;

    /// <summary>Left, middle, right, back, forward: X counts the wheel between right and back.</summary>
    private static ReadOnlySpan<byte> Logical => [1, 2, 3, 8, 9];

    private readonly byte[] physical = new byte[10];
    private int restX;
    private int restY;

    /// <summary>Those that are down, as the viewer counts them.</summary>
    public int Buttons { get; private set; }

    /// <summary>A left-handed person swapped the buttons: the helper's left is still the one that selects.</summary>
    public unsafe void ReadMapping()
    {
        var map = stackalloc byte[32];
        int count = Math.Min(LibX11.XGetPointerMapping(display, map, 32), 32);
        for (byte logical = 1; logical < physical.Length; logical++)
        {
            int at = new ReadOnlySpan<byte>(map, Math.Max(0, count)).IndexOf(logical);
            physical[logical] = at < 0 ? logical : (byte)(at + 1);
        }
    }

    public bool WouldPress(int wanted) => (wanted & ~Buttons) != 0;

    public void Point(int x, int y, int wanted)
    {
        positions?.Add(x, y);
        _ = LibXtst.XTestFakeMotionEvent(display, display.Screen, x, y, 0);
        Press(wanted);
    }

    public void Press(int wanted)
    {
        for (int i = 0; i < Logical.Length; i++)
        {
            int bit = 1 << i;
            if (((wanted ^ Buttons) & bit) != 0)
            {
                Fake(physical[Logical[i]], (wanted & bit) != 0);
            }
        }

        Buttons = wanted & 31;
    }

    public void Wheel(int dx, int dy)
    {
        Turn(ref restY, dy, 4, 5);
        Turn(ref restX, dx, 6, 7);
    }

    private void Turn(ref int rest, int distance, byte negative, byte positive)
    {
        // A change of direction forgets the remainder: turning back by little must not go on forward.
        rest = (Math.Sign(rest) * Math.Sign(distance) < 0 ? 0 : rest) + distance;
        int notches = Math.Clamp(rest / Notch, -MaxNotches, MaxNotches);
        rest %= Notch;
        for (int i = Math.Abs(notches); i > 0; i--)
        {
            byte button = physical[notches < 0 ? negative : positive];
            Fake(button, true);
            Fake(button, false);
        }
    }

    private void Fake(byte button, bool down)
    {
        if (down)
        {
            traces.Buttons.Pressed(button);
        }
        else
        {
            traces.Buttons.Released(button);
        }

        _ = LibXtst.XTestFakeButtonEvent(display, button, down ? 1 : 0, 0);
    }
}
