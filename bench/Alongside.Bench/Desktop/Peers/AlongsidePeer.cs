namespace Alongside.Bench.Desktop.Peers;

/// <summary>This clone: host, server as relay, viewer in Chromium. Over a direct path nothing is counted: who would must read what UDP carries.</summary>
internal sealed class AlongsidePeer(string name, string label, string title, bool direct) : Peer(name, label, title, "chromium")
{
    public override int Open(Sides sides)
    {
        bool local = sides.Address == "127.0.0.1";
        var link = new Uri(sides.Server.StartAlongside(sides.Shared, direct, local ? [] : ["--listen", "any"]).Link);
        string origin = $"http://{sides.Address}:{link.Port}";

        // Browsers give encryption to secure origins only, and plain http from another address is none unless they are told.
        sides.Viewer.StartChromium($"{origin}{link.AbsolutePath}?kiosk=1{link.Fragment}", sides.Watching, sides.Size,
            local ? [] : [$"--unsafely-treat-insecure-origin-as-secure={origin}"]);
        return direct ? 0 : link.Port;
    }
}
