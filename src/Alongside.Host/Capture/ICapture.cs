using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Host.Capture;

/// <summary>The screen of this machine as pixels. Calls come from one thread; the sink is called on the capture's own.</summary>
public interface ICapture : IDisposable
{
    DesktopLayout Layout { get; }

    /// <summary>Starts to tell <paramref name="sink"/> what happens; states cursor and layout once at the start.</summary>
    void Start(ICaptureSink sink);

    /// <summary>Copies these areas of the screen into the same place of <paramref name="target"/>, which has the layout's size.</summary>
    /// <returns>False when the screen went away or changed its size; the sink has been or will be told.</returns>
    bool TryGrab(Frame target, ReadOnlySpan<PixelRect> areas);

    /// <summary>A viewer wants the desktop to have this size. The size of this machine's own belongs to the person in front of it.</summary>
    /// <returns>Null: <see cref="ICaptureSink.SizeAnswered"/> will tell.</returns>
    SizeAnswer? AskForSize(SizeWish wish) => SizeAnswer.Prohibited;
}

/// <summary>Hears what happens on a screen. Called on the capture's thread; must return at once.</summary>
public interface ICaptureSink
{
    /// <summary>Something was drawn within <paramref name="area"/>; the pixels may be the same as before.</summary>
    void Damaged(PixelRect area);

    /// <summary>The window system moved a window with all that is in it, as it says. Told before the damage that this makes. A hint: it may be hidden, or wrong.</summary>
    void Moved(Motion motion);

    void LayoutChanged(DesktopLayout layout);

    /// <summary>The desktop is another machine's, and this is what it is called and how it comes. Never called for this machine's own.</summary>
    void SourceChanged(DesktopSource source)
    {
    }

    /// <summary>What became of the wish of this <see cref="SizeWish.Number"/>. A new layout has been told before.</summary>
    void SizeAnswered(int number, SizeAnswer answer)
    {
    }

    void CursorChanged(CursorImage cursor);

    void CursorMoved(int x, int y);

    /// <summary>The display went away; the capture tries again by itself and calls <see cref="LayoutChanged"/> when it is back.</summary>
    void Lost(string reason);
}
