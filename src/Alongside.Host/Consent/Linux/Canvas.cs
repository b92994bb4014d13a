using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>An area in the layout's own units: 1/96 inch, whatever the screen's resolution.</summary>
internal readonly record struct Box(double X, double Y, double Width, double Height)
{
    public double Right => X + Width;

    public double Bottom => Y + Height;

    public bool Contains(double x, double y) => x >= X && y >= Y && x < Right && y < Bottom;

    public Box Grown(double by) => new(X - by, Y - by, Width + (2 * by), Height + (2 * by));
}

/// <summary>Size and weight of a text.</summary>
internal readonly record struct Font(double Size, bool Bold = false);

/// <summary>Draws into a picture in memory, so that a display that dies in the middle hurts nobody.</summary>
internal sealed class Canvas : IDisposable
{
    private const string Family = "Inter,Cantarell,Ubuntu,Noto Sans,DejaVu Sans,sans-serif";
    private readonly double scale;
    private readonly CairoSurface surface;
    private readonly CairoContext pen;

    public Canvas(int width, int height, double scale)
    {
        this.scale = scale;
        Width = width;
        Height = height;
        surface = LibCairo.cairo_image_surface_create(LibCairo.FormatArgb32, width, height);
        pen = LibCairo.cairo_create(surface);
        LibCairo.cairo_scale(pen, scale, scale);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Premultiplied ARGB rows; valid until disposed.</summary>
    public nint Pixels
    {
        get
        {
            LibCairo.cairo_surface_flush(surface);
            return LibCairo.cairo_image_surface_get_data(surface);
        }
    }

    public int Stride => LibCairo.cairo_image_surface_get_stride(surface);

    public void Fill(Box box, double radius, uint colour)
    {
        Path(box, radius);
        Colour(colour);
        LibCairo.cairo_fill(pen);
    }

    /// <summary>A line inside the box's edge.</summary>
    public void Outline(Box box, double radius, uint colour, double width)
    {
        Path(box.Grown(-width / 2), Math.Max(0, radius - (width / 2)));
        Colour(colour);
        LibCairo.cairo_set_line_width(pen, width);
        LibCairo.cairo_stroke(pen);
    }

    public (double Width, double Height) Measure(string text, Font font, double width = -1) => Write(text, font, width, null, 0, 0, false);

    /// <summary>Writes from the top left corner, within a width if one is given.</summary>
    /// <returns>The height it took.</returns>
    public double Text(double x, double y, string text, Font font, uint colour, double width = -1, bool centred = false) =>
        Write(text, font, width, colour, x, y, centred).Height;

    /// <summary>One line in the middle of a box.</summary>
    public void Centre(Box box, string text, Font font, uint colour)
    {
        var (width, height) = Measure(text, font);
        Text(box.X + ((box.Width - width) / 2), box.Y + ((box.Height - height) / 2), text, font, colour);
    }

    public void Dispose()
    {
        pen.Dispose();
        surface.Dispose();
    }

    private (double Width, double Height) Write(string text, Font font, double width, uint? colour, double x, double y, bool centred)
    {
        nint layout = LibPango.pango_cairo_create_layout(pen);
        nint description = LibPango.pango_font_description_new();
        LibPango.pango_font_description_set_family(description, Family);
        LibPango.pango_font_description_set_absolute_size(description, font.Size * LibPango.Scale);
        LibPango.pango_font_description_set_weight(description, font.Bold ? 600 : 400);
        LibPango.pango_layout_set_font_description(layout, description);
        LibPango.pango_layout_set_text(layout, text, -1);
        if (width >= 0)
        {
            LibPango.pango_layout_set_width(layout, (int)(width * LibPango.Scale));
            LibPango.pango_layout_set_wrap(layout, LibPango.WrapWordChar);
            LibPango.pango_layout_set_spacing(layout, (int)(font.Size * 0.22 * LibPango.Scale));
            LibPango.pango_layout_set_alignment(layout, centred ? 1 : 0);

            // At most four lines: a name made to fill the screen must not push the buttons off it.
            LibPango.pango_layout_set_ellipsize(layout, LibPango.EllipsizeEnd);
            LibPango.pango_layout_set_height(layout, -4);
        }

        LibPango.pango_layout_get_pixel_size(layout, out int pixelWidth, out int pixelHeight);
        if (colour is { } value)
        {
            Colour(value);
            LibCairo.cairo_move_to(pen, x, y);
            LibPango.pango_cairo_show_layout(pen, layout);
        }

        LibPango.pango_font_description_free(description);
        LibPango.g_object_unref(layout);
        return (pixelWidth, pixelHeight);
    }

    private void Colour(uint colour) =>
        LibCairo.cairo_set_source_rgba(pen, ((colour >> 16) & 255) / 255.0, ((colour >> 8) & 255) / 255.0, (colour & 255) / 255.0, 1);

    private void Path(Box box, double radius)
    {
        radius = Math.Min(radius, Math.Min(box.Width, box.Height) / 2);
        LibCairo.cairo_new_sub_path(pen);
        LibCairo.cairo_arc(pen, box.Right - radius, box.Y + radius, radius, -Math.PI / 2, 0);
        LibCairo.cairo_arc(pen, box.Right - radius, box.Bottom - radius, radius, 0, Math.PI / 2);
        LibCairo.cairo_arc(pen, box.X + radius, box.Bottom - radius, radius, Math.PI / 2, Math.PI);
        LibCairo.cairo_arc(pen, box.X + radius, box.Y + radius, radius, Math.PI, Math.PI * 1.5);
        LibCairo.cairo_close_path(pen);
    }
}
