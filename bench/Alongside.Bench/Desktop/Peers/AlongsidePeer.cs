namespace Alongside.Bench.Desktop.Peers;

/// <summary>This clone: host, server as relay, viewer in Chromium. As a gateway its host shares what X0tigervnc does, which is beside it.</summary>
internal sealed class AlongsidePeer(bool gateway) : Peer(
    gateway ? "alongside-source" : "alongside",
    gateway ? "Alongside, of VNC" : "Alongside",
    gateway ? "x0vncserver, Alongside --source" : "Alongside",
    gateway ? ["X0tigervnc", "chromium"] : ["chromium"])
{
    public override int Open(Sides sides)
    {
        bool local = sides.Address == "127.0.0.1";
        string[] listen = local ? [] : ["--listen", "any"];
        var link = new Uri(gateway
            ? sides.Server.StartGateway(TigerViewerPeer.Start(sides, VncServer.X0), sides.Shared, listen)
            : sides.Server.StartAlongside(sides.Shared, listen).Link);
        string origin = $"http://{sides.Address}:{link.Port}";

        // Browsers give encryption to secure origins only, and plain http from another address is none unless they are told.
        sides.Viewer.StartChromium($"{origin}{link.AbsolutePath}?kiosk=1{link.Fragment}", sides.Watching, sides.Size,
            local ? [] : [$"--unsafely-treat-insecure-origin-as-secure={origin}"]);
        return link.Port;
    }
}
