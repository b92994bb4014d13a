using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video.OpenH264;

/// <summary>The other end of an <see cref="H264Encoder"/>.</summary>
internal sealed unsafe class H264Decoder : VideoDecoder
{
    private const int StreamAvc = 1;

    private readonly int width, height;
    private readonly H264DecoderHandle decoder;
    private bool isRunning;

    public H264Decoder(int width, int height)
    {
        VideoLimits.Require(width, height);
        (this.width, this.height) = (YuvPicture.Even(width), YuvPicture.Even(height));
        if (LibOpenH264.CreateDecoder(out decoder) != 0)
        {
            throw new InsufficientMemoryException("No memory for an H.264 decoder.");
        }

        int quiet = 0;
        decoder.SetOption(LibOpenH264.OptionDecoderTraceLevel, &quiet);
        var parameters = new DecoderParameters { PropertySize = 8, StreamType = StreamAvc };
        if (decoder.Initialize(&parameters) != 0)
        {
            throw new InvalidOperationException("OpenH264 could not begin to decode.");
        }
    }

    public override void Decode(ReadOnlySpan<byte> accessUnit, Frame target, PixelRect area)
    {
        H264AccessUnit.Require(accessUnit, isKey: !isRunning, width, height);
        byte** planes = stackalloc byte*[3];
        DecodedFrame frame = default;
        fixed (byte* data = accessUnit)
        {
            int wrong = decoder.Decode(data, accessUnit.Length, planes, &frame);
            if (wrong != 0)
            {
                throw new ProtocolException($"A video frame is malformed: {wrong}.");
            }
        }

        if (frame.Status != 1 || frame.Width != width || frame.Height != height || frame.Format != 23)
        {
            throw new ProtocolException("A video frame did not give the picture it stands for.");
        }

        isRunning = true;
        YuvPicture.Paint(frame.Luma, frame.LumaStride, frame.U, frame.V, frame.ChromaStride, target, area);
    }

    public override void Dispose() => decoder.Dispose();
}
