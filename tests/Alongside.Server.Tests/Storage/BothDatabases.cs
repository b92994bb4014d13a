using Alongside.Core.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Storage;

/// <summary>The same life of a room on SQLite and on PostgreSQL.</summary>
public sealed class BothDatabases(Postgres postgres) : IClassFixture<Postgres>, IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("alongside-db-").FullName;

    public void Dispose() => Directory.Delete(data, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_room_is_found_again_by_a_server_started_anew(bool onPostgres)
    {
        ServerSettings Use(ServerSettings settings) => settings with { Data = data, Database = onPostgres ? postgres.Connection : null };
        ServerSignal.Opened opened;
        ServerSignal.Joined joined;
        string number;
        await using (var server = await TestServer.StartAsync(Use))
        {
            Assert.Equal("ok\n", await server.Http().GetStringAsync("/healthz"));
            RawClient host, viewer, gone;
            (host, opened) = await RawClient.OpenAsync(server.Url);
            (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Digits!);
            (gone, _) = await RawClient.JoinAsync(server.Url, opened.Digits!);
            await gone.CloseAsync();
            await host.SayAsync(new ClientSignal.NewNumber());
            await host.HearAsync<ServerSignal.Arrived>();
            await host.HearAsync<ServerSignal.Arrived>();
            await host.HearAsync<ServerSignal.Left>();
            number = (await host.HearAsync<ServerSignal.Number>()).Digits;
            await host.DisposeAsync();
            await viewer.DisposeAsync();
        }

        await using var again = await TestServer.StartAsync(Use);
        await using var hostAgain = await RawClient.ConnectAsync(again.Url);
        await hostAgain.SayAsync(new ClientSignal.Rejoin(1, opened.Room, opened.Member, opened.Token));
        var back = await hostAgain.HearAsync<ServerSignal.Joined>();
        Assert.Equal([new MemberState(joined.Member, MemberRole.Viewer, false)], back.Members);
        var (newcomer, newcomerJoined) = await RawClient.JoinAsync(again.Url, number);
        await using var _1 = newcomer;
        Assert.Equal(4, newcomerJoined.Member);
        Assert.Equal(opened.Room, newcomerJoined.Room);
        await using var old = await RawClient.ConnectAsync(again.Url);
        await old.SayAsync(new ClientSignal.Join(1, MemberRole.Viewer, Number: opened.Digits));
        Assert.Equal((RelayClose.NoRoom, "no-room"), await old.HearCloseAsync());
    }

    [Fact]
    public async Task Two_hundred_rooms_at_once_are_all_stored()
    {
        ServerSettings Use(ServerSettings settings) => settings with { Data = data, RoomsPerSource = 1000 };
        ServerSignal.Opened[] opened;
        await using (var server = await TestServer.StartAsync(Use))
        {
            var clients = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RawClient.OpenAsync(server.Url)));
            opened = [.. clients.Select(client => client.Opened)];
            Assert.Equal(200, opened.Select(room => room.Digits).Distinct().Count());
            foreach (var (client, _) in clients)
            {
                await client.DisposeAsync();
            }
        }

        await using var again = await TestServer.StartAsync(Use);
        Assert.Equal(200, again.Rooms.RoomCount);
        await Task.WhenAll(opened.Select(async room =>
        {
            await using var client = await RawClient.ConnectAsync(again.Url);
            await client.SayAsync(new ClientSignal.Rejoin(1, room.Room, room.Member, room.Token));
            await client.HearAsync<ServerSignal.Joined>();
        }));
    }

    [Fact]
    public async Task Without_its_database_the_server_says_so_and_keeps_relaying()
    {
        var own = new Postgres();
        await own.InitializeAsync();
        await using var server = await TestServer.StartAsync(settings => settings with { Database = own.Connection });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await own.StopAsync();

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, (await server.Http().GetAsync("/healthz")).StatusCode);
        await using var third = await RawClient.ConnectAsync(server.Url);
        await third.SayAsync(new ClientSignal.Open(1, MemberRole.Host));
        Assert.Equal((RelayClose.Restart, "restart"), await third.HearCloseAsync());
        await host.SendAsync(joined.Member, [5]);
        Assert.Equal([5], (await viewer.HearPayloadAsync()).Payload);
        own.Forget();
    }

    [Fact]
    public async Task A_database_that_is_away_at_the_start_is_said_in_a_sentence()
    {
        var error = await Assert.ThrowsAsync<Alongside.Server.Storage.StorageException>(() => TestServer.StartAsync(settings => settings with { Database = $"Host={data};Username=nobody;Database=none;Timeout=5" }));
        Assert.StartsWith("The database cannot be used: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("EnableRetryOnFailure", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_cannot_be_stored_costs_nobody_their_place_and_comes_when_it_can()
    {
        var time = new ManualTime();
        await using var server = await TestServer.StartAsync(time: time);
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.HearAsync<ServerSignal.Arrived>();
        await ExecuteAsync(server, "ALTER TABLE numbers RENAME TO away");
        await host.SayAsync(new ClientSignal.NewNumber());
        await host.HearAsync<ServerSignal.Expired>();
        await host.SendAsync(joined.Member, [5]);
        Assert.Equal([5], (await viewer.HearPayloadAsync()).Payload);

        await ExecuteAsync(server, "ALTER TABLE away RENAME TO numbers");
        var hearing = host.HearAsync<ServerSignal.Number>();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return hearing.IsCompleted;
        });
        await using var late = (await RawClient.JoinAsync(server.Url, (await hearing).Digits)).Client;
    }

    [Fact]
    public async Task A_database_that_hangs_holds_up_no_frame()
    {
        await using var server = await TestServer.StartAsync();
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;
        await host.HearAsync<ServerSignal.Arrived>();
        await using (var busy = await ConnectAsync(server))
        {
            await using var writing = busy.CreateCommand();
            writing.CommandText = "BEGIN IMMEDIATE";
            await writing.ExecuteNonQueryAsync();
            await host.SayAsync(new ClientSignal.NewNumber());
            await host.SendAsync(joined.Member, [6]);
            Assert.Equal([6], (await viewer.HearPayloadAsync()).Payload);
        }

        await host.HearAsync<ServerSignal.Number>();
    }

    private static async Task<Microsoft.Data.Sqlite.SqliteConnection> ConnectAsync(TestServer server)
    {
        var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={server.Folder}/alongside.db;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(TestServer server, string sql)
    {
        await using var connection = await ConnectAsync(server);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
