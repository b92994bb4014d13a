using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Alongside.Net.Settings;
using Alongside.Net.Tls;
using Alongside.Vnc.Security;

namespace Alongside.Host.Vnc;

/// <summary>
/// How VNC viewers may come in: where, with what, and the password. Made from the settings, and refused when it would let anybody in
/// whom the person does not mean: without a password only from this machine, with the weak one only when it is forced.
/// </summary>
/// <param name="SecurityTypes">In the order they are offered: many viewers take the first they know.</param>
/// <param name="IsGenerated">Nobody knows the password yet: it is to be shown.</param>
/// <param name="Certificate">A file with certificate and key, made if it is not there; null: one for this run alone.</param>
internal sealed record VncChoice(IPEndPoint Address, IReadOnlyList<byte> SecurityTypes, string? Password, bool IsGenerated, string? Certificate)
{
    /// <summary>Without letters and digits that look like others: 55 of them, so that eight are 46 bits.</summary>
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";

    private const int DefaultPort = 5900;

    public static Setting[] Settings { get; } =
    [
        Setting.Text("vnc", "[ADDRESS:]PORT", null, "let VNC viewers in too, on this address (without one: from this machine only)", "5900"),
        Setting.Text("vnc-password-file", "FILE", null, "the first line of this file is the password of VNC viewers (default: one is made and shown)"),
        Setting.Text("vnc-security", "HOW", "auto", "how VNC viewers come in, in the order they are offered: tls, vnc (weak), none; auto is vnc,tls from this machine and tls from others", "tls"),
        Setting.Flag("vnc-force-weak", "allow vnc in --vnc-security for other machines: eight characters count, and all that is shown and typed is readable on the way"),
        Setting.Text("vnc-certificate", "FILE", null, "certificate and key for tls, as PEM; made there if missing (default: a new one at each start)"),
    ];

    /// <summary>Null: VNC is off.</summary>
    /// <exception cref="SettingsException">A value makes no sense, or would let strangers in.</exception>
    public static VncChoice? From(Alongside.Net.Settings.Settings given)
    {
        if (given["vnc"] is not { } where)
        {
            return Settings.Skip(1).FirstOrDefault(setting => given.IsGiven(setting.Name)) is { } alone
                ? throw new SettingsException($"--{alone.Name} means nothing without --vnc.") : null;
        }

        var address = AddressOf(where);
        bool local = IPAddress.IsLoopback(address.Address);
        byte[] types = TypesOf(given["vnc-security"]!, local);
        if (!local && types.Contains(SecurityType.None))
        {
            throw new SettingsException($"--vnc-security none is for this machine alone, and {address} is not.");
        }

        if (!local && types.Contains(SecurityType.VncAuth) && !given.Flag("vnc-force-weak"))
        {
            throw new SettingsException(
                "--vnc-security vnc is weak: eight characters of the password count, and everything shown and typed is readable on the way. Use tls, or add --vnc-force-weak.");
        }

        string? password = given["vnc-password-file"] is { } file ? PasswordFile.Read("vnc-password-file", file) : null;
        bool isGenerated = password is null && types.Any(type => type != SecurityType.None);
        return new(address, types, isGenerated ? RandomNumberGenerator.GetString(Letters, VncAuth.MaxPassword) : password, isGenerated, given["vnc-certificate"]);
    }

    /// <summary>The certificate to show.</summary>
    /// <exception cref="SettingsException">The file can't be read, or made.</exception>
    public X509Certificate2 LoadCertificate()
    {
        if (Certificate is not { } file)
        {
            return SelfMadeCertificate.Create(DateTimeOffset.UtcNow);
        }

        try
        {
            if (!File.Exists(file))
            {
                using var made = SelfMadeCertificate.Create(DateTimeOffset.UtcNow);
                SelfMadeCertificate.WriteSecret(file, made.ExportCertificatePem() + "\n" + SelfMadeCertificate.KeyPem(made) + "\n");
            }

            return X509Certificate2.CreateFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SettingsException($"--vnc-certificate: {file} cannot be used: {error.Message}");
        }
    }

    private static IPEndPoint AddressOf(string text)
    {
        string whole = int.TryParse(text, out _) ? $"127.0.0.1:{text}"
            : text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1:" + text["localhost:".Length..] : text;
        if (!IPEndPoint.TryParse(whole, out var address))
        {
            throw new SettingsException($"--vnc is a port like {DefaultPort}, or an address and a port like 192.168.1.20:{DefaultPort}, not \"{text}\".");
        }

        // An address without a port is read as one with port 0, and so is "0", which asks for any free one.
        return address.Port != 0 || whole.EndsWith(":0", StringComparison.Ordinal) ? address : new(address.Address, DefaultPort);
    }

    private static byte[] TypesOf(string text, bool local)
    {
        if (text == "auto")
        {
            return local ? [SecurityType.VncAuth, SecurityType.VeNCrypt] : [SecurityType.VeNCrypt];
        }

        byte[] types =
        [
            .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().Select(name => name switch
            {
                "tls" => SecurityType.VeNCrypt,
                "vnc" => SecurityType.VncAuth,
                "none" => SecurityType.None,
                _ => throw new SettingsException($"--vnc-security takes tls, vnc and none, with commas between them, not \"{name}\"."),
            }),
        ];
        return types.Length > 0 ? types : throw new SettingsException("--vnc-security names nothing.");
    }
}
