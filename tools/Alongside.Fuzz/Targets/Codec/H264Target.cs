using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.OpenH264;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Access units of a region of 48 x 32 pixels.</summary>
public sealed class H264Target() : VideoTarget("h264")
{
    internal override VideoEncoder CreateEncoder(int width, int height, int quality) => new H264Encoder(width, height, quality);

    internal override VideoDecoder CreateDecoder(int width, int height) => new H264Decoder(width, height);
}
