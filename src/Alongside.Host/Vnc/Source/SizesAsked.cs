using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Host.Vnc.Source;

/// <summary>
/// Which wish for a size an answer of the VNC server is to: RFB gives them no numbers. Answers come in the order of what was asked, and a server may pass by what it was
/// asked before. A size that is done tells by itself which it was; any other answer is the oldest's. Wishes that the room has given up stay here, so that
/// their late answers are nobody else's.
/// </summary>
internal sealed class SizesAsked
{
    /// <summary>A server that has left so many unanswered is asked no more.</summary>
    private const int Most = 8;

    private readonly List<SizeWish> open = [];

    /// <summary>Another may be asked for.</summary>
    public bool HasRoom => open.Count < Most;

    public void Add(SizeWish wish) => open.Add(wish);

    /// <summary>The server has answered; its desktop is of this size now. False: nothing was asked.</summary>
    public bool TryAnswer(SizeAnswer answer, int width, int height, out int number)
    {
        number = 0;
        if (open.Count == 0)
        {
            return false;
        }

        int at = answer == SizeAnswer.Done ? Math.Max(0, open.FindIndex(wish => wish.Width == width && wish.Height == height)) : 0;
        number = open[at].Number;
        open.RemoveRange(0, at + 1);
        return true;
    }

    /// <summary>The server is gone, and with it its answers.</summary>
    public void Clear() => open.Clear();
}
