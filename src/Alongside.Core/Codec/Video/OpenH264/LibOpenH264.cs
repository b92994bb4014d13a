using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Video.OpenH264;

/// <summary>
/// libopenh264 2.x, ABI 7. Its four functions make and destroy objects whose methods are reached through a table at their beginning
/// (<c>ISVCEncoderVtbl</c>, <c>ISVCDecoderVtbl</c> of codec_api.h). Methods that return an int give 0 when all is well.
/// </summary>
internal static unsafe partial class LibOpenH264
{
    public const int OptionEncoderTraceLevel = 25, OptionEncoderParameters = 3;
    public const int OptionDecoderTraceLevel = 9;

    private const string Library = "libopenh264.so.7";

    /// <summary>Whether the library is on this machine; without it there is no H.264.</summary>
    public static bool IsPresent { get; } = NativeLibrary.TryLoad(Library, typeof(LibOpenH264).Assembly, null, out _);

    [LibraryImport(Library, EntryPoint = "WelsCreateSVCEncoder")]
    public static partial int CreateEncoder(out H264EncoderHandle encoder);

    [LibraryImport(Library, EntryPoint = "WelsDestroySVCEncoder")]
    public static partial void DestroyEncoder(nint encoder);

    [LibraryImport(Library, EntryPoint = "WelsCreateDecoder")]
    public static partial nint CreateDecoder(out H264DecoderHandle decoder);

    [LibraryImport(Library, EntryPoint = "WelsDestroyDecoder")]
    public static partial void DestroyDecoder(nint decoder);
}

/// <summary>ISVCEncoder*: a pointer to the table of its methods, each taking the object first.</summary>
internal sealed unsafe class H264EncoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    private void** Methods => *(void***)handle;

    public int Initialize(EncoderParameters* parameters) => ((delegate* unmanaged[Cdecl]<nint, EncoderParameters*, int>)Methods[1])(handle, parameters);

    public int GetDefaults(EncoderParameters* parameters) => ((delegate* unmanaged[Cdecl]<nint, EncoderParameters*, int>)Methods[2])(handle, parameters);

    public int Encode(SourcePicture* picture, EncodedFrame* frame) =>
        ((delegate* unmanaged[Cdecl]<nint, SourcePicture*, EncodedFrame*, int>)Methods[4])(handle, picture, frame);

    public int SetOption(int option, void* value) => ((delegate* unmanaged[Cdecl]<nint, int, void*, int>)Methods[7])(handle, option, value);

    protected override bool ReleaseHandle()
    {
        ((delegate* unmanaged[Cdecl]<nint, int>)Methods[3])(handle);
        LibOpenH264.DestroyEncoder(handle);
        return true;
    }
}

/// <summary>ISVCDecoder*.</summary>
internal sealed unsafe class H264DecoderHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    private void** Methods => *(void***)handle;

    public nint Initialize(DecoderParameters* parameters) => ((delegate* unmanaged[Cdecl]<nint, DecoderParameters*, nint>)Methods[0])(handle, parameters);

    /// <summary>DecodeFrameNoDelay: 0, or bits that say what is wrong with the data.</summary>
    public int Decode(byte* data, int length, byte** planes, DecodedFrame* frame) =>
        ((delegate* unmanaged[Cdecl]<nint, byte*, int, byte**, DecodedFrame*, int>)Methods[3])(handle, data, length, planes, frame);

    public nint SetOption(int option, void* value) => ((delegate* unmanaged[Cdecl]<nint, int, void*, nint>)Methods[8])(handle, option, value);

    protected override bool ReleaseHandle()
    {
        ((delegate* unmanaged[Cdecl]<nint, nint>)Methods[1])(handle);
        LibOpenH264.DestroyDecoder(handle);
        return true;
    }
}
