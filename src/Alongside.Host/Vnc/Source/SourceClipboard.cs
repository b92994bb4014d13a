using Alongside.Host.Clipboard;
using Alongside.Net.Vnc;

namespace Alongside.Host.Vnc.Source;

/// <summary>The clipboard of a VNC server. It has one alone: what was only selected does not travel.</summary>
internal sealed class SourceClipboard(VncSource source, SourceEars ears) : IClipboard
{
    public void Start(Action<ClipboardSelection, string> copied, Action<long> tooBig) => ears.Start(copied, tooBig);

    public void Set(ClipboardSelection selection, string text)
    {
        if (selection == ClipboardSelection.Clipboard)
        {
            source.Use(text, static (client, copied) =>
            {
                client.Copy(copied);
                return true;
            });
        }
    }

    public void Dispose()
    {
    }
}
