using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// One operation of the format, both directions: what one file knows. An encoder and a decoder have an instance each; what it remembers
/// from update to update is the same on both sides, and forgotten at a reset.
/// </summary>
internal abstract class Op(byte code, ushort capability)
{
    /// <summary>The first byte of the operation in the packed part.</summary>
    public byte Code { get; } = code;

    /// <summary>What a decoder must name before it is sent this.</summary>
    public ushort Capability { get; } = capability;

    /// <summary>Whether it costs little: what photographs are made of does not, and may have to wait for its turn.</summary>
    public virtual bool IsPlain => true;

    /// <summary>Writes the tile if this operation suits it; otherwise writes nothing, and the next operation is asked.</summary>
    public abstract bool TryEncode(Tile tile, UpdateParts parts);

    /// <summary>The same, but only if it costs little.</summary>
    public virtual bool TryEncodePlain(Tile tile, UpdateParts parts) => IsPlain && TryEncode(tile, parts);

    /// <summary>Reads the arguments, which follow the code, and paints.</summary>
    /// <exception cref="Wire.ProtocolException">The arguments are wrong.</exception>
    public abstract void Decode(ref UpdatePartsReader parts, Frame picture);

    /// <summary>Forgets what it remembers from earlier updates.</summary>
    public virtual void Forget()
    {
    }

    /// <summary>The picture begins anew, black and perhaps of another size, while palettes and window may go on.</summary>
    public virtual void BeginPicture()
    {
    }
}
