namespace Alongside.Host.Clipboard;

/// <summary>CLIPBOARD is what copy and paste use; PRIMARY is what was selected (X11 and Wayland only).</summary>
public enum ClipboardSelection
{
    Clipboard = 0,
    Primary = 1,
}

/// <summary>The clipboard of this machine, as text.</summary>
public interface IClipboard : IDisposable
{
    /// <summary>
    /// Starts to tell when somebody on this machine copies. Never called for what <see cref="Set"/> put there.
    /// <paramref name="tooBig"/> is called instead, with the size in bytes if known, when the text is over 4 MiB of UTF-8.
    /// </summary>
    void Start(Action<ClipboardSelection, string> copied, Action<long> tooBig);

    /// <summary>
    /// Puts a text there. Whoever is told to paste after this returns gets it, and not what was there before, unless the system that
    /// keeps the clipboard does not answer.
    /// </summary>
    void Set(ClipboardSelection selection, string text);
}
