namespace Alongside.Core.Codec.Video.Aom;

/// <summary>
/// AV1 main profile by libaom in its real-time mode at its greatest speed: a third fewer bytes than an <see cref="OpenH264.H264Encoder"/> for the same likeness, for half as
/// much again of work. Measured: docs/adr/0007-av1-on-thin-links.md.
/// </summary>
internal sealed unsafe class Av1Encoder : VideoEncoder
{
    private const int ConstantRate = 1, NoKeyFrames = 0, Bt709 = 1, FramePacket = 0;

    /// <summary>The quantizers of both codecs for about the same likeness: six steps of H.264's are ten of this one's.</summary>
    private const int Base = 28, H264Base = 27;

    private readonly AomHandle encoder = new();
    private readonly AomEncoderSettings[] settings = GC.AllocateArray<AomEncoderSettings>(1, pinned: true);
    private long time;

    /// <param name="width">Even, 16 to 4096.</param>
    /// <param name="height">Even, 16 to 4096; at most <see cref="VideoLimits.MaxPixels"/> in all.</param>
    public Av1Encoder(int width, int height, int quality)
    {
        VideoLimits.Require(width, height);
        fixed (AomEncoderSettings* to = settings)
        {
            nint codec = LibAom.Encoder();
            Require(LibAom.GetDefaults(codec, to, LibAom.RealTime), "give its defaults");
            to->Threads = 1;
            to->Width = (uint)width;
            to->Height = (uint)height;
            (to->TimeNumerator, to->TimeDenominator) = (1, 30);
            to->ErrorResilient = to->Lag = to->DropFrames = 0;
            to->RateControl = ConstantRate;
            to->TargetKilobits = 5_000;
            to->LeastQuantizer = to->MostQuantizer = Quantizer(quality);
            to->KeyFrames = NoKeyFrames;
            nint place = (nint)to;
            encoder.Begin(context => LibAom.BeginEncoding(context, codec, (AomEncoderSettings*)place, 0, LibAom.EncoderAbi), "encode");
        }

        Set(LibAom.Speed, 10);
        Set(LibAom.AdaptiveQuantization, 0);
        Set(LibAom.DeltaQuantizer, 0);
        Set(LibAom.OrderHint, 0);
        Set(LibAom.CoefficientCosts, 3);
        Set(LibAom.ModeCosts, 3);
        Set(LibAom.VectorCosts, 3);
        Set(LibAom.Primaries, Bt709);
        Set(LibAom.Transfer, Bt709);
        Set(LibAom.Matrix, Bt709);
    }

    public override void Encode(YuvPicture picture, int quality, ByteBuffer output)
    {
        fixed (AomEncoderSettings* to = settings)
        {
            uint quantizer = Quantizer(quality);
            if (to->MostQuantizer != quantizer)
            {
                to->LeastQuantizer = to->MostQuantizer = quantizer;
                Require(LibAom.Change(encoder, to), "change its quantizer");
            }
        }

        fixed (byte* planes = picture.Luma)
        {
            AomImage image;
            if (LibAom.Wrap(&image, LibAom.I420, (uint)picture.Width, (uint)picture.Height, 1, planes) == null)
            {
                throw new InvalidOperationException("libaom does not take the picture.");
            }

            image.Primaries = image.Transfer = image.Matrix = Bt709;
            Require(LibAom.Encode(encoder, &image, time++, 1, 0), "encode");
        }

        nint iterator = 0;
        for (var packet = LibAom.NextPacket(encoder, &iterator); packet != null; packet = LibAom.NextPacket(encoder, &iterator))
        {
            if (packet->Kind == FramePacket)
            {
                new ReadOnlySpan<byte>(packet->Bytes, (int)packet->Length).CopyTo(output.Append((int)packet->Length));
            }
        }
    }

    public override void Dispose() => encoder.Dispose();

    private static uint Quantizer(int quality) => (uint)Math.Clamp(Base + ((quality - H264Base) * 5 / 3), 0, 63);

    private static void Require(int result, string what)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"libaom could not {what}: {result}.");
        }
    }

    private void Set(int what, int value) => Require(LibAom.Control(encoder, what, value), $"set {what}");
}
