// The server, from one end to the other:
//
//  1. A participant's browser fetches the pages (Web/Pages); a customer without the host fetches it with /get (Web/Downloads, Web/GetScript).
//  2. It opens a WebSocket at /relay, by a connection that is counted when it is accepted (Limits/Connections). Origin, source and subprotocol are looked at (Relay/RelayEndpoint, Web/Origins, Limits).
//  3. Its first message opens, joins or takes up a place in a room (Relay/RelaySocket -> Rooms/RoomKeeper). What has to survive a restart is
//     stored before the answer (Storage/RoomStore).
//  4. From then on its frames are copied from its socket to those of their receivers (Relay/RelaySocket -> Relay/Outbox -> Relay/Flow),
//     bounded by a window for each pair, and for all pairs together (Relay/RelayMemory). The database is not touched, and nothing is read but who a frame is for.
//  5. Numbers lapse, members who stay away lose their place, rooms without their opener end (Rooms/Sweeper).
//  6. Beside it all, on UDP: who asks from where they are seen is told (Direct/StunPort), so that two of them can meet without the relay.
//  7. When the server stops everybody is told to come back (1012), and finds their place again.
//
// The six secret digits, link secrets and keys are not here: what this program cannot know it cannot lose.

using System.Net;
using System.Net.Security;
using System.Text.Json;
using Alongside.Core.Relay;
using Alongside.Net.Settings;
using Alongside.Server.Direct;
using Alongside.Server.Health;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Rooms;
using Alongside.Server.Storage;
using Alongside.Server.Tls;
using Alongside.Server.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Alongside.Server;

public static class Program
{
    /// <summary>HEAD is GET without the body, which the server leaves out by itself.</summary>
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static async Task<int> Main(string[] args)
    {
        if (!ServerSettings.Table.TryRead(args, out var given, out var exitCode))
        {
            return exitCode;
        }

        try
        {
            var settings = ServerSettings.From(given);
            await using var app = Build(settings, TimeProvider.System);
            await StartAsync(app, settings);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception error) when (error is SettingsException or StorageException or IOException or UnauthorizedAccessException
            or System.Net.Sockets.SocketException)
        {
            // Words without a stack for what an operator can mend: a port in use or only for root, a database that does not answer, files that cannot be read.
            Console.Error.WriteLine($"{ServerSettings.Table.Program}: {error.Message}");
            return 1;
        }
    }

