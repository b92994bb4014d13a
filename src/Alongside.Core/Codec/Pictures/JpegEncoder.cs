using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Pictures;

/// <summary>Baseline JPEG by libjpeg-turbo. Not thread-safe; keeps its buffer, so that it allocates only when a larger picture than before comes.</summary>
public sealed class JpegEncoder : IDisposable
{
    /// <summary>Rows are taken for so many at once: pictures a little higher than the last cost no other buffer.</summary>
    private const int Band = FrameDifference.CellHeight;

    private readonly JpegHandle handle = Libturbojpeg.CreateCompressor();
    private byte[] buffer = [];

    /// <exception cref="DllNotFoundException">libturbojpeg is not installed.</exception>
    public JpegEncoder()
    {
        if (handle.IsInvalid)
        {
            throw new InsufficientMemoryException("No memory for a JPEG encoder.");
        }
    }

    /// <summary>A whole JPEG, valid until the next.</summary>
    /// <param name="pixels">BGRX, beginning with the first pixel of the picture.</param>
    /// <param name="stride">Pixels from one row's beginning to the next one's.</param>
    /// <param name="width">1 to 65,500.</param>
    /// <param name="height">1 to 65,500.</param>
    /// <param name="quality">1 to 100.</param>
    public unsafe ReadOnlySpan<byte> Encode(
        ReadOnlySpan<uint> pixels, int stride, int width, int height, int quality, ChromaSubsampling subsampling = ChromaSubsampling.None)
    {
        RequireRoom(pixels.Length, stride, width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        if (Libturbojpeg.MaxLength(width, height, (int)subsampling).Value > (ulong)buffer.Length)
        {
            // As wide as the picture that this is cut from: the next one may be all of it.
            ulong most = Libturbojpeg.MaxLength(stride, ((height - 1) / Band * Band) + Band, (int)subsampling).Value;
            buffer = GC.AllocateUninitializedArray<byte>(checked((int)most));
        }

        fixed (uint* from = pixels)
        fixed (byte* to = buffer)
        {
            byte* target = to;
            var length = new CULong((nuint)buffer.Length);
            int result = Libturbojpeg.Compress(
                handle, from, width, checked(stride * sizeof(uint)), height, Libturbojpeg.Bgrx, ref target, ref length, (int)subsampling, quality, Libturbojpeg.NoReallocation);
            return result == 0 ? buffer.AsSpan(0, (int)length.Value) : throw new InvalidOperationException($"JPEG: {Libturbojpeg.Describe(handle)}.");
        }
    }

    public void Dispose() => handle.Dispose();

    internal static void RequireRoom(int length, int stride, int width, int height)
    {
        if (width < 1 || height < 1 || stride < width || ((long)stride * (height - 1)) + width > length)
        {
            throw new ArgumentException($"A picture of {width} x {height} pixels, {stride} apart, is not within {length} pixels.");
        }
    }
}
