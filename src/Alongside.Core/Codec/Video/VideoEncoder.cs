namespace Alongside.Core.Codec.Video;

/// <summary>
/// Frames of one size to access units of one stream, each decodable as soon as it is there: the first is a key frame, none after it, and none refers
/// to a later one.
/// </summary>
internal abstract class VideoEncoder : IDisposable
{
    /// <summary>Appends the next access unit.</summary>
    /// <param name="picture">Has the size for which the encoder was made.</param>
    /// <param name="quality">0 the finest to 51 the coarsest, of the scale of H.264; six more is half the bytes, roughly.</param>
    /// <param name="output">What the frame became is appended.</param>
    public abstract void Encode(YuvPicture picture, int quality, ByteBuffer output);

    public abstract void Dispose();
}
