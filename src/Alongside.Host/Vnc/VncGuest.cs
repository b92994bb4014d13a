using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Net.Vnc;
using Alongside.Vnc.Server;

namespace Alongside.Host.Vnc;

/// <summary>
/// One VNC viewer as a guest of the room: passes on what either side says. On the loop's thread. What its session ends of itself reaches the room in
/// a turn of its own, never within a call of the room's.
/// </summary>
/// <param name="post">Does this on the loop's thread, in a later turn.</param>
internal sealed class VncGuest(HostRoom room, VncConnection connection, string address, Action<Action<long>> post) : IForeignViewer
{
    private int number;
    private bool isIn;

    public bool IsReady => connection.Session.IsReady;

    public long? NextDeadline => connection.Session.NextDeadline;

    /// <summary>What the viewer's session wants done.</summary>
    public void Handle(long now, ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.Asks:
                string via = connection.Session.IsEncrypted ? $"VNC · TLS · {address}" : $"VNC · {address}";
                number = room.Admit(now, this, new(string.IsNullOrEmpty(e.Text) ? $"VNC {address}" : $"{e.Text} (VNC {address})", via, Grant.All));
                break;
            case ServerEventKind.Input:
                room.Use(now, number, e.Input);
                break;
            case ServerEventKind.Copied:
                room.Copied(now, number, e.Text!);
                break;
            case ServerEventKind.SizeAsked:
                room.AskForSize(now, number, e.Width, e.Height);
                break;
            case ServerEventKind.Ended:
                post(then => room.Leave(then, number, e.Text!));
                break;
        }
    }

    public void Granted(long now, Grant grant)
    {
        connection.Session.TakesClipboard = grant.Clipboard;
        if (!isIn)
        {
            isIn = true;
            connection.Use(now, session => session.Approve(now));
        }
    }

    public void Ended(long now, string why) => connection.Use(now, session => session.Refuse(why));

    public void LayoutChanged(long now, DesktopLayout? layout) => connection.Use(now, session => session.SetDesktop(now, layout));

    public void CursorChanged(CursorImage image) => connection.Session.CursorChanged(image);

    public void PointerMoved(int x, int y) => connection.Session.PointerMoved(x, y);

    public void Copied(long now, string text) => connection.Use(now, session => session.Copied(text));

    public void SizeAnswered(long now, SizeAnswer answer) => connection.Session.SizeAnswered(answer);

    public void Grabbed(ReadOnlySpan<PixelRect> areas)
    {
        foreach (var area in areas)
        {
            connection.Session.Damaged(area);
        }
    }

    public void Pump(long now, Frame? newest, long version) => connection.Update(now, newest, version);
}
