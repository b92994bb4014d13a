using System.Globalization;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Peers;

internal enum VncServer
{
    X0,
    X11,
    Alongside,
}

/// <summary>A VNC server and TigerVNC's viewer over the whole display.</summary>
internal sealed class TigerViewerPeer(string name, string label, string title, VncServer server, params string[] options)
    : Peer(name, label, title, server switch { VncServer.X0 => "X0tigervnc", VncServer.X11 => "x11vnc", _ => "tigervncpasswd" }, "xtigervncviewer")
{
    public override int Open(Sides sides)
    {
        int port = Start(sides, server);
        sides.Viewer.Start("xtigervncviewer",
            ["-FullScreen", "-RemoteResize=0", .. server == VncServer.Alongside ? (string[])["-SecurityTypes=VncAuth", "-passwd", sides.Server.VncPassword] : ["-SecurityTypes=None"], "-AlertOnFatalError=0", "-ReconnectOnError=0", .. options, $"{sides.Address}::{port}"], sides.Watching);
        return port;
    }

    public static int Start(Sides sides, VncServer server)
    {
        int port = Programs.FreePort();
        string number = port.ToString(CultureInfo.InvariantCulture);
        if (server == VncServer.X0)
        {
            sides.Server.Start("X0tigervnc", ["-display", sides.Shared, "-SecurityTypes", "None", "-rfbport", number], sides.Shared);
        }
        else if (server == VncServer.Alongside)
        {
            sides.Server.StartVnc(sides.Shared, port);
        }
        else
        {
            sides.Server.Start("x11vnc", ["-display", sides.Shared, "-rfbport", number, "-nopw", "-forever", "-shared", "-quiet"], sides.Shared);
        }

        sides.Server.WaitToListen(port);
        return port;
    }
}

/// <summary>x0vncserver behind websockify, and noVNC's viewer in Chromium with its own defaults.</summary>
internal sealed class NoVncPeer() : Peer("novnc", "noVNC", "x0vncserver, noVNC", "X0tigervnc", "websockify", "chromium", "/usr/share/novnc/core/rfb.js")
{
    public override int Open(Sides sides)
    {
        int vnc = TigerViewerPeer.Start(sides, VncServer.X0), web = Programs.FreePort();

        // Its own page has a bar over the picture; this one has nothing else.
        string folder = Path.Combine(sides.Server.Folder, "web");
        Directory.CreateDirectory(folder);
        File.CreateSymbolicLink(Path.Combine(folder, "novnc"), "/usr/share/novnc");
        File.Copy(Path.Combine(Programs.Root(), "bench", "pages", "novnc.html"), Path.Combine(folder, "index.html"));
        sides.Server.Start("websockify", ["--web", folder, $"0.0.0.0:{web}", $"127.0.0.1:{vnc}"], sides.Shared);
        sides.Server.WaitToListen(web);
        sides.Viewer.StartChromium($"http://{sides.Address}:{web}/index.html", sides.Watching, sides.Size);
        return web;
    }
}
