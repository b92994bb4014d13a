using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Vnc;
using Alongside.Host.Vnc.Source;
using Alongside.Net.Settings;
using Alongside.Net.Tls;

namespace Alongside.Host;

/// <summary>What the program was told to do, checked.</summary>
internal sealed record CommandLine(
    Uri Server, Invitation? Join, Grant? Allow, string Name, string? Display, ConsentStyle Consent, string? Fingerprint, bool Json)
{
    /// <summary>Where and how VNC viewers come in; null: they do not.</summary>
    public VncChoice? Vnc { get; init; }

    /// <summary>The VNC server whose desktop is shared; null: this machine's own.</summary>
    public SourceChoice? Source { get; init; }

    /// <summary>Viewers may be reached past the server.</summary>
    public bool Direct { get; init; } = true;

    /// <summary>The router is asked for a port.</summary>
    public bool PortMapping { get; init; } = true;

    public static SettingsTable Table { get; } = new(
        "alongside-host",
        "Shares this desktop with somebody you let in: shows a code to read out, asks before anybody sees or touches anything, and stops when you say so.",
        [
            ("alongside-host --server https://help.example", "opens a room and shows a code for your helper"),
            ("alongside-host --server https://help.example --join \"482 190 573\"", "enters your helper's room with the code they read out"),
            ("alongside-host --join 'https://help.example/help#…'", "enters your helper's room with their link"),
            ("alongside-host --server https://help.example --allow view", "lets people look without asking; nothing else is ever granted"),
            ("alongside-host --server https://help.example --vnc 5900", "lets VNC viewers on this machine in as well, asking as always"),
            ("alongside-host --server https://help.example --source vnc://10.0.0.5:5901 --allow view,control", "shares the desktop of a VNC server in place of this one"),
            ("alongside-host doctor", "says how the sessions of the hosts that run on this computer are now"),
            ("alongside-host doctor --server https://help.example", "says what stands between this computer and a direct session"),
            ("alongside-host tunnel --help", "the other way: joins a room and shows its desktop to a VNC viewer here"),
        ],
        [
            Setting.Text("server", "URL", null, "the server both sides meet on", "https://help.example"),
            Setting.Flag("open", "open a room and show a code (this is what happens without --join)"),
            Setting.Text("join", "LINK-OR-CODE", null, "enter the room of a helper, with their link or code"),
            Setting.Text("allow", "POWERS", null, "answer in advance instead of asking: view, or view,control, or view,control,clipboard", "view,control"),
            Setting.Text("name", "NAME", null, "what this desktop is called (default: the computer's name)", "\"Front desk\""),
            Setting.Text("display", "DISPLAY", null, "the X display to share (default: $DISPLAY)", ":0"),
            Setting.Text("consent", "HOW", "auto", "where you are asked: dialog, terminal, or auto for a dialog where the display can show one"),
            Setting.Text("fingerprint", "SHA256", null, "take the server's certificate with this fingerprint and no other"),
            Setting.Text("direct", "yes|no", "yes", "look for a direct path to viewers; they learn this machine's addresses by it. With no everything passes the server"),
            Setting.Flag("no-port-mapping", "do not ask the router for a port (UPnP, NAT-PMP, PCP) that makes direct paths likelier"),
            .. VncChoice.Settings,
            .. SourceChoice.Settings,
            Setting.Flag("json", "one JSON object a line on standard output, for programs; everything else goes to standard error"),
        ]);

    /// <exception cref="SettingsException">A value makes no sense.</exception>
    public static CommandLine From(Settings given)
    {
        Invitation? join = null;
        if (given["join"] is { } typed && !RoomCode.TryParse(typed, out join, out var error))
        {
            throw new SettingsException($"--join: {Words(error)}");
        }

        if (join is not null && given.Flag("open"))
        {
            throw new SettingsException("--open and --join exclude each other.");
        }

        var source = SourceChoice.From(given, PasswordFile.Ask);
        if (source is not null && given["consent"] == "dialog")
        {
            throw new SettingsException("--consent dialog needs a desktop of this machine's own. With --source you are asked in the terminal, or answer with --allow.");
        }

        var link = join as LinkInvitation;
        string? server = given["server"] ?? link?.Server;
        string? fingerprint = given["fingerprint"] ?? link?.Fingerprint;
        if (fingerprint is not null && !CertificateFingerprint.TryRead(fingerprint, out _))
        {
            throw new SettingsException("--fingerprint is the SHA-256 of a certificate, in hex or base64url.");
        }

        return new(
            ServerOf(server ?? throw new SettingsException("--server is needed: the address of the server both sides meet on.")),
            join,
            given["allow"] is { } allow ? GrantOf("allow", allow) : null,
            Label.Of(given["name"] ?? source?.Server.ToString() ?? Environment.MachineName) is { Length: > 0 } name ? name : "Desktop",
            source is not null ? null : given["display"] ?? Environment.GetEnvironmentVariable("DISPLAY"),
            given["consent"] switch
            {
                "auto" when source is not null => ConsentStyle.Terminal,
                "auto" => ConsentStyle.Automatic,
                "dialog" => ConsentStyle.Windows,
                "terminal" => ConsentStyle.Terminal,
                var other => throw new SettingsException($"--consent is dialog, terminal or auto, not \"{other}\"."),
            },
            fingerprint,
            given.Flag("json"))
        {
            Vnc = VncChoice.From(given),
            Source = source,
            Direct = YesOrNo(given, "direct"),
            PortMapping = !given.Flag("no-port-mapping"),
        };
    }

    internal static bool YesOrNo(Settings given, string name) => given[name] switch
    {
        "yes" => true,
        "no" => false,
        var other => throw new SettingsException($"--{name} is yes or no, not \"{other}\"."),
    };

    internal static Uri ServerOf(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
            ? uri : throw new SettingsException($"--server is an address like https://help.example, not \"{text}\".");

    internal static Grant GrantOf(string setting, string text)
    {
        var grant = Grant.None;
        foreach (string power in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            grant = power switch
            {
                "view" => grant with { View = true },
                "control" => grant with { Control = true },
                "clipboard" => grant with { Clipboard = true },
                _ => throw new SettingsException($"--{setting} takes view, control and clipboard, with commas between them, not \"{power}\"."),
            };
        }

        return grant.View ? grant : throw new SettingsException($"--{setting}: nobody can do anything without view.");
    }

    internal static string Words(RoomCodeError error) => error switch
    {
        RoomCodeError.TooFewDigits => "a code has nine digits or more; some are missing.",
        RoomCodeError.TooManyDigits => "a code has eleven digits at most; there are too many.",
        RoomCodeError.NotOurLink => "this is a link, but not to a room.",
        RoomCodeError.LinkWithoutSecret => "the part of the link after # is missing. Quote the link, so that the shell leaves it whole.",
        RoomCodeError.DamagedLink => "the part of the link after # is damaged or cut short.",
        _ => "this is neither a code nor a link.",
    };
}
