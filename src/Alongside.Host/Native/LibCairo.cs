using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Alongside.Host.Native;

/// <summary>A picture in memory that cairo draws on.</summary>
internal sealed class CairoSurface : SafeHandleZeroOrMinusOneIsInvalid
{
    public CairoSurface()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCairo.cairo_surface_destroy(handle);
        return true;
    }
}

/// <summary>Cairo's pen.</summary>
internal sealed class CairoContext : SafeHandleZeroOrMinusOneIsInvalid
{
    public CairoContext()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle()
    {
        LibCairo.cairo_destroy(handle);
        return true;
    }
}

/// <summary>Cairo: shapes.</summary>
internal static partial class LibCairo
{
    private const string Name = "libcairo.so.2";

    public const int FormatArgb32 = 0;

    [LibraryImport(Name)]
    public static partial CairoSurface cairo_image_surface_create(int format, int width, int height);

    [LibraryImport(Name)]
    public static partial void cairo_surface_destroy(nint surface);

    [LibraryImport(Name)]
    public static partial void cairo_surface_flush(CairoSurface surface);

    [LibraryImport(Name)]
    public static partial nint cairo_image_surface_get_data(CairoSurface surface);

    [LibraryImport(Name)]
    public static partial int cairo_image_surface_get_stride(CairoSurface surface);

    [LibraryImport(Name)]
    public static partial CairoContext cairo_create(CairoSurface surface);

    [LibraryImport(Name)]
    public static partial void cairo_destroy(nint context);

    [LibraryImport(Name)]
    public static partial void cairo_scale(CairoContext context, double x, double y);

    [LibraryImport(Name)]
    public static partial void cairo_set_source_rgba(CairoContext context, double red, double green, double blue, double alpha);

    [LibraryImport(Name)]
    public static partial void cairo_set_line_width(CairoContext context, double width);

    [LibraryImport(Name)]
    public static partial void cairo_new_sub_path(CairoContext context);

    [LibraryImport(Name)]
    public static partial void cairo_arc(CairoContext context, double x, double y, double radius, double from, double to);

    [LibraryImport(Name)]
    public static partial void cairo_close_path(CairoContext context);

    [LibraryImport(Name)]
    public static partial void cairo_fill(CairoContext context);

    [LibraryImport(Name)]
    public static partial void cairo_stroke(CairoContext context);

    [LibraryImport(Name)]
    public static partial void cairo_move_to(CairoContext context, double x, double y);
}
