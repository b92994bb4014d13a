namespace Alongside.Core.Input;

/// <summary>
/// The one mouse and keyboard of the desktop, used by several viewers. A button or key is down while anybody holds it; when somebody goes,
/// what they alone held goes up. Knows who moved the pointer last, so that nobody's own movement is echoed to them.
/// </summary>
/// <param name="inject">Gets what is to happen on the desktop; coordinates are the desktop's.</param>
internal sealed class SharedInput(Action<InputMessage> inject)
{
    private const long EchoTime = 1_000_000;
    private readonly Dictionary<int, HeldInput> held = [];
    private readonly (int X, int Y, int Guest, long At)[] moves = new (int, int, int, long)[64];
    private int lastMove;
    private int x;
    private int y;

    public void Handle(long now, int guest, InputMessage input)
    {
        if (!held.TryGetValue(guest, out var own))
        {
            held.Add(guest, own = new HeldInput());
        }

        switch (input.Kind)
        {
            case InputKind.Pointer:
                (x, y) = (input.X, input.Y);
                own.Buttons = input.Buttons;
                lastMove = (lastMove + 1) % moves.Length;
                moves[lastMove] = (x, y, guest, now);
                inject(InputMessage.Pointer(x, y, AllButtons()));
                break;
            case InputKind.Key when input.Down:
                // Down again is a repeat: the viewer's keyboard makes them, so that a broken road can't let a key run on.
                if (own.Holds(input) || (own.TryPress(input) && HoldersOf(input) == 1))
                {
                    inject(input);
                }

                break;
            case InputKind.Key:
                if (own.TryRelease(input, out var pressed) && HoldersOf(pressed) == 0)
                {
                    inject(pressed with { Down = false });
                }

                break;
            case InputKind.Release:
                Release(guest);
                break;
            default:
                inject(input);
                break;
        }
    }

    /// <summary>Everything this guest alone holds goes up.</summary>
    public void Release(int guest)
    {
        if (!held.Remove(guest, out var own) || own.IsEmpty)
        {
            return;
        }

        if (held.Values.All(other => other.IsEmpty))
        {
            inject(InputMessage.Release());
            return;
        }

        foreach (var key in own.Keys)
        {
            if (HoldersOf(key) == 0)
            {
                inject(key with { Down = false });
            }
        }

        if (own.Buttons != 0)
        {
            inject(InputMessage.Pointer(x, y, AllButtons()));
        }
    }

    /// <summary>Who moved the pointer to this place; null: the person at the desktop, or a program.</summary>
    public int? MovedBy(long now, int atX, int atY)
    {
        foreach (var move in moves)
        {
            if (move.Guest != 0 && move.X == atX && move.Y == atY && now - move.At < EchoTime)
            {
                return move.Guest;
            }
        }

        return null;
    }

    private int AllButtons()
    {
        int buttons = 0;
        foreach (var own in held.Values)
        {
            buttons |= own.Buttons;
        }

        return buttons;
    }

    private int HoldersOf(InputMessage key)
    {
        int holders = 0;
        foreach (var own in held.Values)
        {
            holders += own.Holds(key) ? 1 : 0;
        }

        return holders;
    }
}
