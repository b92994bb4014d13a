using Alongside.Bench.Screens;

namespace Alongside.Bench.Click;

/// <summary>
/// Looks at one spot of a display through shared memory, and presses one key on it. The spot is beside the middle, where it clicks: a virtual screen draws the
/// pointer into its pixels.
/// </summary>
internal sealed unsafe class Probe : IDisposable
{
    private const uint KeyA = 38;
    private const int Side = 4;
    private const int Beside = 32;
    private readonly nint display;
    private readonly nuint root;
    private readonly XImage* image;
    private readonly X.ShmSegment* segment;
    private readonly int x;
    private readonly int y;

    public Probe(string name)
    {
        display = X.XOpenDisplay(name);
        if (display == 0)
        {
            throw new InvalidOperationException($"The display {name} can't be reached.");
        }

        root = X.XDefaultRootWindow(display);
        (x, y) = (X.XDisplayWidth(display, 0) / 2, X.XDisplayHeight(display, 0) / 2);
        segment = (X.ShmSegment*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)sizeof(X.ShmSegment));
        image = X.XShmCreateImage(display, X.XDefaultVisual(display, 0), 24, X.ZPixmap, null, segment, Side, Side);
        segment->Id = X.shmget(0, (nuint)(Side * Side * 4), 0x380);
        segment->Address = image->Data = X.shmat(segment->Id, 0, 0);
        _ = X.XShmAttach(display, segment);
        _ = X.XSync(display, 0);
        _ = X.shmctl(segment->Id, 0, 0);
    }

    /// <summary>RGB near the middle of the display.</summary>
    public uint Pixel()
    {
        _ = X.XShmGetImage(display, root, image, x + Beside, y + Beside, nuint.MaxValue);
        return *(uint*)image->Data & 0xffffff;
    }

    public void Press() => Key(1);

    public void Release() => Key(0);

    public void Click()
    {
        _ = X.XTestFakeMotionEvent(display, -1, x, y, 0);
        _ = X.XTestFakeButtonEvent(display, 1, 1, 0);
        _ = X.XTestFakeButtonEvent(display, 1, 0, 0);
        _ = X.XSync(display, 0);
    }

    /// <summary>A fifth of a millisecond: polling without a break would take the core the others need.</summary>
    public static void Pause() => _ = X.usleep(200);

    public void Dispose()
    {
        _ = X.XShmDetach(display, segment);
        _ = X.shmdt(segment->Address);
        _ = X.XCloseDisplay(display);
        System.Runtime.InteropServices.NativeMemory.Free(segment);
    }

    private void Key(int down)
    {
        _ = X.XTestFakeKeyEvent(display, KeyA, down, 0);
        _ = X.XFlush(display);
    }
}
