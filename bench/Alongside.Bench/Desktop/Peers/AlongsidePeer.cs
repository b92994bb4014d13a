namespace Alongside.Bench.Desktop.Peers;

internal enum AlongsideWay
{
    Relay,

    /// <summary>Past the relay. Nothing is counted there: who would must read what UDP carries.</summary>
    Direct,

    /// <summary>As a gateway on the relay: its host shares what X0tigervnc does, which is beside it.</summary>
    Gateway,
}

/// <summary>This clone: host, server as relay, viewer in Chromium.</summary>
internal sealed class AlongsidePeer(string name, string label, string title, AlongsideWay way)
    : Peer(name, label, title, way == AlongsideWay.Gateway ? ["X0tigervnc", "chromium"] : ["chromium"])
{
    public override int Open(Sides sides)
    {
        bool local = sides.Address == "127.0.0.1";
        string[] listen = local ? [] : ["--listen", "any"];
        var link = new Uri(way == AlongsideWay.Gateway
            ? sides.Server.StartGateway(TigerViewerPeer.Start(sides, VncServer.X0), sides.Shared, listen)
            : sides.Server.StartAlongside(sides.Shared, way == AlongsideWay.Direct, listen).Link);
        string origin = $"http://{sides.Address}:{link.Port}";

        // Browsers give encryption to secure origins only, and plain http from another address is none unless they are told.
        sides.Viewer.StartChromium($"{origin}{link.AbsolutePath}?kiosk=1{link.Fragment}", sides.Watching, sides.Size,
            local ? [] : [$"--unsafely-treat-insecure-origin-as-secure={origin}"]);
        return way == AlongsideWay.Direct ? 0 : link.Port;
    }
}
