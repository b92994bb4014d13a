using System.Net;
using Alongside.Net.Settings;
using Alongside.Rtc.Turn;

namespace Alongside.Server;

/// <summary>The settings of alongside-server: the one table, and their values once checked.</summary>
public sealed record ServerSettings
{
    public static SettingsTable Table { get; } = new(
        "alongside-server",
        "Serves the pages of Alongside and relays between two people's programs. It cannot read what it relays.",
        [
            ("alongside-server --data /var/lib/alongside",
                "Serve on http://localhost:8080; a proxy on the same machine adds TLS (--behind-proxy)."),
            ("alongside-server --data /var/lib/alongside --port 443 --tls-cert fullchain.pem --tls-key privkey.pem --public-url https://help.example.org",
                "Serve everybody, with a certificate of one's own."),
            ("alongside-server --data ./data --port 8443 --tls",
                "Serve a local network with a certificate made at the first start; links carry its fingerprint."),
        ],
        Setting.Number("port", 8080, 0, 65535, "port to listen on; 0 takes a free one", "443"),
        Setting.Text("listen", "ADDRESS", null,
            "address to listen on: an IP address, `any` or `localhost` (default: any with TLS, as it is meant for others then; localhost without, "
            + "as browsers refuse encryption on a page that came over plain http from elsewhere)", "0.0.0.0"),
        Setting.Text("data", "DIR", "data", "where the database and a self-made certificate are kept", "/var/lib/alongside"),
        Setting.Text("database", "CONNECTION", null, "a PostgreSQL connection string (default: a SQLite file in the data directory)",
            "\"Host=/run/postgresql;Database=alongside\""),
        Setting.Text("tls-cert", "FILE", null, "certificate with its chain, PEM; read again when it changes", "/etc/ssl/fullchain.pem"),
        Setting.Text("tls-key", "FILE", null, "private key of the certificate, PEM", "/etc/ssl/privkey.pem"),
        Setting.Flag("tls", "make a certificate at the first start and keep it in the data directory"),
        Setting.Text("stun-port", "PORT", "3478",
            "UDP port at which hosts and browsers learn how the world sees them, so that they can meet without the relay; `off`: nobody answers there", "off"),
        Setting.Text("turn", "URLS", null,
            "TURN servers for networks where two sides do not meet without one, separated by commas: turn:HOST[:PORT][?transport=udp|tcp], turns:HOST[:PORT]",
            "turn:turn.example.org,turns:turn.example.org:443"),
        Setting.Text("turn-secret", "TEXT", null, "the secret shared with the TURN servers (coturn: use-auth-secret, static-auth-secret); better in the environment or a file"),
        Setting.Text("public-url", "URL", null, "address under which people reach this server, if it is not the one they asked for", "https://help.example.org"),
        Setting.Text("behind-proxy", "ADDRESSES", null,
            "believe X-Forwarded-For, -Proto and -Host from these addresses, separated by commas; `loopback` is this machine", "loopback"),
        Setting.Text("metrics-from", "ADDRESSES", null, "who may read /metrics beside this machine and the proxies, separated by commas; `any`: everybody", "192.0.2.7"),
        Setting.Text("name", "TEXT", "Alongside", "what this server is called on its pages", "\"Example helpdesk\""),
        Setting.Text("web", "DIR", null, "the built pages (default: web/ next to the program)"),
        Setting.Text("downloads", "DIR", null, "host programs to offer, named alongside-host-SYSTEM (default: downloads/ next to the program)"),
        Setting.Flag("json", "when ready, print one line to standard output: {\"ready\":true,\"url\":\"http://localhost:8080\"}"),
        Setting.Flag("log-json", "write the log as JSON, a line an entry"),
        Setting.Number("rooms-per-source", 60, 1, 1_000_000, "rooms and numbers that one address may ask for in a minute"),
        Setting.Number("numbers-per-source", 300, 1, 1_000_000, "numbers that one address may have at a time, in use or resting"),
        Setting.Number("joins-per-source", 60, 1, 1_000_000, "tries to enter a room that one address may make in a minute"),
        Setting.Number("joins-per-room", 30, 1, 1_000_000, "tries to enter one room in a minute, from anywhere"),
        Setting.Number("sockets-per-source", 512, 1, 1_000_000, "WebSockets that one address may have open; connections of all kinds 64 more"),
        Setting.Number("relay-memory", 256, 16, 1_048_576, "memory, in MB, for what waits to be sent; over it whoever answers for most is dropped, and may come back"),
        Setting.Number("room-members", 32, 2, 64, "members that a room may have"),
        Setting.Number("first-message-seconds", 10, 1, 3600, "time to say what is wanted after connecting"),
        Setting.Number("idle-seconds", 60, 3, 3600, "silence, without even a pong, after which a connection is dropped"),
        Setting.Number("number-seconds", 600, 1, 86_400, "life of a room's number; once somebody may have noted it, it rests as long again before it is given out anew"),
        Setting.Number("away-seconds", 120, 1, 86_400, "time in which a member may come back, and a room waits for its opener"));

