using System.Runtime.InteropServices;
using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Capture.Linux;

/// <summary>
/// Copies areas of the root window into a frame. Through a shared segment of one band where the server is on this machine,
/// so that a small area costs a small copy and 4K never needs 33 MB twice; else over the connection.
/// Belongs to one connection and is used by one thread at a time.
/// </summary>
internal sealed unsafe class ScreenReader : IDisposable
{
    /// <summary>Small enough to stay in the processor's cache between the server's copy and ours.</summary>
    private const int BandBytes = 2 * 1024 * 1024;

    private readonly XDisplay display;
    private LibXext.XShmSegmentInfo* segment;
    private LibX11.XImage* image;

    /// <exception cref="DisplayException">The screen's pixels are not 32-bit true colour.</exception>
    public ScreenReader(XDisplay display, bool shared = true)
    {
        this.display = display;
        RequireTrueColour();
        if (shared && LibXext.XShmQueryExtension(display) != 0)
        {
            Share();
        }
    }

    public bool IsShared => segment is not null;

    public bool TryRead(Frame target, PixelRect area)
    {
        area = area.Intersect(target.Bounds);
        if (area.IsEmpty)
        {
            return true;
        }

        int rows = Math.Max(1, BandBytes / (area.Width * 4));
        for (int y = area.Y; y < area.Bottom; y += rows)
        {
            var band = area with { Y = y, Height = Math.Min(rows, area.Bottom - y) };
            if (!(IsShared ? TryReadShared(target, band) : TryReadSent(target, band)))
            {
                return false;
            }
        }

        return true;
    }

    public void Dispose()
    {
        if (segment is null)
        {
            return;
        }

        if (!display.IsDead)
        {
            _ = LibXext.XShmDetach(display, segment);
            LibX11.XSync(display, 0);
        }

        image->Data = 0;
        _ = image->Destroy(image);
        _ = LibC.ShmDetach(segment->Address);
        NativeMemory.Free(segment);
        segment = null;
    }

    private static void Copy(nint source, int stride, Frame target, PixelRect area)
    {
        var pixels = new ReadOnlySpan<uint>((void*)source, stride / 4 * area.Height);
        if (area.Width == target.Width && stride == area.Width * 4)
        {
            pixels.CopyTo(target.Pixels[(area.Y * target.Width)..]);
            return;
        }

        for (int row = 0; row < area.Height; row++)
        {
            pixels.Slice(row * (stride / 4), area.Width).CopyTo(target.Row(area.Y + row, area.X, area.Width));
        }
    }

    private bool TryReadShared(Frame target, PixelRect band)
    {
        image->Width = band.Width;
        image->Height = band.Height;
        image->BytesPerLine = band.Width * 4;
        if (LibXext.XShmGetImage(display, display.Root, image, band.X, band.Y, LibX11.AllPlanes) == 0)
        {
            return false;
        }

        Copy(segment->Address, band.Width * 4, target, band);
        return true;
    }

    private bool TryReadSent(Frame target, PixelRect band)
    {
        var sent = LibX11.XGetImage(display, display.Root, band.X, band.Y, (uint)band.Width, (uint)band.Height, LibX11.AllPlanes, LibX11.ZPixmap);
        if (sent is null)
        {
            return false;
        }

        Copy(sent->Data, sent->BytesPerLine, target, band);
        _ = sent->Destroy(sent);
        return true;
    }

    private void RequireTrueColour()
    {
        var pixel = LibX11.XGetImage(display, display.Root, 0, 0, 1, 1, LibX11.AllPlanes, LibX11.ZPixmap);
        if (pixel is null)
        {
            throw new DisplayException("The display does not let its screen be read.");
        }

        bool fits = pixel->BitsPerPixel == 32 && pixel->ByteOrder == 0
            && pixel->RedMask == 0xff0000 && pixel->GreenMask == 0xff00 && pixel->BlueMask == 0xff;
        int bits = pixel->BitsPerPixel;
        _ = pixel->Destroy(pixel);
        if (!fits)
        {
            throw new DisplayException($"The display has {bits} bits a pixel. Alongside needs 24-bit true colour: start it with depth 24.");
        }
    }

    private void Share()
    {
        int id = LibC.ShmGet(LibC.IpcPrivate, BandBytesFor(Frame.MaxSide), LibC.IpcCreate | 0x180);
        if (id < 0)
        {
            return;
        }

        nint address = LibC.ShmAttach(id, 0, 0);
        var info = (LibXext.XShmSegmentInfo*)NativeMemory.AllocZeroed((nuint)sizeof(LibXext.XShmSegmentInfo));
        info->Id = id;
        info->Address = address;
        bool attached = false;
        if (address != -1)
        {
            display.TakeError();
            attached = LibXext.XShmAttach(display, info) != 0 && display.TakeError() == 0;
        }

        // From here on it lives as long as somebody is attached, so that no crash leaves it behind.
        _ = LibC.ShmControl(id, LibC.IpcRemove, 0);
        if (attached)
        {
            image = LibXext.XShmCreateImage(
                display, LibX11.XDefaultVisual(display, display.Screen), (uint)LibX11.XDefaultDepth(display, display.Screen),
                LibX11.ZPixmap, address, info, 1, 1);
        }

        if (!attached || image is null)
        {
            // A server on another machine, or in another container: its answers come over the connection.
            if (address != -1)
            {
                _ = LibC.ShmDetach(address);
            }

            NativeMemory.Free(info);
            return;
        }

        segment = info;
    }

    /// <summary>One row of the widest screen must fit even if the band is made smaller one day.</summary>
    private static nuint BandBytesFor(int width) => (nuint)Math.Max(BandBytes, width * 4);
}
