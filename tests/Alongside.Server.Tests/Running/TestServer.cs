using Alongside.Net.Relay;
using Alongside.Server.Health;
using Alongside.Server.Relay;
using Alongside.Server.Rooms;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Alongside.Server.Tests.Running;

/// <summary>The whole server in this process, on a free port, with a data directory of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestServer(WebApplication app, string url, string folder)
    {
        this.app = app;
        Url = new Uri(url);
        Folder = folder;
    }

    public Uri Url { get; }

    /// <summary>Where it listens, whatever it calls itself.</summary>
    public Uri LocalUrl => new(app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
        .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First());

    public string Folder { get; }

    public RoomKeeper Rooms => app.Services.GetRequiredService<RoomKeeper>();

    public RelayShared Relay => app.Services.GetRequiredService<RelayShared>();

    public BlockPool Pool => Relay.Pool;

    public RelayCounters Counters => app.Services.GetRequiredService<RelayCounters>();

    public static async Task<TestServer> StartAsync(Func<ServerSettings, ServerSettings>? change = null, TimeProvider? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("alongside-server-").FullName;
        var settings = new ServerSettings { Data = folder, Web = Path.Combine(folder, "web"), Downloads = Path.Combine(folder, "downloads") };
        settings = change?.Invoke(settings) ?? settings;
        var app = Program.Build(settings, time ?? TimeProvider.System);
        return new TestServer(app, (await Program.StartAsync(app, settings)).Replace("localhost", "127.0.0.1", StringComparison.Ordinal), folder);
    }

    /// <summary>An HTTP client that takes whatever certificate there is and follows nothing.</summary>
    public HttpClient Http() => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    { BaseAddress = Url };

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
