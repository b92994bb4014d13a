namespace Alongside.Host.Inject;

/// <summary>Mouse and keyboard of this machine. Called from one thread. Never throws for what a viewer sends.</summary>
public interface IInject : IDisposable
{
    /// <summary>Desktop pixels; bits of <paramref name="buttons"/>: 0 left, 1 middle, 2 right, 3 back, 4 forward.</summary>
    void Pointer(int x, int y, int buttons);

    /// <summary>In 1/120 of a notch; right and down positive. Remainders are kept.</summary>
    void Wheel(int dx, int dy);

    /// <summary>
    /// A key by what it means on the viewer's layout (<paramref name="keysym"/>, 0 unknown) and where it is
    /// (<paramref name="usage"/>, USB HID keyboard page, 0 unknown).
    /// </summary>
    void Key(bool down, uint keysym, ushort usage);

    /// <summary>Types text, whatever this machine's layout.</summary>
    void Text(string text);

    /// <summary>Every key and button that was pressed here goes up.</summary>
    void ReleaseAll();
}