    /// <summary>Everything, wired together and not yet started.</summary>
    public static WebApplication Build(ServerSettings settings, TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        AddLogging(builder, settings);
        builder.Services.AddSingleton(settings).AddSingleton(time);
        builder.Services.AddSingleton<SourceLimits>().AddSingleton<Connections>();
        builder.Services.AddSingleton<RoomStore>().AddSingleton<RoomKeeper>().AddHostedService<Sweeper>();
        builder.Services.AddSingleton<RelayMemory>().AddSingleton<RelayShared>().AddSingleton<RelayEndpoint>();
        builder.Services.AddSingleton<TurnOffers>().AddSingleton<StunPort>().AddHostedService(services => services.GetRequiredService<StunPort>());
        builder.Services.AddSingleton<Pages>().AddSingleton<Downloads>();
        builder.Services.AddSingleton<RelayCounters>().AddSingleton<PrometheusText>().AddSingleton<HealthCheck>();
        builder.Services.AddSingleton(services => new Certificate(ServerCertificate.From(settings, time, services.GetRequiredService<ILogger<ServerCertificate>>())));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));
        builder.WebHost.ConfigureKestrel((_, kestrel) => Listen(kestrel, settings));

        var app = builder.Build();
        if (settings.Proxies.Count > 0)
        {
            app.UseForwardedHeaders(Forwarded(settings));
        }

        app.UseSecurityHeaders(settings);
        app.UseWebSockets();
        MapRoutes(app, settings);
        app.Lifetime.ApplicationStopping.Register(() => Drain(app.Services));
        return app;
    }

    /// <summary>Reads the database, begins to listen, and says where.</summary>
    /// <returns>The address for a browser on this machine, or the public one.</returns>
    public static async Task<string> StartAsync(WebApplication app, ServerSettings settings)
    {
        var rooms = app.Services.GetRequiredService<RoomKeeper>();
        await rooms.LoadAsync(CancellationToken.None);
        var counters = app.Services.GetRequiredService<RelayCounters>();
        counters.Observe("alongside_rooms", "Rooms open.", () => rooms.RoomCount);
        counters.Observe("alongside_numbers_taken", "Numbers in use or resting.", () => rooms.NumbersTaken);
        var memory = app.Services.GetRequiredService<RelayMemory>();
        var connections = app.Services.GetRequiredService<Connections>();
        counters.Observe("alongside_connections", "Connections open, of all kinds.", () => connections.Open);
        counters.Observe("alongside_waiting_bytes", "Memory of what waits to be sent.", () => memory.Bytes);
        app.Services.GetRequiredService<PrometheusText>();
        app.Services.GetRequiredService<Pages>();
        // Not waited for: who asks early waits for the same hashes, and hears of what went wrong.
        _ = app.Services.GetRequiredService<Downloads>().ListAsync();
        await app.StartAsync();

        var log = app.Services.GetRequiredService<ILogger<ServerSettings>>();
        var url = settings.PublicUrl ?? LocalUrl(app, settings);
        log.Listening(url);
        if (app.Services.GetRequiredService<Certificate>().Value?.Fingerprint is { } fingerprint)
        {
            log.Fingerprint(fingerprint);
        }

        if (settings.Json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(new Ready(true, url), WebJson.Default.Ready));
        }

        return url;
    }

    private static void MapRoutes(WebApplication app, ServerSettings settings)
    {
        var fingerprint = app.Services.GetRequiredService<Certificate>().Value?.Fingerprint;
        var relay = app.Services.GetRequiredService<RelayEndpoint>();
        app.Map(RelayLimits.Path, (RequestDelegate)relay.HandleAsync);
        app.MapMethods("/api/server", Reading, async (HttpRequest request, Downloads downloads, StunPort stun) =>
            Origins.Base(request, settings.PublicUrl) is { } url
                ? Results.Json(new ServerFacts(settings.Name, SettingsTable.Version, url, fingerprint, stun.Ports, await downloads.ListAsync()), WebJson.Default.ServerFacts)
                : Results.BadRequest());
        app.MapMethods("/download/{file}", Reading, (string file, Downloads downloads) =>
            downloads.Find(file) is { } path
                ? Results.File(path, "application/octet-stream", file, enableRangeProcessing: true)
                : Results.Text("There is no such file.\n", statusCode: StatusCodes.Status404NotFound));
        app.MapMethods("/get", Reading, async (HttpRequest request, Downloads downloads) =>
            Origins.Base(request, settings.PublicUrl) is { } url
                ? Results.Text(GetScript.Render(url, fingerprint, await downloads.ListAsync()), "text/x-shellscript")
                : Results.BadRequest());
        app.MapMethods("/healthz", Reading, async (HealthCheck health, CancellationToken cancel) =>
            await health.AskAsync().WaitAsync(cancel) is { } wrong ? Results.Text(wrong + "\n", statusCode: StatusCodes.Status503ServiceUnavailable) : Results.Text("ok\n"));
        app.MapMethods("/metrics", Reading, (HttpContext context, PrometheusText metrics) => settings.MayReadMetrics(context.Connection.RemoteIpAddress)
            ? Results.Text(metrics.Render(), "text/plain; version=0.0.4")
            : Results.Text("The figures are for this machine, and for addresses that --metrics-from names.\n", statusCode: StatusCodes.Status403Forbidden));
        app.MapMethods("/{**path}", Reading, (HttpContext context, Pages pages) => pages.Serve(context));
    }

    private static void Listen(KestrelServerOptions kestrel, ServerSettings settings)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 0;
        kestrel.Limits.RequestHeadersTimeout = settings.FirstMessage;
        // Between two requests, and before the first: a page loads what it needs at once.
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(15);
        kestrel.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        kestrel.Limits.MaxRequestLineSize = 4 * 1024;
        var certificate = kestrel.ApplicationServices.GetRequiredService<Certificate>().Value;
        var connections = kestrel.ApplicationServices.GetRequiredService<Connections>();
        if (IPAddress.IPv6Any.Equals(settings.Listen))
        {
            // Both families, or IPv4 alone where there is no IPv6.
            kestrel.ListenAnyIP(settings.Port, Configure);
        }
        else if (settings.Listen is { } address)
        {
            kestrel.Listen(address, settings.Port, Configure);
        }
        else if (settings.Port == 0)
        {
            // One free port cannot be asked for on two addresses at once.
            kestrel.Listen(IPAddress.Loopback, 0, Configure);
        }
        else
        {
            kestrel.ListenLocalhost(settings.Port, Configure);
        }

        void Configure(ListenOptions options)
        {
            // With HTTP/2 a browser would put the relay's socket and everything else into one connection, and flow control over flow control.
            options.Protocols = HttpProtocols.Http1;
            options.Use(connections.Count);
            if (certificate is not null)
            {
                options.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate.Current() }),
                    HandshakeTimeout = settings.FirstMessage,
                });
            }
        }
    }

    private static ForwardedHeadersOptions Forwarded(ServerSettings settings)
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in settings.Proxies)
        {
            options.KnownProxies.Add(proxy);
            if (IPAddress.IsLoopback(proxy))
            {
                options.KnownProxies.Add(IPAddress.IPv6Loopback);
            }
        }

        return options;
    }

    private static void AddLogging(WebApplicationBuilder builder, ServerSettings settings)
    {
        // Standard output belongs to --json.
        builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning)
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (settings.LogJson)
        {
            builder.Logging.AddJsonConsole(json =>
            {
                json.UseUtcTimestamp = true;
                json.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            builder.Logging.AddSimpleConsole(line =>
            {
                line.SingleLine = true;
                line.TimestampFormat = "HH:mm:ss ";
            });
        }
    }

    private static string LocalUrl(WebApplication app, ServerSettings settings)
    {
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var port = new Uri(address.Replace("[::]", "localhost", StringComparison.Ordinal)).Port;
        var host = settings.Listen is { } listen && !IPAddress.IsLoopback(listen) && !listen.Equals(IPAddress.Any) && !listen.Equals(IPAddress.IPv6Any)
            ? (listen.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{listen}]" : $"{listen}")
            : "localhost";
        return $"{(settings.Tls ? "https" : "http")}://{host}:{port}";
    }

    private static void Drain(IServiceProvider services)
    {
        services.GetRequiredService<ILogger<ServerSettings>>().Draining(services.GetRequiredService<RelayCounters>().Sockets);
        services.GetRequiredService<RelayShared>().Drain();
    }

    /// <summary>The certificate, or that there is none.</summary>
    private sealed record Certificate(ServerCertificate? Value);
}
