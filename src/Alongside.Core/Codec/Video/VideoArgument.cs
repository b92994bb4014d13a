using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Video;

/// <summary>
/// The argument of operations 20 and 21.
/// <code>
/// bits 0-1 region | bit 2 its first frame | bit 3 its end, without a frame | bit 4 holes come before the frame | the others are 0
/// </code>
/// </summary>
internal readonly record struct VideoArgument(int Region, bool IsFirst, bool IsEnd, bool HasHoles)
{
    private const int First = 4, End = 8, Holes = 16;

    public static byte Of(int region, bool isFirst, bool hasHoles) => (byte)(region | (isFirst ? First : 0) | (hasHoles ? Holes : 0));

    public static byte OfEnd(int region) => (byte)(region | End);

    /// <exception cref="ProtocolException">It says what cannot be.</exception>
    public static VideoArgument Read(byte argument)
    {
        bool isEnd = (argument & End) != 0;
        return argument < 32 && (!isEnd || argument < 12)
            ? new(argument & 3, (argument & First) != 0, isEnd, (argument & Holes) != 0)
            : throw new ProtocolException("A video frame says of itself what cannot be.");
    }
}
