namespace Alongside.Core.Session;

/// <summary>What a pair record carries, and how large a message may be on each (docs/protocol/session.md).</summary>
public static class Channel
{
    public const byte Control = 0;
    public const byte Input = 1;
    public const byte Feedback = 2;
    public const byte Cursor = 3;
    public const byte Clipboard = 4;
    public const byte Desktop = 5;

    /// <summary>The largest message a host reads on a channel, in bytes; 0 where a viewer may not speak.</summary>
    public static int BudgetFromViewer(int channel) => channel switch
    {
        Control => 64 * 1024,
        Input => 8 * 1024,
        Feedback => 64,
        Clipboard => ClipboardMessage.MaxText + 16,
        _ => 0,
    };

    /// <summary>The largest message a viewer reads on a channel, in bytes; 0 where a host may not speak.</summary>
    public static int BudgetFromHost(int channel) => channel switch
    {
        Control => 64 * 1024,
        Cursor => 1024 * 1024,
        Clipboard => ClipboardMessage.MaxText + 16,
        Desktop => 64 * 1024 * 1024,
        _ => 0,
    };
}