    public int Port { get; init; }

    /// <summary>Null: both loopback addresses.</summary>
    public IPAddress? Listen { get; init; }

    public string Data { get; init; } = "data";

    public string? Database { get; init; }

    public string? TlsCert { get; init; }

    public string? TlsKey { get; init; }

    public bool SelfMadeTls { get; init; }

    /// <summary>0 takes a free one; null: no STUN.</summary>
    public int? StunPort { get; init; }

    /// <summary>URLs of TURN servers; empty when there are none.</summary>
    public IReadOnlyList<string> Turn { get; init; } = [];

    public string? TurnSecret { get; init; }

    /// <summary>Without a slash at its end.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Proxies that are believed; empty when there are none. Loopback stands for this machine.</summary>
    public IReadOnlyList<IPAddress> Proxies { get; init; } = [];

    /// <summary>Who may read the figures beside this machine and the proxies; null: everybody.</summary>
    public IReadOnlyList<IPAddress>? MetricsFrom { get; init; } = [];

    public string Name { get; init; } = "Alongside";

    public string Web { get; init; } = Path.Combine(AppContext.BaseDirectory, "web");

    public string Downloads { get; init; } = Path.Combine(AppContext.BaseDirectory, "downloads");

    public bool Json { get; init; }

    public bool LogJson { get; init; }

    public int RoomsPerSource { get; init; } = 60;

    public int NumbersPerSource { get; init; } = 300;

    public int JoinsPerSource { get; init; } = 60;

    public int JoinsPerRoom { get; init; } = 30;

    public int SocketsPerSource { get; init; } = 512;

    /// <summary>Bytes.</summary>
    public long RelayMemory { get; init; } = 256L << 20;

    public int RoomMembers { get; init; } = 32;

