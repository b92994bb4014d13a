using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video.Aom;

/// <summary>The other end of an <see cref="Av1Encoder"/>.</summary>
internal sealed unsafe class Av1Decoder : VideoDecoder
{
    private readonly int width, height;
    private readonly AomHandle decoder = new();
    private bool isRunning;

    public Av1Decoder(int width, int height)
    {
        VideoLimits.Require(width, height);
        (this.width, this.height) = (YuvPicture.Even(width), YuvPicture.Even(height));
        var settings = new AomDecoderSettings { Threads = 1, AllowLowBitDepth = 1 };
        nint place = (nint)(&settings);
        decoder.Begin(context => LibAom.BeginDecoding(context, LibAom.Decoder(), (AomDecoderSettings*)place, 0, LibAom.DecoderAbi), "decode");
    }

    public override void Decode(ReadOnlySpan<byte> accessUnit, Frame target, PixelRect area)
    {
        Av1AccessUnit.Require(accessUnit, isKey: !isRunning, width, height);
        fixed (byte* data = accessUnit)
        {
            int wrong = LibAom.Decode(decoder, data, (nuint)accessUnit.Length, 0);
            if (wrong != 0)
            {
                throw new ProtocolException($"A video frame is malformed: {wrong}.");
            }
        }

        nint iterator = 0;
        var image = LibAom.NextFrame(decoder, &iterator);
        if (image == null || image->Width != width || image->Height != height || image->Format != LibAom.I420)
        {
            throw new ProtocolException("A video frame did not give the picture it stands for.");
        }

        isRunning = true;
        YuvPicture.Paint(image->Luma, image->LumaStride, image->U, image->V, image->ChromaStride, target, area);
    }

    public override void Dispose() => decoder.Dispose();
}
