using Alongside.Core.Input;

namespace Alongside.Vnc.Server;

/// <summary>What a <see cref="ServerSession"/> wants done; says which members of <see cref="ServerEvent"/> are set.</summary>
public enum ServerEventKind : byte
{
    /// <summary>After what is to be sent now, TLS begins as its server; what it carries comes to <see cref="ServerSession.Handle"/>.</summary>
    StartTls,

    /// <summary>
    /// The viewer has shown that it may ask: <see cref="ServerEvent.Text"/> is the user's name if it gave one. It waits for
    /// <see cref="ServerSession.Approve"/> or <see cref="ServerSession.Refuse"/>.
    /// </summary>
    Asks,

    /// <summary>The handshake is over: pictures may be sent.</summary>
    Ready,

    /// <summary><see cref="ServerEvent.Input"/>, in the picture's coordinates.</summary>
    Input,

    /// <summary>The viewer's person copied <see cref="ServerEvent.Text"/>.</summary>
    Copied,

    /// <summary>
    /// The viewer wants a desktop of <see cref="ServerEvent.Width"/> by <see cref="ServerEvent.Height"/> pixels; of several wishes the last. It waits for
    /// <see cref="ServerSession.SizeAnswered"/>.
    /// </summary>
    SizeAsked,

    /// <summary>It is over: <see cref="ServerEvent.Text"/> says why. What is to be sent may still be sent, then the connection closes.</summary>
    Ended,
}

/// <summary>What a <see cref="ServerSession"/> wants done. Only the members of its kind are set.</summary>
/// <param name="Kind">What is wanted.</param>
/// <param name="Input">Pointer, wheel or key.</param>
/// <param name="Text">A user's name, a copied text with \n at its line ends, or a reason.</param>
/// <param name="Width">In pixels, a valid size with <paramref name="Height"/>.</param>
/// <param name="Height">In pixels.</param>
public readonly record struct ServerEvent(ServerEventKind Kind, InputMessage Input = default, string? Text = null, int Width = 0, int Height = 0);
