using Alongside.Core.Pixels;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Encodings;

/// <summary>A JPEG within Tight.</summary>
internal sealed class JpegRectangle : IDisposable
{
    public void Decode(ReadOnlySpan<byte> jpeg, Frame picture, PixelRect area) => throw new ProtocolException("A JPEG came that was not asked for.");

    public void Dispose()
    {
    }
}
