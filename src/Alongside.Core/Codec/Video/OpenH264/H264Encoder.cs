namespace Alongside.Core.Codec.Video.OpenH264;

/// <summary>
/// H.264 constrained baseline by OpenH264: one slice, one reference, quality by a quantizer of our own choice frame by frame. Baseline has no
/// frames to put in another order, so no decoder has a reason to hold one back. Measured: docs/adr/0006-video.md.
/// </summary>
internal sealed unsafe class H264Encoder : VideoEncoder
{
    private const int CameraRealTime = 0, RateControlOff = -1, LowComplexity = 0, ConstantIds = 0, Baseline = 66;
    private const int FormatI420 = 23, Bt709 = 1, FormatUnspecified = 5;

    private readonly H264EncoderHandle encoder;
    private readonly EncoderParameters[] parameters = GC.AllocateArray<EncoderParameters>(1, pinned: true);
    private readonly EncodedFrame[] frame = GC.AllocateArray<EncodedFrame>(1, pinned: true);
    private long milliseconds;

    /// <param name="width">Even, 16 to 4096.</param>
    /// <param name="height">Even, 16 to 4096; at most <see cref="VideoLimits.MaxPixels"/> in all.</param>
    public H264Encoder(int width, int height, int quality)
    {
        VideoLimits.Require(width, height);
        Require(LibOpenH264.CreateEncoder(out encoder), "be made");
        int quiet = 0;
        Require(encoder.SetOption(LibOpenH264.OptionEncoderTraceLevel, &quiet), "be quiet");
        fixed (EncoderParameters* to = parameters)
        {
            Require(encoder.GetDefaults(to), "give its defaults");
            Describe(ref *to, width, height, quality);
            Require(encoder.Initialize(to), $"take {width} x {height} pixels");
        }
    }

    public override void Encode(YuvPicture picture, int quality, ByteBuffer output)
    {
        fixed (EncoderParameters* to = parameters)
        {
            if (to->Layers[0].Qp != quality)
            {
                // The same parameters with another quantizer: no new stream, no key frame.
                to->Layers[0].Qp = quality;
                Require(encoder.SetOption(LibOpenH264.OptionEncoderParameters, to), "change its quantizer");
            }
        }

        fixed (byte* luma = picture.Luma, u = picture.U, v = picture.V)
        fixed (EncodedFrame* encoded = frame)
        {
            var source = new SourcePicture { Format = FormatI420, Luma = luma, U = u, V = v, Width = picture.Width, Height = picture.Height };
            source.Strides[0] = picture.Width;
            source.Strides[1] = source.Strides[2] = picture.Width / 2;
            source.Milliseconds = milliseconds += 33;
            *encoded = default;
            Require(encoder.Encode(&source, encoded), "encode");
            for (int i = 0; i < encoded->LayerCount; i++)
            {
                ref var layer = ref encoded->Layers[i];
                int length = 0;
                for (int nal = 0; nal < layer.NalCount; nal++)
                {
                    length += layer.NalLengths[nal];
                }

                new ReadOnlySpan<byte>(layer.Bytes, length).CopyTo(output.Append(length));
            }
        }
    }

    public override void Dispose() => encoder.Dispose();

    private static void Describe(ref EncoderParameters to, int width, int height, int quality)
    {
        to.Usage = CameraRealTime;
        to.Width = width;
        to.Height = height;
        to.RateControl = RateControlOff;
        to.MaxFrameRate = 30;
        to.TargetBitrate = to.MaxBitrate = 0;
        to.Complexity = LowComplexity;
        to.IntraPeriod = 0;
        to.ReferenceFrames = 1;
        to.ParameterSetIds = ConstantIds;
        to.Cabac = to.FrameSkip = to.LongTermReference = 0;
        to.Threads = 1;
        to.Denoise = to.BackgroundDetection = to.AdaptiveQuantization = to.SceneChangeDetection = 0;
        ref var layer = ref to.Layers[0];
        layer.Width = width;
        layer.Height = height;
        layer.FrameRate = 30;
        layer.Bitrate = 5_000_000;
        layer.MaxBitrate = 0;
        layer.Qp = quality;
        layer.Profile = Baseline;
        layer.SliceMode = 0;
        layer.SliceCount = 1;
        layer.SignalPresent = layer.ColourDescriptionPresent = 1;
        layer.VideoFormat = FormatUnspecified;
        layer.FullRange = 0;
        layer.Primaries = layer.Transfer = layer.Matrix = Bt709;
    }

    private static void Require(int result, string what)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"OpenH264 could not {what}: {result}.");
        }
    }
}
