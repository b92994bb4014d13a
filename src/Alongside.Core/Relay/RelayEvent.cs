namespace Alongside.Core.Relay;

/// <summary>Something to tell the sink; payloads are not among these, they are told as they come.</summary>
public readonly record struct RelayEvent(RelayEventKind Kind, ushort Member = 0, MemberRole Role = default, bool Gone = false, int Number = 0,
    string? Text = null, string? Room = null)
{
    /// <summary>Calls the sink's method for this.</summary>
    public void Tell(IRelaySink sink)
    {
        switch (Kind)
        {
            case RelayEventKind.Opened:
                sink.Opened(Room!, Member, Text, Number);
                break;
            case RelayEventKind.Joined:
                sink.Joined(Room!, Member);
                break;
            case RelayEventKind.Number:
                sink.Number(Text!, Number);
                break;
            case RelayEventKind.NumberExpired:
                sink.NumberExpired();
                break;
            case RelayEventKind.Arrived:
                sink.Arrived(Member, Role);
                break;
            case RelayEventKind.Left:
                sink.Left(Member, Gone);
                break;
            case RelayEventKind.WindowOpened:
                sink.WindowOpened(Member);
                break;
            case RelayEventKind.Broken:
                sink.Broken();
                break;
            case RelayEventKind.Back:
                sink.Back();
                break;
            case RelayEventKind.Ended:
                sink.Ended(Number, Text!);
                break;
        }
    }
}

public enum RelayEventKind
{
    Opened,
    Joined,
    Number,
    NumberExpired,
    Arrived,
    Left,
    WindowOpened,
    Broken,
    Back,
    Ended,
}
