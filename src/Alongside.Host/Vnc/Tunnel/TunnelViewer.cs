using Alongside.Core.Pixels;
using Alongside.Net.Vnc;
using Alongside.Vnc.Server;

namespace Alongside.Host.Vnc.Tunnel;

/// <summary>One VNC viewer that looks through the tunnel. On its thread.</summary>
internal sealed class TunnelViewer(TunnelRoom room, VncConnection connection)
{
    /// <summary>Among those of the tunnel, from 1 on; 0 while it is not in.</summary>
    public int Number { get; set; }

    public long? NextDeadline => connection.Session.NextDeadline;

    /// <summary>What its person copies may go to the room.</summary>
    public bool TakesClipboard
    {
        set => connection.Session.TakesClipboard = value;
    }

    public void Handle(long now, ServerEvent e)
    {
        switch (e.Kind)
        {
            case ServerEventKind.Asks:
                room.Enter(now, this);
                connection.Use(now, session => session.Approve(now));
                break;
            case ServerEventKind.Input:
                room.Use(now, e.Input);
                break;
            case ServerEventKind.Copied:
                room.Copied(now, e.Text!);
                break;
            case ServerEventKind.SizeAsked:
                room.AskForSize(now, this, e.Width, e.Height);
                break;
            case ServerEventKind.Ended:
                room.Leave(this);
                break;
        }
    }

    public void Show(long now, DesktopLayout? layout, CursorImage cursor)
    {
        connection.Use(now, session => session.SetDesktop(now, layout));
        connection.Session.CursorChanged(cursor);
    }

    public void CursorChanged(CursorImage image) => connection.Session.CursorChanged(image);

    public void PointerMoved(int x, int y) => connection.Session.PointerMoved(x, y);

    public void Copied(long now, string text) => connection.Use(now, session => session.Copied(text));

    public void SizeAnswered(SizeAnswer answer) => connection.Session.SizeAnswered(answer);

    public void Damaged(PixelRect area) => connection.Session.Damaged(area);

    public void Pump(long now, Frame? newest, long version) => connection.Update(now, newest, version);

    public void End(long now, string why) => connection.Use(now, session => session.Refuse(why));
}
