using Alongside.Core.Input;

namespace Alongside.Core.Session;

public enum HostEventKind : byte
{
    /// <summary>The person is to be asked: <see cref="HostEvent.Question"/>; answered by <see cref="HostRoom.Answer"/>.</summary>
    Ask,

    /// <summary>The one who asked is gone: the question of <see cref="HostEvent.Guest"/> is to be taken away.</summary>
    AskCancelled,

    /// <summary>Who is in, or what they may do, has changed (<see cref="HostRoom.Guests"/>).</summary>
    Guests,

    /// <summary>To be done on the desktop: <see cref="HostEvent.Input"/>, in desktop coordinates.</summary>
    Input,

    /// <summary>Somebody copied: <see cref="HostEvent.Clipboard"/>.</summary>
    Clipboard,

    /// <summary>The desktop is to have <see cref="HostEvent.Size"/>; answered by <see cref="HostRoom.SizeAnswered"/>.</summary>
    Size,

    /// <summary>The code was right and is used up. Whoever shows it makes a new number and code.</summary>
    CodeUsed,

    /// <summary>Somebody tried the code and failed: it is burnt. As <see cref="CodeUsed"/>, and the person should know why.</summary>
    CodeWrong,

    /// <summary>Somebody came in, with <see cref="HostEvent.Text"/> as name; for the log.</summary>
    Joined,

    /// <summary>A session is over: <see cref="HostEvent.Text"/> says why, fit for the log.</summary>
    Ended,

    /// <summary><see cref="HostEvent.Member"/> broke the rules, tried a wrong code, or has not said in time who they are, and is to be put out of the room.</summary>
    Remove,

    /// <summary>A direct way <see cref="HostEvent.Way"/> to <see cref="HostEvent.Member"/> is to be looked for: the driver describes its own side (<see cref="HostRoom.Signal"/>).</summary>
    WayBegins,

    /// <summary>The viewer has said <see cref="HostEvent.Signal"/> about the way: a description or a candidate.</summary>
    WaySignal,

    /// <summary>The way is over, <see cref="HostEvent.Text"/> says why; what it was made of can be closed, a moment later for the last words.</summary>
    WayEnded,
}

/// <summary>Who asks for what. The name is what they call themselves.</summary>
/// <param name="CheckDigits">Empty where both sides have none to compare.</param>
/// <param name="Via">How they come, when it is not over the room: a protocol and an address.</param>
public sealed record GuestQuestion(int Guest, string Name, string CheckDigits, Grant Asked, Grant Has, string? Via = null);

/// <summary>Somebody who is in.</summary>
public readonly record struct Guest(int Number, string Name, Grant Grant);

/// <summary>What a <see cref="HostRoom"/> wants done. Only the members of its kind are set.</summary>
public readonly record struct HostEvent(
    HostEventKind Kind,
    int Guest = 0,
    ushort Member = 0,
    InputMessage Input = default,
    ClipboardMessage Clipboard = default,
    GuestQuestion? Question = null,
    string? Text = null,
    int Way = 0,
    ControlMessage? Signal = null,
    SizeWish Size = default);
