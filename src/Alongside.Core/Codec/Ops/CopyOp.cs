using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Ops;

/// <summary>
/// Pixels that the picture has elsewhere.
/// <code>
/// u8 16 | u16 x | u16 y | u16 width | u16 height | u16 from x | u16 from y
/// </code>
/// Reads what the operations before it have left, whole before it writes.
/// </summary>
internal sealed class CopyOp() : Op(Number, OpTable.Motion)
{
    private const byte Number = 16;

    /// <summary>Never: motion is found between pictures, not in a tile.</summary>
    public override bool TryEncode(Tile tile, UpdateParts parts) => false;

    public static void Write(Motion motion, UpdateParts parts)
    {
        parts.Begin(Number, motion.To);
        parts.Packed.AppendU16(motion.From.X);
        parts.Packed.AppendU16(motion.From.Y);
    }

    public override void Decode(ref UpdatePartsReader parts, Frame picture)
    {
        var to = parts.ReadPlace();
        parts.CountCopied(to);
        var from = parts.ReadSource(to);
        new Motion(to, to.X - from.X, to.Y - from.Y).Apply(picture);
    }
}
