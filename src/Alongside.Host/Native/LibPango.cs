using System.Runtime.InteropServices;

namespace Alongside.Host.Native;

/// <summary>Pango: text in any script, drawn by cairo.</summary>
internal static partial class LibPango
{
    public const int Scale = 1024;
    public const int WrapWordChar = 2;
    public const int EllipsizeEnd = 3;

    private const string Pango = "libpango-1.0.so.0";
    private const string PangoCairo = "libpangocairo-1.0.so.0";

    [LibraryImport(PangoCairo)]
    public static partial nint pango_cairo_create_layout(CairoContext context);

    [LibraryImport(PangoCairo)]
    public static partial void pango_cairo_show_layout(CairoContext context, nint layout);

    [LibraryImport(Pango, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void pango_layout_set_text(nint layout, string text, int length);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_width(nint layout, int width);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_wrap(nint layout, int wrap);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_ellipsize(nint layout, int mode);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_alignment(nint layout, int alignment);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_spacing(nint layout, int spacing);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_height(nint layout, int height);

    [LibraryImport(Pango)]
    public static partial void pango_layout_get_pixel_size(nint layout, out int width, out int height);

    [LibraryImport(Pango)]
    public static partial void pango_layout_set_font_description(nint layout, nint description);

    [LibraryImport(Pango)]
    public static partial nint pango_font_description_new();

    [LibraryImport(Pango)]
    public static partial void pango_font_description_free(nint description);

    [LibraryImport(Pango, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void pango_font_description_set_family(nint description, string family);

    [LibraryImport(Pango)]
    public static partial void pango_font_description_set_absolute_size(nint description, double size);

    [LibraryImport(Pango)]
    public static partial void pango_font_description_set_weight(nint description, int weight);

    [LibraryImport("libgobject-2.0.so.0")]
    public static partial void g_object_unref(nint instance);
}
