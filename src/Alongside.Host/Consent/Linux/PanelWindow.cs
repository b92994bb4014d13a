using System.Text;
using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Consent.Linux;

/// <summary>How a panel's window stands among others.</summary>
internal enum WindowKind
{
    /// <summary>Above all, without a frame, asking for the keyboard: the question.</summary>
    Question = 0,

    /// <summary>Above all and untouched by the window manager: banner and messages.</summary>
    Floating,

    /// <summary>A program's window like any other: the code.</summary>
    Framed,
}

/// <summary>One panel in one X window. Lives on the consent's thread.</summary>
internal sealed unsafe class PanelWindow : IDisposable
{
    private readonly XDisplay display;
    private readonly Panel panel;
    private readonly WindowKind kind;
    private readonly double scale;
    private readonly nint visual;
    private readonly int depth;
    private readonly nuint colormap;
    private readonly nint gc;
    private Canvas picture;
    private (int X, int Y)? drag;
    private bool isDown;

    /// <param name="display">The connection it lives on.</param>
    /// <param name="panel">What it shows.</param>
    /// <param name="kind">How it stands among others.</param>
    /// <param name="scale">Pixels for each unit of the panel.</param>
    /// <param name="place">From the size in pixels to where it goes.</param>
    /// <param name="title">For lists of windows.</param>
    public PanelWindow(XDisplay display, Panel panel, WindowKind kind, double scale, Func<int, int, (int X, int Y)> place, string title)
    {
        (this.display, this.panel, this.kind, this.scale) = (display, panel, kind, scale);
        (visual, depth, IsTranslucent) = ChooseVisual();
        picture = Draw();
        (int x, int y) = place(picture.Width, picture.Height);
        Area = new(x, y, picture.Width, picture.Height);
        colormap = IsTranslucent ? LibX11.XCreateColormap(display, display.Root, visual, 0) : LibX11.XDefaultColormap(display, display.Screen);
        var attributes = new LibX11.XSetWindowAttributes
        {
            OverrideRedirect = kind == WindowKind.Floating ? 1 : 0,
            EventMask = LibX11.ExposureMask | LibX11.StructureNotifyMask | LibX11.VisibilityChangeMask
                | (kind == WindowKind.Question ? 0 : LibX11.ButtonPressMask | LibX11.ButtonReleaseMask | LibX11.PointerMotionMask
                    | LibX11.LeaveWindowMask | LibX11.KeyPressMask),
            Colormap = colormap,
        };
        Window = LibX11.XCreateWindow(
            display, display.Root, x, y, (uint)Area.Width, (uint)Area.Height, 0, depth, 1, visual,
            LibX11.XSetWindowAttributes.OverrideRedirectValue | LibX11.XSetWindowAttributes.EventMaskValue
                | LibX11.XSetWindowAttributes.ColormapValue | LibX11.XSetWindowAttributes.BorderPixelValue | LibX11.XSetWindowAttributes.BackPixel,
            ref attributes);
        gc = LibX11.XCreateGC(display, Window, 0, 0);
        Describe(title);
        Shape();
        _ = LibX11.XMapRaised(display, Window);
        Put();
    }

    public nuint Window { get; }

    public PixelRect Area { get; private set; }

    public bool IsTranslucent { get; }

    /// <summary>Something lies over it: it wants to be raised.</summary>
    public bool IsCovered { get; set; }

    public Panel Panel => panel;

    /// <summary>Arranges and draws again, after something changed.</summary>
    public void Refresh()
    {
        var (width, height) = (picture.Width, picture.Height);
        picture.Dispose();
        picture = Draw();
        if (picture.Width != width || picture.Height != height)
        {
            Area = Area with { X = Area.X + ((width - picture.Width) / 2), Width = picture.Width, Height = picture.Height };
            _ = LibX11.XMoveResizeWindow(display, Window, Area.X, Area.Y, (uint)Area.Width, (uint)Area.Height);
            Shape();
        }

        Put();
    }

    public void Raise() => _ = LibX11.XRaiseWindow(display, Window);

    public void Exposed() => Put();

    /// <summary>The window manager moved it.</summary>
    public void Moved()
    {
        if (LibX11.XTranslateCoordinates(display, Window, display.Root, 0, 0, out int x, out int y, out _) != 0)
        {
            Area = Area with { X = x, Y = y };
        }
    }

    public void Pointer(double x, double y, int rootX, int rootY)
    {
        if (drag is { } grip && isDown)
        {
            Area = Area with { X = rootX - grip.X, Y = rootY - grip.Y };
            _ = LibX11.XMoveWindow(display, Window, Area.X, Area.Y);
            return;
        }

        int hover = panel.At(x / scale, y / scale);
        if (hover != panel.Hover)
        {
            panel.Hover = hover;
            Refresh();
        }
    }

    public void Left()
    {
        if (panel.Hover >= 0)
        {
            panel.Hover = -1;
            Refresh();
        }
    }

    public void Down(double x, double y)
    {
        isDown = true;
        int at = panel.At(x / scale, y / scale);
        drag = at < 0 && kind != WindowKind.Framed ? ((int)x, (int)y) : null;
        panel.Hover = at;
    }

    /// <summary>A press counts when it ends where it began.</summary>
    public void Up(double x, double y)
    {
        int at = panel.At(x / scale, y / scale);
        bool pressed = isDown && at >= 0 && at == panel.Hover;
        isDown = false;
        drag = null;
        if (pressed)
        {
            panel.Controls[at].Press();
        }
    }

    public void TakeKeyboard() => _ = LibX11.XSetInputFocus(display, Window, 1, LibX11.CurrentTime);

