using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Video.Aom;

/// <summary>libaom 3.x, encoder ABI 29 and decoder ABI 22 as Debian 12 has them; it refuses others itself. Functions that return an int give 0 when all is well.</summary>
internal static unsafe partial class LibAom
{
    public const int EncoderAbi = 29, DecoderAbi = 22;
    public const uint RealTime = 1;
    public const int I420 = 0x102;

    /// <summary>Controls of aomcx.h.</summary>
    public const int Speed = 13, AdaptiveQuantization = 40, Primaries = 45, Transfer = 46, Matrix = 47, OrderHint = 79, DeltaQuantizer = 107,
        CoefficientCosts = 126, ModeCosts = 127, VectorCosts = 128;

    private const string Library = "libaom.so.3";

    private static readonly Lazy<bool> Usable = new(CanBegin);

    /// <summary>Whether the library is on this machine, in a version that is known; without it there is no AV1.</summary>
    public static bool IsPresent => Usable.Value;

    [LibraryImport(Library, EntryPoint = "aom_codec_av1_cx")]
    public static partial nint Encoder();

    [LibraryImport(Library, EntryPoint = "aom_codec_av1_dx")]
    public static partial nint Decoder();

    [LibraryImport(Library, EntryPoint = "aom_codec_enc_config_default")]
    public static partial int GetDefaults(nint codec, AomEncoderSettings* settings, uint usage);

    [LibraryImport(Library, EntryPoint = "aom_codec_enc_init_ver")]
    public static partial int BeginEncoding(nint context, nint codec, AomEncoderSettings* settings, nint flags, int abi);

    [LibraryImport(Library, EntryPoint = "aom_codec_enc_config_set")]
    public static partial int Change(AomHandle context, AomEncoderSettings* settings);

    /// <summary>Variadic in C; a whole number is passed as any other argument.</summary>
    [LibraryImport(Library, EntryPoint = "aom_codec_control")]
    public static partial int Control(AomHandle context, int what, int value);

    [LibraryImport(Library, EntryPoint = "aom_img_wrap")]
    public static partial AomImage* Wrap(AomImage* image, int format, uint width, uint height, uint alignment, byte* data);

    [LibraryImport(Library, EntryPoint = "aom_codec_encode")]
    public static partial int Encode(AomHandle context, AomImage* image, long time, nuint duration, nint flags);

    [LibraryImport(Library, EntryPoint = "aom_codec_get_cx_data")]
    public static partial AomPacket* NextPacket(AomHandle context, nint* iterator);

    [LibraryImport(Library, EntryPoint = "aom_codec_dec_init_ver")]
    public static partial int BeginDecoding(nint context, nint codec, AomDecoderSettings* settings, nint flags, int abi);

    [LibraryImport(Library, EntryPoint = "aom_codec_decode")]
    public static partial int Decode(AomHandle context, byte* data, nuint length, nint user);

    [LibraryImport(Library, EntryPoint = "aom_codec_get_frame")]
    public static partial AomImage* NextFrame(AomHandle context, nint* iterator);

    [LibraryImport(Library, EntryPoint = "aom_codec_destroy")]
    public static partial int Destroy(nint context);

    private static bool CanBegin()
    {
        try
        {
            using var encoder = new Av1Encoder(64, 64, 40);
            using var decoder = new Av1Decoder(64, 64);
            return true;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>aom_codec_ctx_t, which must not move.</summary>
internal sealed unsafe class AomHandle : SafeHandle
{
    private const int ContextLength = 56;

    private bool isBegun;

    public AomHandle()
        : base(0, ownsHandle: true) => SetHandle((nint)NativeMemory.AllocZeroed(ContextLength));

    public override bool IsInvalid => handle == 0;

    /// <summary>The library has made of it what it is for, and has something to free.</summary>
    public void Begin(Func<nint, int> begin, string what)
    {
        int result = begin(handle);
        isBegun = result == 0;
        if (!isBegun)
        {
            throw new InvalidOperationException($"libaom could not begin to {what}: {result}.");
        }
    }

    protected override bool ReleaseHandle()
    {
        if (isBegun)
        {
            _ = LibAom.Destroy(handle);
        }

        NativeMemory.Free((void*)handle);
        return true;
    }
}
