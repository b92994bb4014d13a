using System.Runtime.InteropServices;

namespace Alongside.Core.Codec.Video.Aom;

// Structures of aom_encoder.h, aom_decoder.h and aom_image.h, release 3.6, on a 64-bit system: of the large ones the fields that are used, in their places.

/// <summary>aom_codec_enc_cfg_t.</summary>
[StructLayout(LayoutKind.Explicit, Size = 904)]
internal struct AomEncoderSettings
{
    [FieldOffset(4)]
    public uint Threads;
    [FieldOffset(12)]
    public uint Width;
    [FieldOffset(16)]
    public uint Height;
    [FieldOffset(40)]
    public int TimeNumerator;
    [FieldOffset(44)]
    public int TimeDenominator;
    [FieldOffset(48)]
    public uint ErrorResilient;
    [FieldOffset(56)]
    public uint Lag;
    [FieldOffset(60)]
    public uint DropFrames;
    [FieldOffset(96)]
    public int RateControl;
    [FieldOffset(136)]
    public uint TargetKilobits;
    [FieldOffset(140)]
    public uint LeastQuantizer;
    [FieldOffset(144)]
    public uint MostQuantizer;
    [FieldOffset(184)]
    public int KeyFrames;
}

/// <summary>aom_image_t.</summary>
[StructLayout(LayoutKind.Explicit, Size = 168)]
internal unsafe struct AomImage
{
    [FieldOffset(0)]
    public int Format;
    [FieldOffset(4)]
    public int Primaries;
    [FieldOffset(8)]
    public int Transfer;
    [FieldOffset(12)]
    public int Matrix;
    [FieldOffset(40)]
    public uint Width;
    [FieldOffset(44)]
    public uint Height;
    [FieldOffset(64)]
    public byte* Luma;
    [FieldOffset(72)]
    public byte* U;
    [FieldOffset(80)]
    public byte* V;
    [FieldOffset(88)]
    public int LumaStride;
    [FieldOffset(92)]
    public int ChromaStride;
}

/// <summary>aom_codec_cx_pkt_t that holds a frame.</summary>
[StructLayout(LayoutKind.Explicit, Size = 168)]
internal unsafe struct AomPacket
{
    [FieldOffset(0)]
    public int Kind;
    [FieldOffset(8)]
    public byte* Bytes;
    [FieldOffset(16)]
    public nuint Length;
}

/// <summary>aom_codec_dec_cfg_t.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AomDecoderSettings
{
    public uint Threads;
    public uint Width;
    public uint Height;
    public uint AllowLowBitDepth;
}
