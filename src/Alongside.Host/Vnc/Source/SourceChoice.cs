using Alongside.Net.Settings;
using Alongside.Net.Tls;
using Alongside.Net.Vnc;
using Alongside.Vnc.Client;

namespace Alongside.Host.Vnc.Source;

/// <summary>Which VNC server's desktop is shared in place of this machine's, made from the settings.</summary>
internal sealed record SourceChoice(VncSourceOptions Server)
{
    private const int DefaultPort = 5900;

    /// <summary>What the desktop is called in the room; null: what the server calls it.</summary>
    public string? Name { get; init; }

    public static Setting[] Settings { get; } =
    [
        Setting.Text("source", "URL", null, "share the desktop of this VNC server in place of this machine's: vnc://[USER[:PASSWORD]@]HOST[:PORT]", "vnc://10.0.0.5:5901"),
        Setting.Text("source-password-file", "FILE", null, "the first line of this file is the password for the VNC server; - asks for it here"),
        Setting.Text("source-fingerprint", "SHA256", null, "take the VNC server's certificate with this fingerprint and no other, and no kind of security that shows none"),
        Setting.Text("source-trust", "WHOM", "known", "who is taken for the VNC server when no fingerprint is named: known (an authority vouches for its certificate, or it is on this machine) or any"),
    ];

    /// <param name="given">The settings.</param>
    /// <param name="ask">Asks the person for the password.</param>
    /// <returns>Null: it is this machine's desktop that is shared.</returns>
    /// <exception cref="SettingsException">A value makes no sense.</exception>
    public static SourceChoice? From(Alongside.Net.Settings.Settings given, Func<string, string?> ask)
    {
        if (given["source"] is not { } text)
        {
            return Settings.Skip(1).FirstOrDefault(setting => given.IsGiven(setting.Name)) is { } alone
                ? throw new SettingsException($"--{alone.Name} means nothing without --source.") : null;
        }

        if (given.IsGiven("display"))
        {
            throw new SettingsException("--source and --display exclude each other: it is one desktop or the other.");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != "vnc" || url.Host.Length == 0
            || url.AbsolutePath is not ("" or "/") || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            // The text may hold a password and is not repeated.
            throw new SettingsException("--source is an address like vnc://10.0.0.5:5901 or vnc://anna:secret@10.0.0.5.");
        }

        string[] who = url.UserInfo.Split(':', 2);
        string? password = who.Length == 2 ? Uri.UnescapeDataString(who[1]) : null;
        if (given["source-password-file"] is { } file)
        {
            if (password is not null)
            {
                throw new SettingsException("The password is in --source already; --source-password-file would be another.");
            }

            password = file == "-" ? ask($"Password for the VNC server {url.Host}: ") : PasswordFile.Read("source-password-file", file);
        }

        string? fingerprint = given["source-fingerprint"];
        if (fingerprint is not null && !CertificateFingerprint.TryRead(fingerprint, out _))
        {
            throw new SettingsException("--source-fingerprint is the SHA-256 of a certificate, in hex or base64url.");
        }

        if (given["source-trust"] is not ("known" or "any"))
        {
            throw new SettingsException($"--source-trust is known or any, not \"{given["source-trust"]}\".");
        }

        var server = new VncSourceOptions(url.IdnHost.Trim('[', ']'), url.Port < 0 ? DefaultPort : url.Port)
        {
            Fingerprint = fingerprint,
            TrustsAny = given["source-trust"] == "any",
        };
        return new(server with
        {
            Client = new RfbClientOptions
            {
                User = who[0].Length > 0 ? Uri.UnescapeDataString(who[0]) : null,
                Password = string.IsNullOrEmpty(password) ? null : password,
                AllowCleartextPassword = server.IsLoopback,
                AllowUnverifiedServer = server.IsLoopback || server.TrustsAny,
            },
        })
        {
            Name = given["name"],
        };
    }
}
