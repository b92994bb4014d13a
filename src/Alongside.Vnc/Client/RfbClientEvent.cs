using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Vnc.Client;

/// <summary>What happened; says which members of <see cref="RfbClientEvent"/> are set.</summary>
public enum RfbClientEventKind : byte
{
    /// <summary>What has been written so far goes out as it is; then the driver starts TLS as a client, and calls <see cref="RfbClient.TlsStarted"/>.</summary>
    StartTls,

    /// <summary>The desktop is there: <see cref="RfbClient.Picture"/>, <see cref="RfbClient.Screens"/>, <see cref="RfbClient.Name"/>. The picture is still black.</summary>
    Ready,

    /// <summary>Size or screens have changed. With a new size the picture is a new frame, black until it is damaged.</summary>
    Resized,

    /// <summary>What became of a size that the server was asked for: <see cref="RfbClientEvent.Answer"/>. When it is done, comes behind <see cref="Resized"/>.</summary>
    SizeAnswered,

    /// <summary>The desktop has another <see cref="RfbClient.Name"/>.</summary>
    Renamed,

    /// <summary>Pixels that were elsewhere in the picture: <see cref="RfbClientEvent.Motion"/>. Comes before the damage of the same update.</summary>
    Moved,

    /// <summary>The picture has changed within <see cref="RfbClientEvent.Area"/>. Comes when an update is whole.</summary>
    Damaged,

    /// <summary>The pointer's picture, <see cref="RfbClientEvent.Cursor"/>: from now on the server draws none.</summary>
    Cursor,

    /// <summary>The server's pointer is at <see cref="RfbClientEvent.Area"/>, moved by somebody else.</summary>
    PointerMoved,

    /// <summary>Somebody copied <see cref="RfbClientEvent.Text"/>; lines end with \n.</summary>
    Clipboard,

    /// <summary>Somebody, on either side, copied more than is taken: <see cref="RfbClientEvent.Size"/> bytes. To a server 1 MiB goes at most: many close the connection on more.</summary>
    ClipboardTooBig,
}

/// <summary>What a <see cref="RfbClient"/> has to tell. Only the members of its kind are set.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Area">In pixels of the picture, and within it. For a pointer 1 x 1.</param>
/// <param name="Motion">Copied within the picture; both ends within it.</param>
/// <param name="Cursor">The pointer's picture.</param>
/// <param name="Text">A copied text.</param>
/// <param name="IsAnonymous">With <see cref="RfbClientEventKind.StartTls"/>: no certificate is shown, none is to be checked.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Answer">Of a server that was asked for a size.</param>
public readonly record struct RfbClientEvent(
    RfbClientEventKind Kind, PixelRect Area = default, Motion Motion = default, CursorImage? Cursor = null, string? Text = null, bool IsAnonymous = false, long Size = 0,
    SizeAnswer Answer = default);

/// <summary>One of a desktop's screens.</summary>
/// <param name="Id">The server's own number for it.</param>
/// <param name="Area">In pixels of the picture, and within it.</param>
/// <param name="Flags">As the server sent them; RFB gives them no meaning.</param>
public readonly record struct RfbScreen(uint Id, PixelRect Area, uint Flags);
