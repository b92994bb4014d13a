namespace Alongside.Bench.Click;

/// <summary><c>flip-window</c>: covers the display in $DISPLAY, black at first, and changes to white or back at each key.</summary>
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

        nuint root = X.XDefaultRootWindow(display), window = X.XCreateSimpleWindow(
            display, root, 0, 0, (uint)X.XDisplayWidth(display, 0), (uint)X.XDisplayHeight(display, 0), 0, 0, 0);
        _ = X.XSelectInput(display, window, X.KeyPressMask | X.StructureNotifyMask);
        _ = X.XMapRaised(display, window);
        bool white = false;
        byte* happened = stackalloc byte[192];
        while (true)
        {
            _ = X.XNextEvent(display, happened);
            switch (*(int*)happened)
            {
                case X.MapNotify:
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
