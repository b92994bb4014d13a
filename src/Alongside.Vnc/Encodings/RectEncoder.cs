using Alongside.Core.Pixels;
using Alongside.Vnc.Pixels;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// Writes rectangles of a picture in one encoding. Some keep a compressor's window, so that an encoder lives as long as its connection and
/// sees every rectangle in the order it is sent. The picture's X bytes are 0.
/// </summary>
internal abstract class RectEncoder : IDisposable
{
    private PixelFormat? format;

    /// <summary>What the viewer asked for last: every pixel from now on has this format.</summary>
    public PixelFormat Format
    {
        set
        {
            if (value != format)
            {
                format = value;
                Packer = new PixelPacker(value, Layout);
                FormatChanged(value);
            }
        }
    }

    /// <summary>The largest area it takes at once; larger rectangles are cut by the caller.</summary>
    public virtual int MaxArea => 128 * 1024;

    /// <summary>Whether the last rectangle is less than exact.</summary>
    public virtual bool IsLossy => false;

    protected PixelPacker Packer { get; private set; } = new(PixelFormat.Bgrx);

    protected virtual PixelLayout Layout => PixelLayout.Whole;

    /// <summary>Writes one rectangle, or the several it is cut into.</summary>
    public abstract void Write(UpdateWriter update, Frame picture, PixelRect rect);

    protected virtual void FormatChanged(PixelFormat changed)
    {
    }

    public virtual void Dispose()
    {
    }
}
