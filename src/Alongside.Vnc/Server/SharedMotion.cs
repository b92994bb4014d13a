using Alongside.Core.Codec;
using Alongside.Core.Codec.Motions;
using Alongside.Core.Pixels;

namespace Alongside.Vnc.Server;

/// <summary>
/// What has moved, searched for once for all viewers of one desktop whose pictures were the same: those that keep up with it. Whoever is behind has a search of
/// their own. Not thread-safe, as the sessions that share it.
/// </summary>
public sealed class SharedMotion
{
    private MotionSearch? search;
    private (long From, long To) last;

    /// <summary>For tests: how often it was searched.</summary>
    internal int Searches { get; private set; }

    /// <summary>The copies that bring <paramref name="picture"/> nearer to <paramref name="newest"/>; valid until the next call.</summary>
    /// <param name="from">The version of the desktop that the picture equals; 0: none.</param>
    /// <param name="to">The version that the newest pixels are; 0: not known.</param>
    /// <param name="changed">Where they differ.</param>
    internal ReadOnlySpan<Motion> Find(long from, long to, Frame picture, Frame newest, ReadOnlySpan<PixelRect> changed)
    {
        if (search is not null && from != 0 && to != 0 && last == (from, to))
        {
            return search.Copies;
        }

        Searches++;
        last = (from, to);
        search ??= new();
        return search.Find(picture, newest, changed, []);
    }
}
