using Alongside.Core.Pixels;

namespace Alongside.Vnc.Pixels;

/// <summary>Areas of one colour, which every VNC encoding has in some form.</summary>
internal static class FrameFill
{
    /// <summary>Paints <paramref name="area"/>, which must lie within the frame.</summary>
    public static void Fill(this Frame frame, PixelRect area, uint pixel)
    {
        if (area.IsEmpty)
        {
            return;
        }

        for (int y = area.Y; y < area.Bottom; y++)
        {
            frame.Row(y, area.X, area.Width).Fill(pixel);
        }
    }
}
