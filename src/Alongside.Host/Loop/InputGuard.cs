using Alongside.Core.Input;
using Alongside.Host.Consent;
using Alongside.Host.Inject;

namespace Alongside.Host.Loop;

/// <summary>
/// Stands between viewers and injection: no click lands on our own windows and no key is pressed while the person is asked, so that nobody
/// answers for them. Releases always pass.
/// </summary>
internal sealed class InputGuard(IInject inject, IConsent consent)
{
    private int x;
    private int y;
    private int wanted;
    private int down;

    public void Do(InputMessage input)
    {
        switch (input.Kind)
        {
            case InputKind.Pointer:
                (x, y) = (input.X, input.Y);
                int pressed = input.Buttons & ~wanted;
                wanted = input.Buttons;

                // A press that was refused stays refused until it is released and pressed again elsewhere.
                down &= wanted;
                if (pressed != 0 && !Refuses())
                {
                    down |= pressed;
                }

                inject.Pointer(x, y, down);
                break;
            case InputKind.Wheel when !Refuses():
                inject.Wheel(input.X, input.Y);
                break;
            case InputKind.Key when !input.Down || !consent.IsAsking:
                inject.Key(input.Down, input.Keysym, input.Usage);
                break;
            case InputKind.Text when !consent.IsAsking:
                inject.Text(input.Text);
                break;
            case InputKind.Release:
                (wanted, down) = (0, 0);
                inject.ReleaseAll();
                break;
        }
    }

    /// <summary>Everything goes up now; what a viewer still holds counts again only when it is pressed anew.</summary>
    public void LetGo()
    {
        down = 0;
        inject.ReleaseAll();
    }

    private bool Refuses() => consent.IsAsking || consent.Covers(x, y);
}
