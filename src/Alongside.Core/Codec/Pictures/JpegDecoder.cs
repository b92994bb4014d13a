using System.Runtime.InteropServices;
using Alongside.Core.Codec.Kernels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Pictures;

/// <summary>
/// Decodes JPEGs from outside, whose size is known from elsewhere. Not thread-safe. libjpeg-turbo sees only what <see cref="JpegLimits"/> let pass, and
/// what it warns of is an error: honest pictures come whole, and their length is stated beside them.
/// </summary>
public sealed class JpegDecoder : IDisposable
{
    private readonly JpegHandle handle = Libturbojpeg.CreateDecompressor();

    /// <exception cref="DllNotFoundException">libturbojpeg is not installed.</exception>
    public JpegDecoder()
    {
        if (handle.IsInvalid)
        {
            throw new InsufficientMemoryException("No memory for a JPEG decoder.");
        }
    }

    /// <summary>Decodes a picture that must have exactly this size.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="pixels">Where to, beginning with the first pixel; BGRX, X becomes 0.</param>
    /// <param name="stride">Pixels from one row's beginning to the next one's.</param>
    /// <exception cref="ProtocolException">It is no such JPEG; some of the pixels may have been written.</exception>
    public unsafe void Decode(ReadOnlySpan<byte> jpeg, Span<uint> pixels, int stride, int width, int height)
    {
        JpegEncoder.RequireRoom(pixels.Length, stride, width, height);
        JpegLimits.Require(jpeg, width, height);
        fixed (byte* from = jpeg)
        fixed (uint* to = pixels)
        {
            int flags = Libturbojpeg.StopOnWarning | Libturbojpeg.AccurateDct;
            if (Libturbojpeg.Decompress(handle, from, new((nuint)jpeg.Length), to, width, checked(stride * sizeof(uint)), height, Libturbojpeg.Bgrx, flags) != 0)
            {
                throw new ProtocolException($"A JPEG is malformed: {Libturbojpeg.Describe(handle)}.");
            }
        }

        for (int y = 0; y < height; y++)
        {
            var row = pixels.Slice(y * stride, width);
            ColourKernel.CopyMasked(row, row);
        }
    }

    public void Dispose() => handle.Dispose();
}
