using Alongside.Core.Codec;
using Alongside.Core.Secure;

namespace Alongside.Core.Session;

public enum ViewerEventKind : byte
{
    /// <summary>The channel is up: <see cref="ViewerEvent.Details"/>. Time to ask, unless it was a resume.</summary>
    Secured,

    /// <summary>The host has said something: <see cref="ViewerEvent.Control"/>.</summary>
    Said,

    /// <summary>The picture has changed: <see cref="ViewerSession.Picture"/>, <see cref="ViewerEvent.Update"/>.</summary>
    Updated,

    Cursor,
    Clipboard,

    /// <summary>The way to the host is gone, or it has been silent for too long. Tries to come back when it is seen again.</summary>
    Broken,

    /// <summary>The host has said <see cref="ViewerEvent.Control"/> about the direct way <see cref="ViewerEvent.Way"/>. What describes a way that is new begins it.</summary>
    WaySignal,

    /// <summary>The way is over, <see cref="ViewerEvent.Text"/> says why; what it was made of can be closed, a moment later for the last words.</summary>
    WayEnded,

    /// <summary>It is over: <see cref="ViewerEvent.Text"/> is a bye's reason, or says what was wrong.</summary>
    Ended,
}

/// <summary>What a <see cref="ViewerSession"/> has to tell. Only the members of its kind are set.</summary>
public readonly record struct ViewerEvent(
    ViewerEventKind Kind,
    SecuredDetails? Details = null,
    ControlMessage? Control = null,
    UpdateResult Update = default,
    CursorMessage? Cursor = null,
    ClipboardMessage Clipboard = default,
    string? Text = null,
    int Way = 0);
