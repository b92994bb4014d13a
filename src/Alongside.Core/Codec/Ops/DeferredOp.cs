using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// An operation whose pixels a browser decodes beside the decoder's own thread. All of an update's stand at the beginning of the loose part, so that all of
/// them are on their way before the first pixel of the update is painted; a show operation among the others says when each is painted.
/// <code>
/// u8 op | u16 x | u16 y | u16 width | u16 height | u8 argument | u32 length | data
/// </code>
/// </summary>
internal abstract class DeferredOp(byte code, ushort capability) : IDisposable
{
    public byte Code { get; } = code;

    /// <summary>What a decoder must name before it is sent this.</summary>
    public ushort Capability { get; } = capability;

    /// <summary>Decodes and paints.</summary>
    /// <exception cref="Wire.ProtocolException">The argument or the data is wrong.</exception>
    public abstract void Show(PixelRect area, byte argument, ReadOnlySpan<byte> data, Frame picture);

    /// <summary>Forgets what it remembers from earlier updates.</summary>
    public virtual void Forget()
    {
    }

    public abstract void Dispose();
}
