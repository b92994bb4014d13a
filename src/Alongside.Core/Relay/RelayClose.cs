namespace Alongside.Core.Relay;

/// <summary>Close codes of the relay's WebSocket.</summary>
public enum RelayClose
{
    Normal = 1000,
    Restart = 1012,
    Malformed = 4400,
    Token = 4401,
    NoRoom = 4404,
    NotYours = 4405,
    Timeout = 4408,
    Replaced = 4409,
    Ended = 4410,
    Removed = 4411,
    TooBig = 4413,
    Full = 4423,
    SlowDown = 4429,
    Window = 4430,
}

/// <summary>Names and words of the close codes.</summary>
public static class RelayCloses
{
    /// <summary>The `code` of an `error` message.</summary>
    public static string Name(this RelayClose code) => code switch
    {
        RelayClose.Normal => "closed",
        RelayClose.Restart => "restart",
        RelayClose.Malformed => "malformed",
        RelayClose.Token => "token",
        RelayClose.NoRoom => "no-room",
        RelayClose.NotYours => "not-yours",
        RelayClose.Timeout => "timeout",
        RelayClose.Replaced => "replaced",
        RelayClose.Ended => "ended",
        RelayClose.Removed => "removed",
        RelayClose.TooBig => "too-big",
        RelayClose.Full => "full",
        RelayClose.SlowDown => "slow-down",
        RelayClose.Window => "window",
        _ => "unknown",
    };

    /// <summary>What happened, for a person. At most 123 bytes, as a WebSocket's close reason has no more room.</summary>
    public static string Words(this RelayClose code) => code switch
    {
        RelayClose.Normal => "The connection was closed.",
        RelayClose.Restart => "The server restarts. Everybody comes back by themselves.",
        RelayClose.Malformed => "The server could not understand a message.",
        RelayClose.Token => "This place in the room belongs to somebody else.",
        RelayClose.NoRoom => "There is no such room. The code may be wrong, used or too old.",
        RelayClose.NotYours => "Only the one who opened the room may do that.",
        RelayClose.Timeout => "Nothing was heard for too long.",
        RelayClose.Replaced => "This place was taken again from another connection.",
        RelayClose.Ended => "The room was closed.",
        RelayClose.Removed => "The other side ended the connection.",
        RelayClose.TooBig => "A message was too big.",
        RelayClose.Full => "The room is full.",
        RelayClose.SlowDown => "Too many tries from here. Wait a minute, then try again.",
        RelayClose.Window => "More was sent than the receiver had room for.",
        _ => "The connection was closed.",
    };

    /// <summary>Whether the place in the room is lost, so that trying again is of no use.</summary>
    public static bool LosesPlace(this RelayClose code) => code is RelayClose.Malformed or RelayClose.Token or RelayClose.NoRoom
        or RelayClose.NotYours or RelayClose.Replaced or RelayClose.Ended or RelayClose.Removed or RelayClose.TooBig or RelayClose.Window;
}
