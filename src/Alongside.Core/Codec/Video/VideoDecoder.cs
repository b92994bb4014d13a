using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Video;

/// <summary>Access units of one stream to pixels; each is a whole frame, at once. Its input is hostile.</summary>
internal abstract class VideoDecoder : IDisposable
{
    /// <summary>Paints the frame into a rectangle of the size for which the decoder was made.</summary>
    /// <exception cref="Wire.ProtocolException">The access unit is malformed or does not give one frame of that size.</exception>
    public abstract void Decode(ReadOnlySpan<byte> accessUnit, Frame target, PixelRect area);

    public abstract void Dispose();
}
