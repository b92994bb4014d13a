using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Zstd;

/// <summary>The few functions of libzstd that a stream of updates needs. Results are sizes or, when <see cref="IsError"/>, errors.</summary>
internal static partial class Libzstd
{
    public const int CompressionLevel = 100, WindowLog = 101, HashLog = 102;
    public const int DecoderWindowLogMax = 100;
    public const int Flush = 1;
    public const int ResetSession = 1;

    private const string Library = "libzstd.so.1";

    [LibraryImport(Library, EntryPoint = "ZSTD_createCCtx")]
    public static partial CompressorHandle CreateCompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeCCtx")]
    public static partial nuint FreeCompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_setParameter")]
    public static partial nuint SetParameter(CompressorHandle context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_CCtx_reset")]
    public static partial nuint Reset(CompressorHandle context, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_compressStream2")]
    public static partial nuint Compress(CompressorHandle context, ref ZstdBuffer output, ref ZstdBuffer input, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDCtx")]
    public static partial DecompressorHandle CreateDecompressor();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDCtx")]
    public static partial nuint FreeDecompressor(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_setParameter")]
    public static partial nuint SetParameter(DecompressorHandle context, int parameter, int value);

    [LibraryImport(Library, EntryPoint = "ZSTD_DCtx_reset")]
    public static partial nuint Reset(DecompressorHandle context, int directive);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    public static partial nuint Decompress(DecompressorHandle context, ref ZstdBuffer output, ref ZstdBuffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    private static partial uint IsErrorCode(nuint result);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    private static partial nint ErrorName(nuint result);

    public static bool IsError(nuint result) => IsErrorCode(result) != 0;

    public static string Describe(nuint result) => Marshal.PtrToStringUTF8(ErrorName(result)) ?? "unknown";

    /// <summary>For calls that fail only by our own mistake or for want of memory.</summary>
    public static void Require(nuint result)
    {
        if (IsError(result))
        {
            throw new InvalidOperationException($"zstd: {Describe(result)}.");
        }
    }
}

/// <summary>ZSTD_inBuffer and ZSTD_outBuffer: start, length, how far it has been read or written.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ZstdBuffer
{
    public nint Start;
    public nuint Length;
    public nuint Position;
}

internal sealed class CompressorHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => !Libzstd.IsError(Libzstd.FreeCompressor(handle));
}

internal sealed class DecompressorHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => !Libzstd.IsError(Libzstd.FreeDecompressor(handle));
}
