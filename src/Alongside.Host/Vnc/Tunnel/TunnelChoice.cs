using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Net.Settings;

namespace Alongside.Host.Vnc.Tunnel;

/// <summary>What `alongside-host tunnel` was told to do, checked.</summary>
internal sealed record TunnelChoice(Uri Server, Invitation Join, Grant Asks, string Name, string? Fingerprint, VncChoice Vnc, bool Json)
{
    /// <summary>The host may be reached past the server.</summary>
    public bool Direct { get; init; } = true;

    public static SettingsTable Table { get; } = new(
        "alongside-host",
        "tunnel: joins a room as a viewer and shows its desktop to a VNC viewer on this machine.",
        [
            ("alongside-host tunnel --join 'https://help.example/join#…' --vnc 127.0.0.1:5901", "then: vncviewer localhost::5901"),
            ("alongside-host tunnel --server https://help.example --join \"482 190 573\" --vnc 5901 --ask view", "with a code, to look only"),
        ],
        [
            Setting.Text("join", "LINK-OR-CODE", null, "the room, by the link or code of whoever shares the desktop"),
            Setting.Text("server", "URL", null, "the server both sides meet on (a link names it)", "https://help.example"),
            Setting.Text("ask", "POWERS", "view,control,clipboard", "what to ask the person at the desktop for", "view,control"),
            Setting.Text("name", "NAME", null, "who asks, as the person reads it (default: your name here)", "Anna"),
            Setting.Text("fingerprint", "SHA256", null, "take the server's certificate with this fingerprint and no other"),
            Setting.Text("direct", "yes|no", "yes", "take a direct path to the desktop when there is one; its host learns this machine's addresses by it"),
            .. VncChoice.Settings,
            Setting.Flag("json", "one JSON object a line on standard output, for programs; everything else goes to standard error"),
        ]);

    /// <exception cref="SettingsException">A value makes no sense.</exception>
    public static TunnelChoice From(Alongside.Net.Settings.Settings given)
    {
        string join = given["join"] ?? throw new SettingsException("--join is needed: the link or code of whoever shares the desktop.");
        if (!RoomCode.TryParse(join, out var invitation, out var error))
        {
            throw new SettingsException($"--join: {CommandLine.Words(error)}");
        }

        var link = invitation as LinkInvitation;
        return new(
            CommandLine.ServerOf(given["server"] ?? link?.Server ?? throw new SettingsException("--server is needed with a code: the address of the server both sides meet on.")),
            invitation,
            CommandLine.GrantOf("ask", given["ask"]!),
            Label.Of(given["name"] ?? Environment.UserName) is { Length: > 0 } name ? name : "VNC",
            given["fingerprint"] ?? link?.Fingerprint,
            VncChoice.From(given) ?? throw new SettingsException("--vnc is needed: where your VNC viewer comes in, such as 127.0.0.1:5901."),
            given.Flag("json"))
        {
            Direct = CommandLine.YesOrNo(given, "direct"),
        };
    }
}
