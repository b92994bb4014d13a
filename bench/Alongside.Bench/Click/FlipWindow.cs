using Alongside.Bench.Screens;

namespace Alongside.Bench.Click;

/// <summary><c>flip-window WxH</c>: a window in the middle of $DISPLAY, black at first, that changes to white or back at each key.</summary>
internal static unsafe class FlipWindow
{
    public static int Run(string[] args)
    {
        nint display = X.XOpenDisplay(null);
        if (display == 0)
        {
            Console.Error.WriteLine("flip-window needs a $DISPLAY.");
            return 1;
        }

        int[] side = [.. args[0].Split('x').Select(int.Parse)];
        nuint root = X.XDefaultRootWindow(display), window = X.XCreateSimpleWindow(
            display, root, (X.XDisplayWidth(display, 0) - side[0]) / 2, (X.XDisplayHeight(display, 0) - side[1]) / 2, (uint)side[0], (uint)side[1], 0, 0, 0);

        // Above everything, whatever a window manager thinks of windows that come uninvited; so it takes the keyboard itself.
        XSetWindowAttributes attributes = new() { OverrideRedirect = 1 };
        _ = X.XChangeWindowAttributes(display, window, X.OverrideRedirect, &attributes);
        _ = X.XSelectInput(display, window, X.KeyPressMask | X.ButtonPressMask | X.StructureNotifyMask);
        _ = X.XMapRaised(display, window);
        bool white = false;
        byte* happened = stackalloc byte[192];
        while (true)
        {
            _ = X.XNextEvent(display, happened);
            switch (*(int*)happened)
            {
                case X.MapNotify or X.ButtonPress:
                    _ = X.XSetInputFocus(display, window, 1, 0);
                    break;
                case X.KeyPress:
                    white = !white;
                    _ = X.XSetWindowBackground(display, window, white ? 0xffffffu : 0u);
                    _ = X.XClearWindow(display, window);
                    _ = X.XFlush(display);
                    break;
            }
        }
    }
}
