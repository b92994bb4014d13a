using Alongside.Core.Pixels;

namespace Alongside.Core.Session.Feed;

/// <summary>Takes the desktop's pixels as they are grabbed, beside the streams.</summary>
public interface IPixelTap
{
    /// <summary>Whether it could take newer pixels now: then damage is grabbed.</summary>
    bool IsReady { get; }

    /// <summary>These areas of the desktop were grabbed again.</summary>
    void Grabbed(ReadOnlySpan<PixelRect> areas);
}
