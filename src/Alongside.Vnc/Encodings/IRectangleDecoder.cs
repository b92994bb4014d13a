using Alongside.Core.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Turns the bytes of one rectangle into pixels of the picture. Lives as long as the connection, as its compression does. Pixels come in the
/// format the client asked for: 32 bits, little-endian, red at 16, green at 8, blue at 0, which is how a <see cref="Frame"/> keeps them.
/// </summary>
internal interface IRectangleDecoder : IDisposable
{
    /// <summary>A rectangle begins. <paramref name="area"/> lies within <paramref name="picture"/>; a side may be 0.</summary>
    void Begin(Frame picture, PixelRect area);

    /// <summary>
    /// Takes what it can use of <paramref name="input"/>, which goes on where the last call stopped consuming. True when the rectangle is
    /// complete; false when more bytes are needed, of which at least <paramref name="needed"/> must be there to get on.
    /// </summary>
    /// <exception cref="Core.Wire.ProtocolException">The bytes are not a rectangle of this encoding.</exception>
    bool TryDecode(ReadOnlySpan<byte> input, out int consumed, out int needed);
}
