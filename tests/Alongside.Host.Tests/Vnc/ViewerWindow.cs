using Alongside.Core.Pixels;
using Alongside.Host.Native;
using Alongside.Host.Tests.Linux;

namespace Alongside.Host.Tests.Vnc;

/// <summary>The window of a VNC viewer that others wrote, on a screen where nobody manages windows: it has no frame.</summary>
internal sealed class ViewerWindow(XServer x, string title)
{
    /// <summary>The windows with this title, a line each; empty: there is none.</summary>
    public string Find()
    {
        using var run = x.Launch("xdotool", "search", "--name", title);
        return Programs.Read(run);
    }

    /// <summary>Where on the screen the first pixel of a desktop of this size is.</summary>
    public (int X, int Y) Place(int width, int height)
    {
        foreach (string line in Find().Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var facts = x.Run("xdotool", "getwindowgeometry", "--shell", line).Split('\n').Select(fact => fact.Split('=')).Where(fact => fact.Length == 2).ToDictionary(fact => fact[0], fact => fact[1]);
            if (facts["WIDTH"] == $"{width}" && facts["HEIGHT"] == $"{height}")
            {
                return (int.Parse(facts["X"]), int.Parse(facts["Y"]));
            }
        }

        return (0, 0);
    }

    public unsafe bool Shows(Frame wanted)
    {
        var (left, top) = Place(wanted.Width, wanted.Height);
        using var display = XDisplay.TryOpen(x.Display)!;
        var image = LibX11.XGetImage(display, display.Root, left, top, (uint)wanted.Width, (uint)wanted.Height, LibX11.AllPlanes, LibX11.ZPixmap);
        bool same = true;
        var pixels = new ReadOnlySpan<uint>((void*)image->Data, wanted.Width * wanted.Height);
        for (int i = 0; same && i < pixels.Length; i++)
        {
            same = ((pixels[i] ^ wanted.Pixels[i]) & 0xffffff) == 0;
        }

        _ = image->Destroy(image);
        return same;
    }

    /// <summary>What was copied on this screen.</summary>
    public string? Paste() => Programs.Paste(x.Launch);
}
