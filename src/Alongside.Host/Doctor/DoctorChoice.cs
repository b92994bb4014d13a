using System.Globalization;
using System.Net;
using Alongside.Net.Doctor;
using Alongside.Net.Settings;
using Alongside.Net.Tls;

namespace Alongside.Host.Doctor;

/// <summary>What `alongside-host doctor` was told to look at, checked.</summary>
/// <param name="Probe">The network is tried too; null: only the hosts that run here are asked.</param>
internal sealed record DoctorChoice(ProbeOptions? Probe, bool Json)
{
    private const int StunPort = 3478;

    public static SettingsTable Table { get; } = new(
        "alongside-host",
        "doctor: says how the sessions of your hosts on this computer are now, and with --server tries from here what a session needs: what stands in the way of a direct one, and what would help.",
        [
            ("alongside-host doctor", "says of each host of yours that runs here who is in, by which path, how good it is, and why it is not direct"),
            ("alongside-host doctor --server https://help.example", "says how sessions by that server will go from here"),
            ("alongside-host doctor --server https://help.example --stun stun.example.org", "compares with another STUN server, to know the kind of NAT"),
        ],
        [
            Setting.Text("server", "URL", null, "the server both sides meet on: the network is tried with it", "https://help.example"),
            Setting.Flag("sessions", "only ask the hosts that run here, whatever server a file or a variable names"),
            Setting.Text("fingerprint", "SHA256", null, "take the server's certificate with this fingerprint and no other"),
            Setting.Text("stun", "HOST[:PORT]", null, "ask these STUN servers as well, separated by commas", "stun.example.org:3478"),
            Setting.Flag("no-port-mapping", "do not ask the router for a port (UPnP, NAT-PMP, PCP)"),
            Setting.Flag("json", "one JSON object on standard output, for programs"),
        ]);

    /// <exception cref="SettingsException">A value makes no sense.</exception>
    public static DoctorChoice From(Settings given)
    {
        string? fingerprint = given["fingerprint"];
        if (fingerprint is not null && !CertificateFingerprint.TryRead(fingerprint, out _))
        {
            throw new SettingsException("--fingerprint is the SHA-256 of a certificate, in hex or base64url.");
        }

        if (given["server"] is not { } server)
        {
            return given.IsGiven("stun") ? throw new SettingsException("--stun means nothing without --server.") : new(null, given.Flag("json"));
        }

        var probe = new ProbeOptions(CommandLine.ServerOf(server), fingerprint, [.. ReadStun(given["stun"] ?? "")], !given.Flag("no-port-mapping"));
        return new(given.Flag("sessions") ? null : probe, given.Flag("json"));
    }

    private static IEnumerable<DnsEndPoint> ReadStun(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
        Uri.TryCreate($"stun://{part}", UriKind.Absolute, out var uri) && uri.Host.Length > 0 && uri.PathAndQuery is "/" or ""
            ? new DnsEndPoint(uri.IdnHost, uri.Port < 0 ? StunPort : uri.Port)
            : throw new SettingsException(string.Create(CultureInfo.InvariantCulture, $"--stun names servers such as stun.example.org:{StunPort}, not \"{part}\".")));
}
