using Alongside.Vnc.Encodings;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>A compressor's window lives as long as the connection, so that each encoding has one encoder for as long. Owns them.</summary>
internal sealed class EncoderSet : IDisposable
{
    private readonly Dictionary<int, RectEncoder> encoders = [];

    /// <summary>The encoder that the viewer wants, set to what it wants of it.</summary>
    public RectEncoder For(ViewerWishes wishes, PixelFormat format)
    {
        if (!encoders.TryGetValue(wishes.Encoding, out var encoder))
        {
            encoder = wishes.Encoding switch
            {
                EncodingNumber.Rre => new RreEncoder(),
                EncodingNumber.Hextile => new HextileEncoder(),
                EncodingNumber.Zlib => new ZlibEncoder(wishes.Tight.ZlibLevel),
                EncodingNumber.Zrle => new ZrleEncoder(wishes.Tight.ZlibLevel),
                EncodingNumber.Tight => new TightEncoder(png: false),
                EncodingNumber.TightPng => new TightEncoder(png: true),
                _ => new RawEncoder(),
            };
            encoders.Add(wishes.Encoding, encoder);
        }

        encoder.Format = format;
        if (encoder is TightEncoder tight)
        {
            tight.Wishes = wishes.Tight;
        }

        return encoder;
    }

    public void Dispose()
    {
        foreach (var encoder in encoders.Values)
        {
            encoder.Dispose();
        }

        encoders.Clear();
    }
}
