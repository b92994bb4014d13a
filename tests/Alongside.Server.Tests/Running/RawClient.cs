using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Alongside.Core.Relay;

namespace Alongside.Server.Tests.Running;

/// <summary>A participant that says exactly what a test tells it to, byte for byte. Every wait has a deadline.</summary>
internal sealed class RawClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly byte[] buffer = new byte[128 * 1024];

    private RawClient(ClientWebSocket socket) => Socket = socket;

    public ClientWebSocket Socket { get; }

    public static async Task<RawClient> ConnectAsync(Uri server, string? origin = null, string subprotocol = RelayLimits.Subprotocol, string? forwardedFor = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(subprotocol);
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        if (forwardedFor is not null)
        {
            socket.Options.SetRequestHeader("X-Forwarded-For", forwardedFor);
        }

        using var limit = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(new UriBuilder(server) { Scheme = server.Scheme == "https" ? "wss" : "ws", Path = "/relay" }.Uri, limit.Token);
        return new RawClient(socket);
    }

    /// <summary>Connects and opens a room with a number.</summary>
    public static async Task<(RawClient Client, ServerSignal.Opened Opened)> OpenAsync(Uri server, bool number = true, MemberRole role = MemberRole.Host)
    {
        var client = await ConnectAsync(server);
        await client.SayAsync(new ClientSignal.Open(1, role, number));
        return (client, await client.HearAsync<ServerSignal.Opened>());
    }

    public static async Task<(RawClient Client, ServerSignal.Joined Joined)> JoinAsync(Uri server, string place, MemberRole role = MemberRole.Viewer)
    {
        var client = await ConnectAsync(server);
        await client.SayAsync(SignalJson.IsNumber(place) ? new ClientSignal.Join(1, role, Number: place) : new ClientSignal.Join(1, role, Room: place));
        return (client, await client.HearAsync<ServerSignal.Joined>());
    }

    public Task SayAsync(ClientSignal signal) => SendTextAsync(SignalJson.Write(signal));

    public Task SendTextAsync(string text) => SendTextAsync(Encoding.UTF8.GetBytes(text));

    public Task SendTextAsync(byte[] text) => Socket.SendAsync(text, WebSocketMessageType.Text, true, CancellationToken.None);

    public Task SendBinaryAsync(byte[] message) => Socket.SendAsync(message, WebSocketMessageType.Binary, true, CancellationToken.None);

    public Task SendAsync(ushort to, byte[] payload)
    {
        var message = new byte[RelayFrames.SendHeader(1) + payload.Length];
        RelayFrames.WriteSend(message, [to], payload);
        return SendBinaryAsync(message);
    }

    /// <summary>The next message, whatever it is. The bytes are good until the next call.</summary>
    public async Task<(WebSocketMessageType Type, ReadOnlyMemory<byte> Bytes)> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var length = 0;
        while (true)
        {
            var part = await Socket.ReceiveAsync(buffer.AsMemory(length), limit.Token);
            length += part.Count;
            if (part.EndOfMessage)
            {
                return (part.MessageType, buffer.AsMemory(0, length));
            }
        }
    }

    /// <summary>The next signal, of whatever kind.</summary>
    public Task<ServerSignal> HearAnyAsync() => HearAsync<ServerSignal>();

    /// <summary>The next signal, which has to be of this kind. Window updates before it are skipped.</summary>
    public async Task<T> HearAsync<T>()
        where T : ServerSignal
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type == WebSocketMessageType.Binary && bytes.Span[0] == RelayFrames.WindowKind)
            {
                continue;
            }

            Assert.True(type == WebSocketMessageType.Text, $"A {typeof(T).Name} was expected, a {type} came ({Socket.CloseStatus} {Socket.CloseStatusDescription}).");
            return Assert.IsAssignableFrom<T>(SignalJson.ReadServer(bytes.Span));
        }
    }

    /// <summary>The next payload; window updates and signals before it are skipped.</summary>
    public async Task<(ushort From, byte[] Payload)> HearPayloadAsync()
    {
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            Assert.NotEqual(WebSocketMessageType.Close, type);
            if (type == WebSocketMessageType.Binary)
            {
                RelayFrames.ReadFromServer(bytes.Span, out var from, out var payload, out _);
                if (!payload.IsEmpty)
                {
                    return (from, payload.ToArray());
                }
            }
        }
    }

    /// <summary>Reads until the server closes. Returns its code and the code of the `error` before it.</summary>
    public async Task<(RelayClose Code, string? Error)> HearCloseAsync()
    {
        string? error = null;
        while (true)
        {
            var (type, bytes) = await ReceiveAsync();
            if (type == WebSocketMessageType.Close)
            {
                await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
                return ((RelayClose)(int)Socket.CloseStatus!, error);
            }

            if (type == WebSocketMessageType.Text && JsonDocument.Parse(bytes).RootElement is var json && json.GetProperty("t").GetString() == "error")
            {
                Assert.NotEqual("", json.GetProperty("message").GetString());
                error = json.GetProperty("code").GetString();
            }
        }
    }

    /// <summary>Closes in order.</summary>
    public async Task CloseAsync()
    {
        await Socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        await HearCloseAsyncIgnoring();
    }

    public ValueTask DisposeAsync()
    {
        Socket.Abort();
        Socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task HearCloseAsyncIgnoring()
    {
        while ((await ReceiveAsync()).Type != WebSocketMessageType.Close)
        {
            // What was underway is of no interest any more.
        }
    }
}
