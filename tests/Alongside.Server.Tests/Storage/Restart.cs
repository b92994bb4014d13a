using System.Net;
using System.Net.Sockets;
using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Storage;

/// <summary>Rooms, places and numbers outlive the process, however it ends.</summary>
public sealed class Restart : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-restart-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Fact]
    public async Task After_kill_9_both_sides_come_back_by_themselves_and_go_on()
    {
        var port = FreePort();
        var hostSink = new RecordingSink();
        var viewerSink = new RecordingSink();
        RelayClient host;
        RelayClient viewer;
        await using (var server = await ServerProcess.StartAsync(data, port))
        {
            host = new RelayClient(server.Url, new RelayClientOptions(), hostSink);
            await host.OpenAsync(MemberRole.Host, withNumber: true);
            viewer = new RelayClient(server.Url, new RelayClientOptions(), viewerSink);
            await viewer.JoinAsync(MemberRole.Viewer, hostSink.Digits!);
            await hostSink.HearsAsync("arrived 2");
            await server.KillAsync();
        }

        await hostSink.HearsAsync("broken");
        await viewerSink.HearsAsync("broken");
        Assert.False(host.TrySend([2], [1]));
        Assert.Equal(0, host.Window(2));
        await using var again = await ServerProcess.StartAsync(data, port);
        await using var _1 = host;
        await using var _2 = viewer;
        await hostSink.HearsAsync("back");
        await viewerSink.HearsAsync("back");
        await Eventually.TrueAsync(() => host.Window(2) == RelayLimits.Window && viewer.Window(1) == RelayLimits.Window);
        Assert.True(host.TrySend([2], [1, 2, 3]));
        Assert.True(viewer.TrySend([1], [4]));
        await Eventually.TrueAsync(() => viewerSink.Payloads.Length == 1 && hostSink.Payloads.Length == 1);
        Assert.Equal([1, 2, 3], viewerSink.Payloads[0].Bytes);
        Assert.Equal((2, 4), (hostSink.Payloads[0].From, hostSink.Payloads[0].Bytes[0]));

        // The number still leads there, and member ids go on where they were.
        var late = new RecordingSink();
        await using var third = new RelayClient(again.Url, new RelayClientOptions(), late);
        await third.JoinAsync(MemberRole.Viewer, hostSink.Digits!);
        Assert.Equal(3, late.Self);
        Assert.Equal(hostSink.Room, late.Room);
    }

    [Fact]
    public async Task What_is_stored_holds_no_token()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        foreach (var file in Directory.GetFiles(server.Folder, "alongside.db*"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            Assert.DoesNotContain(opened.Token, await reader.ReadToEndAsync());
        }
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused_in_words()
    {
        await using (var server = await TestServer.StartAsync(settings => settings with { Data = data }))
        {
            await using var db = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={data}/alongside.db");
            await db.OpenAsync();
            await using var command = db.CreateCommand();
            command.CommandText = "INSERT INTO schema_version VALUES (99)";
            await command.ExecuteNonQueryAsync();
        }

        var error = await Assert.ThrowsAsync<Alongside.Server.Storage.StorageException>(() => TestServer.StartAsync(settings => settings with { Data = data }));
        Assert.Contains("newer", error.Message, StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
