using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Pictures;

/// <summary>The few functions of libjpeg-turbo's TurboJPEG interface (version 2, which version 3 still has) that whole pictures in memory need.</summary>
internal static partial class Libturbojpeg
{
    /// <summary>TJPF_BGRX.</summary>
    public const int Bgrx = 3;

    public const int NoReallocation = 1024, AccurateDct = 4096, StopOnWarning = 8192;

    private const string Library = "libturbojpeg.so.0";

    [LibraryImport(Library, EntryPoint = "tjInitCompress")]
    public static partial JpegHandle CreateCompressor();

    [LibraryImport(Library, EntryPoint = "tjInitDecompress")]
    public static partial JpegHandle CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "tjDestroy")]
    public static partial int Destroy(nint handle);

    /// <summary>The most bytes that a picture can take.</summary>
    [LibraryImport(Library, EntryPoint = "tjBufSize")]
    public static partial CULong MaxLength(int width, int height, int subsampling);

    [LibraryImport(Library, EntryPoint = "tjCompress2")]
    public static unsafe partial int Compress(
        JpegHandle handle, uint* source, int width, int pitch, int height, int pixelFormat, ref byte* target, ref CULong length, int subsampling, int quality, int flags);

    [LibraryImport(Library, EntryPoint = "tjDecompress2")]
    public static unsafe partial int Decompress(
        JpegHandle handle, byte* source, CULong length, uint* target, int width, int pitch, int height, int pixelFormat, int flags);

    public static string Describe(JpegHandle handle) => Marshal.PtrToStringUTF8(ErrorText(handle)) ?? "unknown";

    [LibraryImport(Library, EntryPoint = "tjGetErrorStr2")]
    private static partial nint ErrorText(JpegHandle handle);
}

internal sealed class JpegHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => Libturbojpeg.Destroy(handle) == 0;
}
