using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Video.OpenH264;

// Structures of codec_app_def.h and codec_def.h, release 2.3, on a 64-bit system; a C bool is a byte. Their sizes are tested against what the
// header's compiler says.

/// <summary>SEncParamExt: 920 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EncoderParameters
{
    public int Usage;
    public int Width;
    public int Height;
    public int TargetBitrate;
    public int RateControl;
    public float MaxFrameRate;
    public int TemporalLayers;
    public int SpatialLayers;
    public FourLayers Layers;
    public int Complexity;
    public uint IntraPeriod;
    public int ReferenceFrames;
    public int ParameterSetIds;
    public byte PrefixNal;
    public byte EnableSsei;
    public byte SimulcastAvc;
    public int Padding;
    public int Cabac;
    public byte FrameSkip;
    public int MaxBitrate;
    public int MaxQp;
    public int MinQp;
    public uint MaxNalSize;
    public byte LongTermReference;
    public int LongTermReferences;
    public uint LongTermMarkPeriod;
    public ushort Threads;
    public byte LoadBalancing;
    public int LoopFilterDisable;
    public int LoopFilterAlpha;
    public int LoopFilterBeta;
    public byte Denoise;
    public byte BackgroundDetection;
    public byte AdaptiveQuantization;
    public byte FrameCropping;
    public byte SceneChangeDetection;
    public byte LosslessLink;
    public byte FixOvershoot;
    public int IdrBitrateRatio;
}

[InlineArray(4)]
internal struct FourLayers
{
    private SpatialLayer first;
}

/// <summary>SSpatialLayerConfig: 200 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct SpatialLayer
{
    public int Width;
    public int Height;
    public float FrameRate;
    public int Bitrate;
    public int MaxBitrate;
    public int Profile;
    public int Level;
    public int Qp;
    public int SliceMode;
    public uint SliceCount;
    public SliceSizes SliceSizes;
    public uint SliceSizeLimit;
    public byte SignalPresent;
    public byte VideoFormat;
    public byte FullRange;
    public byte ColourDescriptionPresent;
    public byte Primaries;
    public byte Transfer;
    public byte Matrix;
    public byte AspectRatioPresent;
    public int AspectRatio;
    public ushort AspectWidth;
    public ushort AspectHeight;
}

[InlineArray(35)]
internal struct SliceSizes
{
    private uint first;
}

/// <summary>SSourcePicture: 72 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SourcePicture
{
    public int Format;
    public fixed int Strides[4];
    public byte* Luma, U, V, Alpha;
    public int Width;
    public int Height;
    public long Milliseconds;
}

/// <summary>SFrameBSInfo: 5144 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct EncodedFrame
{
    public int LayerCount;
    public EncodedLayers Layers;
    public int Type;
    public int Length;
    public long Milliseconds;
}

[InlineArray(128)]
internal struct EncodedLayers
{
    private EncodedLayer first;
}

/// <summary>SLayerBSInfo: 40 bytes. The pieces of a layer lie one behind the other.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct EncodedLayer
{
    public byte TemporalId;
    public byte SpatialId;
    public byte QualityId;
    public int FrameType;
    public byte LayerType;
    public int SubSequence;
    public int NalCount;
    public int* NalLengths;
    public byte* Bytes;
}

/// <summary>SDecodingParam: 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct DecoderParameters
{
    public nint FileName;
    public uint CpuLoad;
    public byte TargetLayer;
    public int ErrorConcealment;
    public byte ParseOnly;
    public uint PropertySize;
    public int StreamType;
}

/// <summary>SBufferInfo: 72 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct DecodedFrame
{
    public int Status;
    public ulong InTimestamp;
    public ulong OutTimestamp;
    public int Width;
    public int Height;
    public int Format;
    public int LumaStride;
    public int ChromaStride;
    public byte* Luma, U, V;
}
