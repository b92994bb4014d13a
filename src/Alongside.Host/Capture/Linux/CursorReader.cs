using Alongside.Core.Pixels;
using Alongside.Host.Native;

namespace Alongside.Host.Capture.Linux;

/// <summary>The pointer's picture, from XFixes' premultiplied ARGB to straight RGBA.</summary>
internal static unsafe class CursorReader
{
    /// <summary>Null when the connection died or the server has none to show.</summary>
    public static CursorImage? TryRead(XDisplay display)
    {
        var cursor = LibXfixes.XFixesGetCursorImage(display);
        if (cursor is null)
        {
            return null;
        }

        var image = Convert(new ReadOnlySpan<ulong>(cursor->Pixels, cursor->Width * cursor->Height), cursor->Width, cursor->Height, cursor->HotX, cursor->HotY);
        _ = LibX11.XFree((nint)cursor);
        return image;
    }

    /// <summary>A pointer larger than a message allows is made smaller by a whole factor. A picture with nothing in it is a hidden pointer.</summary>
    internal static CursorImage Convert(ReadOnlySpan<ulong> argb, int width, int height, int hotX, int hotY)
    {
        int factor = Math.Max(1, (Math.Max(width, height) + CursorImage.MaxSide - 1) / CursorImage.MaxSide);
        int columns = width / factor, rows = height / factor;
        var rgba = new byte[columns * rows * 4];
        bool visible = false;
        int at = 0;
        for (int y = 0; y < rows; y++)
        {
            for (int x = 0; x < columns; x++, at += 4)
            {
                uint pixel = (uint)argb[(y * factor * width) + (x * factor)];
                uint alpha = pixel >> 24;
                if (alpha != 0)
                {
                    visible = true;
                    rgba[at] = Straight((pixel >> 16) & 255, alpha);
                    rgba[at + 1] = Straight((pixel >> 8) & 255, alpha);
                    rgba[at + 2] = Straight(pixel & 255, alpha);
                    rgba[at + 3] = (byte)alpha;
                }
            }
        }

        return visible ? new(columns, rows, Math.Min(hotX / factor, columns - 1), Math.Min(hotY / factor, rows - 1), rgba) : CursorImage.Hidden;
    }

    private static byte Straight(uint premultiplied, uint alpha) => (byte)Math.Min(255, ((premultiplied * 255) + (alpha / 2)) / alpha);
}
