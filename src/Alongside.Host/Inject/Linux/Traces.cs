using Alongside.Host.Native;

namespace Alongside.Host.Inject.Linux;

/// <summary>
/// What the injector has done to the display and has to undo. It outlives a connection: one that is killed leaves its keys down, and the next lifts them. XTEST's keyboard and mouse are devices of
/// their own, so lifting there what is up already does nothing, and lets nothing go that the person holds.
/// </summary>
internal sealed class Traces
{
    public PressedCodes Keys { get; } = new();

    public PressedCodes Buttons { get; } = new();

    /// <summary>Keys whose repeating by the server was switched off.</summary>
    public HashSet<int> RepeatOff { get; } = [];

    public SpareKeys Spares { get; } = new();

    public bool IsEmpty => Keys.Left.Count == 0 && Buttons.Left.Count == 0 && RepeatOff.Count == 0;

    /// <summary>An answer has come: everything that was sent before it is done.</summary>
    public void Confirm()
    {
        Keys.Confirm();
        Buttons.Confirm();
    }

    /// <summary>Lifts what another connection may have left down. What this one does not live to do stays owed.</summary>
    public void Undo(XDisplay display)
    {
        if (IsEmpty)
        {
            return;
        }

        foreach (int keycode in Keys.Left)
        {
            _ = LibXtst.XTestFakeKeyEvent(display, (uint)keycode, 0, 0);
        }

        foreach (int button in Buttons.Left)
        {
            _ = LibXtst.XTestFakeButtonEvent(display, (uint)button, 0, 0);
        }

        foreach (int keycode in RepeatOff)
        {
            var control = new LibX11.XKeyboardControl { Key = keycode, AutoRepeatMode = 1 };
            _ = LibX11.XChangeKeyboardControl(display, LibX11.XKeyboardControl.KeyAndRepeatMode, ref control);
        }

        _ = LibX11.XSync(display, 0);
        if (!display.IsDead)
        {
            Keys.Clear();
            Buttons.Clear();
            RepeatOff.Clear();
        }
    }
}

/// <summary>Keys or buttons that may be down because of us: those that were pressed, and those whose release is not known to have arrived.</summary>
internal sealed class PressedCodes
{
    private readonly HashSet<int> down = [];
    private readonly HashSet<int> lifted = [];

    public IReadOnlyCollection<int> Left => down;

    public void Pressed(int code)
    {
        down.Add(code);
        lifted.Remove(code);
    }

    public void Released(int code) => lifted.Add(code);

    /// <summary>The releases so far have arrived.</summary>
    public void Confirm()
    {
        down.ExceptWith(lifted);
        lifted.Clear();
    }

    public void Clear()
    {
        down.Clear();
        lifted.Clear();
    }
}
