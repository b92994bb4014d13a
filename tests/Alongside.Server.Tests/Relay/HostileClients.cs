using System.Net.WebSockets;
using System.Text;
using Alongside.Core.Relay;
using Alongside.Server.Tests.Running;
using Alongside.Testing;

namespace Alongside.Server.Tests.Relay;

/// <summary>Mutated texts and frames, seeded: each ends its own socket at most, the process and the honest session live.</summary>
public sealed class HostileClients
{
    private const int Attackers = 60;
    private const int Messages = 20;

    [Fact]
    public async Task Whatever_is_sent_the_honest_session_goes_on()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { RoomsPerSource = 10_000, JoinsPerSource = 10_000, JoinsPerRoom = 10_000 });
        var (host, opened) = await RawClient.OpenAsync(server.Url);
        await using var _1 = host;
        var (viewer, joined) = await RawClient.JoinAsync(server.Url, opened.Room);
        await using var _2 = viewer;

        var random = new SeededRandomSource(430);
        for (var i = 0; i < Attackers; i++)
        {
            await AttackAsync(server, random);
        }

        // Both ways, after all that.
        await host.SendAsync(joined.Member, [1, 2, 3]);
        Assert.Equal([1, 2, 3], (await viewer.HearPayloadAsync()).Payload);
        await viewer.SendAsync(opened.Member, [4]);
        Assert.Equal([4], (await host.HearPayloadAsync()).Payload);
        await Eventually.TrueAsync(() => server.Counters.Sockets == 2, "Attackers' sockets stayed.");
        await Eventually.TrueAsync(() => server.Pool.Lent == 0, "Buffers were lost.");
    }

    private static async Task AttackAsync(TestServer server, SeededRandomSource random)
    {
        await using var attacker = random.Next(3) == 0 ? await RawClient.ConnectAsync(server.Url) : (await RawClient.OpenAsync(server.Url)).Client;
        var draining = DrainAsync(attacker);
        try
        {
            for (var i = 0; i < Messages; i++)
            {
                var text = random.Next(2) == 0;
                var message = text ? Text(random) : Frame(random);
                Mutate(message, random);
                var cut = random.Next(4) == 0 ? random.Next(message.Length + 1) : message.Length;
                var type = text ? WebSocketMessageType.Text : WebSocketMessageType.Binary;
                if (cut < message.Length)
                {
                    await attacker.Socket.SendAsync(message.AsMemory(0, cut), type, false, CancellationToken.None);
                }

                await attacker.Socket.SendAsync(message.AsMemory(cut == message.Length ? 0 : cut), type, true, CancellationToken.None);
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // Thrown out, as it should be.
        }

        attacker.Socket.Abort();
        await draining;
    }

    private static async Task DrainAsync(RawClient client)
    {
        try
        {
            while ((await client.ReceiveAsync()).Type != WebSocketMessageType.Close)
            {
                // Only that it keeps reading.
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException)
        {
            // The end of the attack.
        }
    }

    private static byte[] Text(SeededRandomSource random)
    {
        string[] good =
        [
            "{\"t\":\"open\",\"v\":1,\"role\":\"host\",\"number\":true}",
            "{\"t\":\"join\",\"v\":1,\"role\":\"viewer\",\"number\":\"482\"}",
            "{\"t\":\"rejoin\",\"v\":1,\"room\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"member\":2,\"token\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
            "{\"t\":\"number\"}",
            "{\"t\":\"unnumber\"}",
            "{\"t\":\"remove\",\"member\":3}",
            "{\"t\":\"close\"}",
        ];
        return Encoding.UTF8.GetBytes(good[random.Next(good.Length)]);
    }

    private static byte[] Frame(SeededRandomSource random)
    {
        var count = 1 + random.Next(4);
        var to = new ushort[count];
        for (var i = 0; i < count; i++)
        {
            to[i] = (ushort)random.Next(4);
        }

        var payload = new byte[1 + random.Next(2_000)];
        var message = new byte[RelayFrames.SendHeader(count) + payload.Length];
        RelayFrames.WriteSend(message, to, payload);
        return message;
    }

    private static void Mutate(byte[] message, SeededRandomSource random)
    {
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            message[random.Next(Math.Min(message.Length, 80))] = (byte)random.Next(256);
        }
    }
}
