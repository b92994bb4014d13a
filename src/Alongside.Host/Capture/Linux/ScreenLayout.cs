using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Capture.Linux;

/// <summary>Asks RandR for the desktop's size and monitors, and keeps a monitor's number while it is connected.</summary>
internal sealed class ScreenLayout
{
    private readonly Dictionary<string, int> numbers = [];

    /// <exception cref="DisplayException">The screen is larger than a picture may be.</exception>
    public unsafe DesktopLayout? TryRead(XDisplay display)
    {
        if (LibX11.XGetGeometry(display, display.Root, out _, out _, out _, out uint width, out uint height, out _, out _) == 0)
        {
            return null;
        }

        if (!Frame.IsValidSize((int)width, (int)height))
        {
            throw new DisplayException($"The screen has {width} x {height} pixels. More than 8192 x 4320 can't be shared.");
        }

        var monitors = new List<DesktopMonitor>();
        var whole = new PixelRect(0, 0, (int)width, (int)height);
        var listed = LibXrandr.XRRGetMonitors(display, display.Root, 1, out int count);
        for (int i = 0; listed is not null && i < count; i++)
        {
            var area = new PixelRect(listed[i].X, listed[i].Y, listed[i].Width, listed[i].Height).Intersect(whole);
            if (!area.IsEmpty)
            {
                string name = NameOf(display, listed[i].Name);
                monitors.Add(new(Number(name), name, area, listed[i].Primary != 0));
            }
        }

        if (listed is not null)
        {
            LibXrandr.XRRFreeMonitors(listed);
        }

        if (monitors.Count == 0)
        {
            monitors.Add(new(Number("screen"), "screen", whole, true));
        }

        Forget(monitors);
        return new(whole.Width, whole.Height, monitors);
    }

    public static bool AreSame(DesktopLayout a, DesktopLayout b) =>
        a.Width == b.Width && a.Height == b.Height && a.Monitors.SequenceEqual(b.Monitors);

    private static string NameOf(XDisplay display, nuint atom)
    {
        nint name = LibX11.XGetAtomName(display, atom);
        if (name == 0)
        {
            return "monitor";
        }

        string text = Marshal.PtrToStringUTF8(name) ?? "monitor";
        _ = LibX11.XFree(name);
        return text;
    }

    private int Number(string name)
    {
        if (!numbers.TryGetValue(name, out int number))
        {
            number = 1;
            while (numbers.ContainsValue(number))
            {
                number++;
            }

            numbers[name] = number;
        }

        return number;
    }

    private void Forget(List<DesktopMonitor> present)
    {
        foreach (string name in numbers.Keys.Where(name => present.All(monitor => monitor.Name != name)).ToArray())
        {
            numbers.Remove(name);
        }
    }
}
