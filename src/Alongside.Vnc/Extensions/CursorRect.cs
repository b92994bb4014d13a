using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Encodings;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Extensions;

/// <summary>The pointer's picture for a viewer that draws it itself. The rectangle's place is the hot spot.</summary>
internal static class CursorRect
{
    /// <summary>i32 encoding (Raw) | premultiplied RGBA (the registry's "Cursor With Alpha").</summary>
    public static void WriteAlpha(UpdateWriter update, CursorImage cursor)
    {
        update.Rect(Place(cursor), EncodingNumber.CursorWithAlpha);
        update.Output.WriteU32(EncodingNumber.Raw);
        var pixels = update.Output.Append(cursor.Rgba.Length);
        for (int i = 0; i < pixels.Length; i += 4)
        {
            int alpha = cursor.Rgba[i + 3];
            for (int part = 0; part < 3; part++)
            {
                pixels[i + part] = (byte)(((cursor.Rgba[i + part] * alpha) + 127) / 255);
            }

            pixels[i + 3] = (byte)alpha;
        }
    }

    /// <summary>Pixels in the viewer's format | a bit for each pixel that is there (RFB 7.8.1).</summary>
    public static void WriteMasked(UpdateWriter update, CursorImage cursor, PixelPacker packer)
    {
        update.Rect(Place(cursor), EncodingNumber.Cursor);
        var pixels = update.Output.Append(cursor.Width * cursor.Height * packer.Bytes);
        for (int i = 0; i < cursor.Width * cursor.Height; i++)
        {
            var rgba = cursor.Rgba.AsSpan(i * 4, 4);
            packer.Pack([((uint)rgba[0] << 16) | ((uint)rgba[1] << 8) | rgba[2]], pixels[(i * packer.Bytes)..]);
        }

        for (int y = 0; y < cursor.Height; y++)
        {
            var bits = update.Output.Append((cursor.Width + 7) / 8);
            bits.Clear();
            for (int x = 0; x < cursor.Width; x++)
            {
                if (cursor.Rgba[(((y * cursor.Width) + x) * 4) + 3] >= 128)
                {
                    bits[x >> 3] |= (byte)(0x80 >> (x & 7));
                }
            }
        }
    }

    private static PixelRect Place(CursorImage cursor) => new(cursor.HotX, cursor.HotY, cursor.Width, cursor.Height);
}
