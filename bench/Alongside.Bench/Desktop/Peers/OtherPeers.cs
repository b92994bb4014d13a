using System.Globalization;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Peers;

/// <summary>xpra sharing a display that exists already, and its own viewer.</summary>
internal sealed class XpraPeer() : Peer("xpra", "xpra", "xpra shadow", "xpra")
{
    private static readonly string[] Quiet =
    [
        "--mdns=no", "--notifications=no", "--pulseaudio=no", "--speaker=no", "--microphone=no", "--webcam=no", "--printing=no", "--systemd-run=no", "--bell=no", "--tray=no", "--opengl=no",
    ];

    /// <summary>Without the distribution's settings, which start a session with windows of its own on the shared display.</summary>
    private const string Bare = "XPRA_SYSTEM_CONF_DIRS=/nonexistent";

    public override int Open(Sides sides)
    {
        int port = Programs.FreePort();
        sides.Server.Start("env", [Bare, "xpra", "shadow", sides.Shared, "--daemon=no", "--html=off", $"--bind-tcp=0.0.0.0:{port}", .. Quiet], sides.Shared);
        sides.Server.WaitToListen(port);

        // Not through shared memory: it would send nothing on one machine.
        sides.Viewer.Start("env", [Bare, "xpra", "attach", $"tcp://{sides.Address}:{port}", "--mmap=no", "--desktop-fullscreen=yes", "--border=none", .. Quiet], sides.Watching);
        return port;
    }
}

/// <summary>FreeRDP's shadow server and its viewer.</summary>
internal sealed class FreeRdpPeer() : Peer("freerdp", "FreeRDP", "FreeRDP shadow", "freerdp-shadow-cli", "xfreerdp")
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
