using System.Runtime.InteropServices;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>A picture in memory shared with an X server: read from a drawable, or put there. BGRX, rows without gaps.</summary>
internal sealed unsafe class SharedImage : IDisposable
{
    private readonly nint display;
    private readonly XImage* image;
    private readonly X.ShmSegment* segment;

    public SharedImage(nint display, int width, int height)
    {
        this.display = display;
        (Width, Height) = (width, height);
        segment = (X.ShmSegment*)NativeMemory.AllocZeroed((nuint)sizeof(X.ShmSegment));
        image = X.XShmCreateImage(display, X.XDefaultVisual(display, 0), 24, X.ZPixmap, null, segment, (uint)width, (uint)height);
        segment->Id = X.shmget(0, (nuint)(width * height * 4), 0x380);
        segment->Address = image->Data = X.shmat(segment->Id, 0, 0);
        _ = X.XShmAttach(display, segment);
        _ = X.XSync(display, 0);

        // Removed once both are attached, so that nothing stays behind whatever happens.
        _ = X.shmctl(segment->Id, 0, 0);
    }

    public int Width { get; }

    public int Height { get; }

    public Span<uint> Pixels => new((void*)image->Data, Width * Height);

    public void Read(nuint drawable, int x, int y) => _ = X.XShmGetImage(display, drawable, image, x, y, nuint.MaxValue);

    public void Put(nuint drawable, PixelRect area) =>
        _ = X.XShmPutImage(display, drawable, X.XDefaultGC(display, 0), image, area.X, area.Y, area.X, area.Y, (uint)area.Width, (uint)area.Height, 0);

    public void Dispose()
    {
        _ = X.XShmDetach(display, segment);
        _ = X.XSync(display, 0);
        _ = X.shmdt(segment->Address);
        NativeMemory.Free(segment);
    }
}
