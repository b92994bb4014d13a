using Alongside.Core.Codec.Video;
using Alongside.Core.Codec.Video.Aom;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>Temporal units of a region of 48 x 32 pixels.</summary>
public sealed class Av1Target() : VideoTarget("av1")
{
    internal override VideoEncoder CreateEncoder(int width, int height, int quality) => new Av1Encoder(width, height, quality);

    internal override VideoDecoder CreateDecoder(int width, int height) => new Av1Decoder(width, height);
}