    public void Dispose()
    {
        picture.Dispose();
        if (!display.IsDead)
        {
            _ = LibX11.XFreeGC(display, gc);
            _ = LibX11.XDestroyWindow(display, Window);
            if (IsTranslucent)
            {
                _ = LibX11.XFreeColormap(display, colormap);
            }
        }
    }

    private Canvas Draw()
    {
        using var ruler = new Canvas(1, 1, scale);
        var (width, height) = panel.Arrange(ruler);
        var canvas = new Canvas((int)Math.Ceiling(width * scale), (int)Math.Ceiling(height * scale), scale);
        if (!IsTranslucent)
        {
            canvas.Fill(new(0, 0, canvas.Width / scale, canvas.Height / scale), 0, panel.Edge);
        }

        panel.Paint(canvas, canvas.Width / scale, canvas.Height / scale);
        return canvas;
    }

    private void Put()
    {
        var image = LibX11.XCreateImage(
            display, visual, (uint)depth, LibX11.ZPixmap, 0, picture.Pixels, (uint)picture.Width, (uint)picture.Height, 32, picture.Stride);
        if (image is not null)
        {
            _ = LibX11.XPutImage(display, Window, gc, image, 0, 0, 0, 0, (uint)picture.Width, (uint)picture.Height);
            image->Data = 0;
            _ = image->Destroy(image);
        }
    }

    /// <summary>A visual with transparency where somebody composes windows; smooth corners need it.</summary>
    private (nint Visual, int Depth, bool Translucent) ChooseVisual()
    {
        const int TrueColour = 4;
        bool composed = LibX11.XGetSelectionOwner(display, display.Atom($"_NET_WM_CM_S{display.Screen}")) != LibX11.None;
        return composed && kind != WindowKind.Framed && LibX11.XMatchVisualInfo(display, display.Screen, 32, TrueColour, out var info) != 0
            ? (info.Visual, 32, true)
            : (LibX11.XDefaultVisual(display, display.Screen), LibX11.XDefaultDepth(display, display.Screen), false);
    }

    /// <summary>Without transparency the corners are cut off, row by row.</summary>
    private void Shape()
    {
        int radius = (int)(panel.Radius * scale);
        if (radius == 0 || IsTranslucent)
        {
            return;
        }

        var rows = new LibXext.XRectangle[Area.Height];
        for (int y = 0; y < rows.Length; y++)
        {
            double edge = Math.Max(0, Math.Max(radius - (y + 0.5), y + 0.5 - (Area.Height - radius)));
            int cut = (int)Math.Floor(radius - Math.Sqrt(Math.Max(0, ((double)radius * radius) - (edge * edge))));
            rows[y] = new((short)cut, (short)y, (ushort)Math.Max(1, Area.Width - (2 * cut)), 1);
        }

        fixed (LibXext.XRectangle* start = rows)
        {
            LibXext.XShapeCombineRectangles(display, Window, LibXext.ShapeBounding, 0, 0, start, rows.Length, LibXext.ShapeSet, 0);
        }
    }

    private void Describe(string title)
    {
        byte[] name = Encoding.UTF8.GetBytes(title);
        fixed (byte* start = name)
        {
            _ = LibX11.XChangeProperty(display, Window, display.Atom("_NET_WM_NAME"), display.Atom("UTF8_STRING"), 8, 0, start, name.Length);
            _ = LibX11.XChangeProperty(display, Window, display.Atom("WM_NAME"), display.Atom("UTF8_STRING"), 8, 0, start, name.Length);
        }

        fixed (byte* start = "alongside\0Alongside\0"u8)
        {
            _ = LibX11.XChangeProperty(display, Window, display.Atom("WM_CLASS"), LibX11.AtomString, 8, 0, start, 20);
        }

        Longs("_NET_WM_WINDOW_TYPE", LibX11.AtomAtom, [display.Atom(kind switch
        {
            WindowKind.Question => "_NET_WM_WINDOW_TYPE_DIALOG",
            WindowKind.Floating => "_NET_WM_WINDOW_TYPE_DOCK",
            _ => "_NET_WM_WINDOW_TYPE_NORMAL",
        })]);
        Longs("_NET_WM_PID", LibX11.AtomCardinal, [(nuint)Environment.ProcessId]);
        Longs("WM_PROTOCOLS", LibX11.AtomAtom, [display.Atom("WM_DELETE_WINDOW")]);

        // WM_SIZE_HINTS: the person or program placed it (1, 4), and it has one size (16, 32).
        var hints = new nuint[18];
        (hints[0], hints[5], hints[6], hints[7], hints[8]) = (1 | 4 | 16 | 32, (nuint)Area.Width, (nuint)Area.Height, (nuint)Area.Width, (nuint)Area.Height);
        Longs("WM_NORMAL_HINTS", display.Atom("WM_SIZE_HINTS"), hints);
        if (kind == WindowKind.Question)
        {
            Longs("_NET_WM_STATE", LibX11.AtomAtom, [display.Atom("_NET_WM_STATE_ABOVE"), display.Atom("_NET_WM_STATE_STICKY")]);

            // Motif: no decorations.
            Longs("_MOTIF_WM_HINTS", display.Atom("_MOTIF_WM_HINTS"), [2, 0, 0, 0, 0]);
        }
    }

    private void Longs(string property, nuint type, ReadOnlySpan<nuint> values)
    {
        fixed (nuint* start = values)
        {
            _ = LibX11.XChangeProperty(display, Window, display.Atom(property), type, 32, 0, start, values.Length);
        }
    }
}
