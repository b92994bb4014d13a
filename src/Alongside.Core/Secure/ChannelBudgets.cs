namespace Alongside.Core.Secure;

public enum SecureRole : byte
{
    Viewer,
    Host,
}

/// <summary>The channels of a pair and the most a message on each may be long, in bytes (docs/protocol/session.md).</summary>
public static class ChannelBudgets
{
    public const byte Control = 0;
    public const byte Input = 1;
    public const byte Feedback = 2;
    public const byte Cursor = 3;
    public const byte Clipboard = 4;
    public const byte Desktop = 5;

    /// <summary>How many channels there are: 0 up to this, without it.</summary>
    public const int Count = 6;

    /// <summary>The budget of a message on <paramref name="channel"/> to <paramref name="receiver"/>; 0: nothing may be sent there.</summary>
    public static int For(byte channel, SecureRole receiver) => (channel, receiver) switch
    {
        (Control, _) => 64 * 1024,
        (Input, SecureRole.Host) => 8 * 1024,
        (Feedback, SecureRole.Host) => 64,
        (Cursor, SecureRole.Viewer) => 1024 * 1024,
        (Clipboard, _) => (4 * 1024 * 1024) + 16,
        (Desktop, SecureRole.Viewer) => 64 * 1024 * 1024,
        _ => 0,
    };
}
