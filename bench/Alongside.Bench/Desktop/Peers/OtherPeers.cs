using System.Globalization;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Peers;

/// <summary>xpra sharing a display that exists already, and its own viewer.</summary>
internal sealed class XpraPeer() : Peer("xpra", "xpra shadow", "xpra")
{
    private static readonly string[] Quiet =
    [
        "--mdns=no", "--notifications=no", "--pulseaudio=no", "--speaker=no", "--microphone=no", "--webcam=no", "--printing=no", "--systemd-run=no", "--bell=no", "--tray=no",
    ];

    public override int Open(Sides sides)
    {
        int port = Programs.FreePort();
        sides.Server.Start("xpra", ["shadow", sides.Shared, "--daemon=no", "--html=off", $"--bind-tcp=0.0.0.0:{port}", .. Quiet], sides.Shared);
        sides.Server.WaitToListen(port);
        sides.Viewer.Start("xpra", ["attach", $"tcp://{sides.Address}:{port}", "--desktop-fullscreen=yes", "--border=none", .. Quiet], sides.Watching);
        return port;
    }
}

/// <summary>FreeRDP's shadow server and its viewer.</summary>
internal sealed class FreeRdpPeer() : Peer("freerdp", "FreeRDP shadow", "freerdp-shadow-cli", "xfreerdp")
{
    public override int Open(Sides sides)
    {
        int port = Programs.FreePort();
        sides.Server.Start("freerdp-shadow-cli", [string.Create(CultureInfo.InvariantCulture, $"/port:{port}"), "-auth", "/sec:tls"], sides.Shared);
        sides.Server.WaitToListen(port);
        sides.Viewer.Start("xfreerdp", [$"/v:{sides.Address}:{port}", "/cert:ignore", "/sec:tls", "/u:user", "/p:user", "/f", "/gfx", "-decorations"], sides.Watching);
        return port;
    }
}
