using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Peers;

/// <summary>The two sides of a session: where their programs run, and the displays: the shared one and the one of whoever looks.</summary>
internal sealed record Sides(Programs Server, Programs Viewer, string Shared, string Watching, string Address, string Size);

/// <summary>A product that shows one display on another.</summary>
internal abstract class Peer(string name, string label, string title, params string[] needs)
{
    public static readonly Peer[] All =
    [
        new AlongsidePeer("alongside", "Alongside", "Alongside", AlongsideWay.Relay),
        new AlongsidePeer("alongside-direct", "Alongside, direct", "Alongside, direct path", AlongsideWay.Direct),
        new TigerViewerPeer("alongside-vnc", "Alongside, VNC", "Alongside --vnc, TigerVNC's viewer", VncServer.Alongside),
        new TigerViewerPeer("x0vncserver", "TigerVNC", "x0vncserver, TigerVNC's viewer", VncServer.X0),
        new TigerViewerPeer("x0vncserver-lossless", "TigerVNC, no JPEG", "the same without JPEG", VncServer.X0, "-AutoSelect=0", "-PreferredEncoding=Tight", "-NoJPEG=1", "-CustomCompressLevel=1", "-CompressLevel=2"),
        new NoVncPeer(),
        new AlongsidePeer("alongside-source", "Alongside, of VNC", "x0vncserver, Alongside --source", AlongsideWay.Gateway),
        new TigerViewerPeer("x11vnc", "x11vnc", "x11vnc, TigerVNC's viewer", VncServer.X11),
        new XpraPeer(),
        new FreeRdpPeer(),
    ];

    public string Name => name;

    /// <summary>A few letters for a chart.</summary>
    public string Label => label;

    public string Title => title;

    public bool IsOurs => name is "alongside" or "alongside-direct";

    /// <summary>A program it needs that is not installed; null when all are.</summary>
    public string? Missing => needs.FirstOrDefault(need => !(Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, need))) && !Path.Exists(need));

    /// <summary>Starts server and viewer; the port that the viewer connects to, 0 when its bytes cannot be counted.</summary>
    public abstract int Open(Sides sides);
}
