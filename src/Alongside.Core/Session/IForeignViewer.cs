using Alongside.Core.Pixels;
using Alongside.Core.Session.Feed;

namespace Alongside.Core.Session;

/// <summary>
/// A viewer that comes to this host by a road of its own and speaks a protocol of its own (docs/adr/0013-vnc-both-ways.md). For the person at the desktop it is a
/// guest like any other: asked about, in the banner, ended by Stop. Called by the <see cref="HostRoom"/> that admitted it, on its thread;
/// must return at once and must not throw for what its other end does.
/// </summary>
public interface IForeignViewer : IPixelTap
{
    /// <summary>What it may do from now on. The first one lets it in.</summary>
    void Granted(long now, Grant grant);

    /// <summary>It is over, or was refused; nothing more is said to it.</summary>
    void Ended(long now, string why);

    /// <summary>The desktop's size and monitors; null: the display is away.</summary>
    void LayoutChanged(long now, DesktopLayout? layout);

    void CursorChanged(CursorImage image);

    /// <summary>Somebody else moved the pointer there, in pixels of the desktop.</summary>
    void PointerMoved(int x, int y);

    void Copied(long now, string text);

    /// <summary>What became of the size it asked for (<see cref="HostRoom.AskForSize"/>). Of several wishes the last is answered.</summary>
    void SizeAnswered(long now, SizeAnswer answer);

    /// <summary>Sends what can be sent now.</summary>
    /// <param name="newest">The whole desktop; null while there are no pixels of it.</param>
    /// <param name="version">Another number whenever the pixels are others.</param>
    void Pump(long now, Frame? newest, long version);

    /// <summary>When <see cref="Pump"/> is due; null: only when something happens.</summary>
    long? NextDeadline { get; }
}

/// <summary>Who a foreign viewer is and what it wants.</summary>
/// <param name="Name">What the person reads in the question and the banner.</param>
/// <param name="Via">How it comes, for the question: a protocol and an address.</param>
/// <param name="Asked">What it wants to do.</param>
public sealed record ForeignGuestDetails(string Name, string Via, Grant Asked);
