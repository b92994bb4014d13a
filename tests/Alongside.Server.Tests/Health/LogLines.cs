using System.Net.WebSockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Alongside.Core.Relay;
using Alongside.Server.Tests.Running;

namespace Alongside.Server.Tests.Health;

/// <summary>`--log-json`, and what stands in no log line.</summary>
public sealed class LogLines
{
    [Fact]
    public async Task Every_line_is_a_json_object_with_a_time_and_holds_no_secret()
    {
        var data = Directory.CreateTempSubdirectory("alongside-log-").FullName;
        try
        {
            await using var server = await ServerProcess.StartAsync(data, 0, "--log-json");
            var secrets = await UseAsync(server.Url);
            var lines = (await server.StopAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            // So that it is known to have been written of at all: listening, stopping, opened, joined, back, refused.
            var events = lines.Select(line => JsonDocument.Parse(line).RootElement).Select(entry => entry.GetProperty("EventId").GetInt32()).ToHashSet();
            Assert.True(events.IsSupersetOf([1, 3, 10, 11, 12, 20]), string.Join(' ', events));
            foreach (var line in lines)
            {
                using var entry = JsonDocument.Parse(line);
                Assert.True(entry.RootElement.GetProperty("Timestamp").TryGetDateTimeOffset(out _), line);
                // A number has three digits: as a word, not as part of a port. The time is not of interest.
                var said = $"{entry.RootElement.GetProperty("Message")} {entry.RootElement.GetProperty("State")}";
                Assert.All(secrets, secret => Assert.DoesNotMatch($@"(?<![\w-]){Regex.Escape(secret)}(?![\w-])", said));
            }
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    /// <summary>Does most of what is logged, right and wrong. Returns what must not be.</summary>
    private static async Task<string[]> UseAsync(Uri url)
    {
        var (host, opened) = await RawClient.OpenAsync(url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(url, opened.Digits!);
        await viewer.DisposeAsync();
        await host.HearAsync<ServerSignal.Arrived>();
        await host.HearAsync<ServerSignal.Left>();
        await using var back = await RawClient.ConnectAsync(url);
        await back.SayAsync(new ClientSignal.Rejoin(1, opened.Room, joined.Member, joined.Token));
        var again = await back.HearAsync<ServerSignal.Joined>();

        var wrongToken = new string('T', 22);
        await RefusedAsync(url, SignalJson.Write(new ClientSignal.Rejoin(1, opened.Room, joined.Member, wrongToken)));
        await RefusedAsync(url, "{\"t\":\"words-of-a-person\"}"u8.ToArray());
        await Assert.ThrowsAsync<WebSocketException>(() => RawClient.ConnectAsync(url, "https://evil.example"));
        return [opened.Room, opened.Token, opened.Digits!, joined.Token, again.Token, wrongToken, "words-of-a-person"];
    }

    private static async Task RefusedAsync(Uri url, byte[] text)
    {
        await using var client = await RawClient.ConnectAsync(url);
        await client.SendTextAsync(text);
        await client.HearCloseAsync();
    }
}