    public TimeSpan FirstMessage { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    public TimeSpan NumberLife { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan Away { get; init; } = TimeSpan.FromMinutes(2);

    public bool Tls => SelfMadeTls || TlsCert is not null;

    /// <summary>Whether what an address says of others is believed.</summary>
    public bool IsProxy(IPAddress address) => Names(Proxies, address);

    /// <summary>The address as it is once a proxy was believed: of who asked it.</summary>
    public bool MayReadMetrics(IPAddress? address) =>
        MetricsFrom is not { } named || (address is not null && (IPAddress.IsLoopback(Plain(address)) || IsProxy(address) || Names(named, address)));

    /// <exception cref="SettingsException">Two settings contradict each other, or one is not what it should be.</exception>
    public static ServerSettings From(Settings settings)
    {
        var cert = settings["tls-cert"];
        var key = settings["tls-key"];
        var tls = settings.Flag("tls");
        if (cert is null != key is null)
        {
            throw new SettingsException("--tls-cert and --tls-key belong together.");
        }

        if (tls && cert is not null)
        {
            throw new SettingsException("--tls makes a certificate; --tls-cert brings one. Give one of the two.");
        }

        return new ServerSettings
        {
            Port = settings.Number("port"),
            Listen = ReadListen(settings["listen"] ?? (tls || cert is not null ? "any" : "localhost")),
            Data = Path.GetFullPath(settings["data"]!),
            Database = settings["database"],
            TlsCert = cert,
            TlsKey = key,
            SelfMadeTls = tls,
            StunPort = ReadStunPort(settings["stun-port"]!),
            Turn = ReadTurn(settings["turn"], settings["turn-secret"]),
            TurnSecret = settings["turn-secret"],
            PublicUrl = ReadUrl(settings["public-url"]),
            Proxies = ReadAddresses("behind-proxy", settings["behind-proxy"]),
            MetricsFrom = settings["metrics-from"] == "any" ? null : ReadAddresses("metrics-from", settings["metrics-from"]),
            Name = settings["name"]!,
            Web = Path.GetFullPath(settings["web"] ?? Path.Combine(AppContext.BaseDirectory, "web")),
            Downloads = Path.GetFullPath(settings["downloads"] ?? Path.Combine(AppContext.BaseDirectory, "downloads")),
            Json = settings.Flag("json"),
            LogJson = settings.Flag("log-json"),
            RoomsPerSource = settings.Number("rooms-per-source"),
            NumbersPerSource = settings.Number("numbers-per-source"),
            JoinsPerSource = settings.Number("joins-per-source"),
            JoinsPerRoom = settings.Number("joins-per-room"),
            SocketsPerSource = settings.Number("sockets-per-source"),
            RelayMemory = (long)settings.Number("relay-memory") << 20,
            RoomMembers = settings.Number("room-members"),
            FirstMessage = TimeSpan.FromSeconds(settings.Number("first-message-seconds")),
            Idle = TimeSpan.FromSeconds(settings.Number("idle-seconds")),
            NumberLife = TimeSpan.FromSeconds(settings.Number("number-seconds")),
            Away = TimeSpan.FromSeconds(settings.Number("away-seconds")),
        };
    }

    private static bool Names(IReadOnlyList<IPAddress> named, IPAddress address) =>
        named.Any(one => one.Equals(Plain(address)) || (IPAddress.IsLoopback(one) && IPAddress.IsLoopback(Plain(address))));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPAddress? ReadListen(string text) => text switch
    {
        "localhost" => null,
        "any" => IPAddress.IPv6Any,
        _ => IPAddress.TryParse(text, out var address) ? address
            : throw new SettingsException($"--listen is an IP address, `any` or `localhost`, not \"{text}\"."),
    };

    private static int? ReadStunPort(string text) =>
        text == "off" ? null
        : int.TryParse(text, out int port) && port is >= 0 and <= 65535 ? port
        : throw new SettingsException($"--stun-port is a port from 0 to 65535, or `off`, not \"{text}\".");

    private static string[] ReadTurn(string? text, string? secret)
    {
        string[] urls = [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        if (urls.Length == 0 != string.IsNullOrEmpty(secret))
        {
            throw new SettingsException("--turn and --turn-secret belong together.");
        }

        return urls.Length > 8 ? throw new SettingsException("--turn names eight servers at most.")
            : Array.Find(urls, url => !TurnUrl.TryParse(url, out _)) is { } wrong
                ? throw new SettingsException($"--turn names TURN servers such as turn:turn.example.org:3478?transport=udp, not \"{wrong}\".")
            : urls;
    }

    private static string? ReadUrl(string? text) =>
        text is null ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.AbsolutePath == "/" && url.Query == "" && url.Fragment == ""
            // As browsers send it in Host and Origin: xn--… for a name with other letters.
            ? new UriBuilder(url.Scheme, url.IdnHost, url.IsDefaultPort ? -1 : url.Port).Uri.GetLeftPart(UriPartial.Authority)
        : throw new SettingsException($"--public-url is an address such as https://help.example.org, not \"{text}\".");

    private static IPAddress[] ReadAddresses(string setting, string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(part =>
            part == "loopback" ? IPAddress.Loopback
            : IPAddress.TryParse(part, out var address) ? address
            : throw new SettingsException($"--{setting} names IP addresses or `{(setting == "metrics-from" ? "any" : "loopback")}`, not \"{part}\"."))];
}
