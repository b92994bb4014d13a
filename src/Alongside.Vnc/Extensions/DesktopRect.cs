using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Extensions;

/// <summary>The desktop's size and its screens (the registry's "ExtendedDesktopSize"), or its size alone (RFB 7.8.2).</summary>
internal static class DesktopRect
{
    /// <summary>Why it is told: the server changed it or answers a refresh; or a viewer asked for another size.</summary>
    public const int ByServer = 0, ByViewer = 1;

    /// <summary>In place of a <see cref="SizeAnswer"/>: it was passed on, and may be done one day.</summary>
    public const int Later = 4;

    private const int MaxScreens = 255;

    /// <summary>u8 screens | 3 x 0 | each: u32 id | u16 x | u16 y | u16 width | u16 height | u32 flags. The rectangle's place is reason and result.</summary>
    public static void WriteExtended(UpdateWriter update, DesktopLayout layout, int reason, SizeAnswer result)
    {
        var output = update.Output;
        update.Rect(new(reason, (int)result, layout.Width, layout.Height), EncodingNumber.ExtendedDesktopSize);
        var monitors = layout.Monitors.Count == 0 ? [new DesktopMonitor(1, "", new(0, 0, layout.Width, layout.Height), true)] : layout.Monitors;
        int count = Math.Min(monitors.Count, MaxScreens);
        output.WriteU32((uint)count << 24);
        for (int i = 0; i < count; i++)
        {
            var area = monitors[i].Area.Intersect(new(0, 0, layout.Width, layout.Height));
            output.WriteU32((uint)monitors[i].Id);
            output.WriteU16(area.X);
            output.WriteU16(area.Y);
            output.WriteU16(area.Width);
            output.WriteU16(area.Height);
            output.WriteU32(0);
        }
    }

    public static void WriteSize(UpdateWriter update, DesktopLayout layout) =>
        update.Rect(new(0, 0, layout.Width, layout.Height), EncodingNumber.DesktopSize);
}
