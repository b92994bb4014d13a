namespace Alongside.Core.Codec.Video.Regions;

/// <summary>
/// Chooses how coarse the next frame of a video is, so that it fits: six steps of the scale are half the bytes, and frames are much like those before them, but for cuts,
/// which are like a first frame.
/// </summary>
internal sealed class VideoRate(int width, int height)
{
    /// <summary>Finer than this nobody sees; measured: docs/adr/0006-video.md.</summary>
    public const int Finest = 27;

    public const int Coarsest = 46;

    /// <summary>What changed so much on the mean, in steps of luma, is another scene.</summary>
    public const int Cut = 24;

    /// <summary>Bytes a pixel of a first frame at quality 0, seen on films.</summary>
    private const double FirstShare = 2.2;

    private double first = width * (double)height * FirstShare;

    // Of the frames that follow; bytes at quality 0.
    private double next = width * (double)height * FirstShare / 4;
    private int before = Finest;

    /// <param name="target">Bytes that the frame should have at most.</param>
    /// <param name="isLikeFirst">The first one, or another scene.</param>
    public int Choose(int target, bool isLikeFirst)
    {
        int fitting = (int)Math.Ceiling(6 * Math.Log2((isLikeFirst ? first : next) / Math.Max(target, 1)));
        int quality = Math.Clamp(fitting, Finest, Coarsest);

        // Finer in small steps, so that a short lull does not become a burst; coarser at once.
        return before = isLikeFirst ? quality : Math.Max(quality, before - 2);
    }

    public void Learn(int bytes, int quality, bool wasLikeFirst)
    {
        double seen = bytes * Math.Pow(2, quality / 6.0);
        if (wasLikeFirst)
        {
            first += (seen - first) / 2;
        }
        else
        {
            next += (seen - next) / (seen > next ? 2 : 8);
        }
    }
}
