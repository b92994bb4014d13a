using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Alongside.Net;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;
using Alongside.Testing.Turn;

namespace Alongside.Rtc.Tests.Turn;

/// <summary>The client against the real coturn, by each way to it: an allocation, a peer's data there and back, a clean end.</summary>
public sealed class CoturnTests
{
    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Theory]
    [InlineData(TurnTransport.Udp)]
    [InlineData(TurnTransport.Tcp)]
    [InlineData(TurnTransport.Tls)]
    public async Task Data_goes_there_and_back(TurnTransport transport)
    {
        await using var coturn = await Coturn.StartAsync();
        var credentials = TurnCredentials.Issue(Coturn.Secret, Now, 600, "test");
        await using var line = await TurnLine.OpenAsync(transport, coturn, credentials.Username, credentials.Password);
        var allocated = Assert.IsType<TurnEvent.Allocated>(await line.NextEventAsync());

        using var peer = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var peerAddress = TransportAddress.From((IPEndPoint)peer.Client.LocalEndPoint!);
        foreach (int length in (int[])[1, 2, 3, 4, 1200])
        {
            var sent = new byte[length];
            Random.Shared.NextBytes(sent);
            await line.SendAsync(peerAddress, sent);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            var received = await peer.ReceiveAsync(patience.Token);
            Assert.Equal(sent, received.Buffer);
            Assert.Equal(allocated.Relayed, TransportAddress.From(received.RemoteEndPoint));

            Array.Reverse(sent);
            await peer.SendAsync(sent, received.RemoteEndPoint);
            var (from, data) = await line.NextDataAsync();
            Assert.Equal(peerAddress, from);
            Assert.Equal(sent, data);
        }

        await line.CloseAsync();
        Assert.True(line.Client.IsOver);
    }

    [Theory]
    [InlineData(TurnTransport.Udp)]
    [InlineData(TurnTransport.Tcp)]
    public async Task Credentials_that_are_over_or_wrong_open_nothing(TurnTransport transport)
    {
        await using var coturn = await Coturn.StartAsync();
        var over = TurnCredentials.Issue(Coturn.Secret, Now - 1000, 600, "test");
        await using var late = await TurnLine.OpenAsync(transport, coturn, over.Username, over.Password);
        Assert.Equal(TurnFailure.Unauthorised, Assert.IsType<TurnEvent.Failed>(await late.NextEventAsync()).Why);

        var good = TurnCredentials.Issue(Coturn.Secret, Now, 600, "test");
        await using var wrong = await TurnLine.OpenAsync(transport, coturn, good.Username, "not the password");
        Assert.Equal(TurnFailure.Unauthorised, Assert.IsType<TurnEvent.Failed>(await wrong.NextEventAsync()).Why);
    }

    [Fact]
    public async Task A_quota_that_is_reached_is_said()
    {
        await using var coturn = await Coturn.StartAsync("--user-quota=1");
        var credentials = TurnCredentials.Issue(Coturn.Secret, Now, 600, "test");
        await using var first = await TurnLine.OpenAsync(TurnTransport.Udp, coturn, credentials.Username, credentials.Password);
        Assert.IsType<TurnEvent.Allocated>(await first.NextEventAsync());
        await using var second = await TurnLine.OpenAsync(TurnTransport.Udp, coturn, credentials.Username, credentials.Password);
        Assert.Equal(new TurnEvent.Failed(TurnFailure.QuotaReached, StunError.AllocationQuotaReached), await second.NextEventAsync());
    }

    /// <summary>A client and the socket it talks to the server by, driven step by step.</summary>
    private sealed class TurnLine : IAsyncDisposable
    {
        private readonly Stream? stream;
        private readonly Socket socket;
        private readonly byte[] buffer = new byte[4096];
        private readonly Queue<(TransportAddress, byte[])> data = new();
        private readonly Queue<TurnEvent> events = new();
        private Task<int>? reading;

        private TurnLine(Socket socket, Stream? stream, TurnServer server)
        {
            this.socket = socket;
            this.stream = stream;
            Client = new(Micros, server, SystemRandomSource.Instance);
        }

        public TurnClient Client { get; }

        private static long Micros => (long)TimeProvider.System.GetElapsedTime(0).TotalMicroseconds;

        public static async Task<TurnLine> OpenAsync(TurnTransport transport, Coturn coturn, string username, string password)
        {
            int port = transport == TurnTransport.Tls ? coturn.TlsPort : coturn.Port;
            bool isUdp = transport == TurnTransport.Udp;
            var socket = new Socket(AddressFamily.InterNetwork, isUdp ? SocketType.Dgram : SocketType.Stream, isUdp ? ProtocolType.Udp : ProtocolType.Tcp);
            await socket.ConnectAsync(IPAddress.Loopback, port);
            Stream? stream = isUdp ? null : new NetworkStream(socket, ownsSocket: true);
            if (transport == TurnTransport.Tls)
            {
                var tls = new SslStream(stream!, leaveInnerStreamOpen: false, (_, _, _, _) => true);
                await tls.AuthenticateAsClientAsync("turn.example.org");
                stream = tls;
            }

            return new(socket, stream, new(transport, new TransportAddress(IPAddress.Loopback, (ushort)port), username, password));
        }

        public async Task<TurnEvent> NextEventAsync()
        {
            await PumpAsync(() => events.Count > 0);
            return events.Dequeue();
        }

        public async Task<(TransportAddress From, byte[] Data)> NextDataAsync()
        {
            await PumpAsync(() => data.Count > 0);
            return data.Dequeue();
        }

        public async Task SendAsync(TransportAddress to, byte[] packet)
        {
            Client.Send(Micros, to, packet);
            await DrainAsync();
            await PumpAsync(() => Client.HasChannel(to));
        }

        public async Task CloseAsync()
        {
            Client.Close(Micros);
            await PumpAsync(() => Client.IsOver);
        }

        /// <summary>Moves bytes and time until something is so.</summary>
        public async Task PumpAsync(Func<bool> until)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            await DrainAsync();
            while (!until())
            {
                reading ??= stream is null
                    ? socket.ReceiveAsync(buffer.AsMemory(), SocketFlags.None, CancellationToken.None).AsTask()
                    : stream.ReadAsync(buffer, CancellationToken.None).AsTask();
                long wait = Math.Clamp((Client.NextTimeout - Micros) / 1000, 1, 200);
                await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(wait), patience.Token));
                patience.Token.ThrowIfCancellationRequested();
                if (reading.IsCompleted)
                {
                    int length = await LengthAsync(reading);
                    reading = null;
                    Client.Handle(Micros, buffer.AsSpan(0, length));
                }
                else if (Client.NextTimeout <= Micros)
                {
                    Client.HandleTimeout(Micros);
                }

                await DrainAsync();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }

            socket.Dispose();
            await Task.WhenAny(reading ?? Task.CompletedTask);
        }

        /// <summary>The server may listen at UDP a moment later than at TCP: what it did not hear is sent again.</summary>
        private static async Task<int> LengthAsync(Task<int> reading)
        {
            try
            {
                return await reading;
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return 0;
            }
        }

        private async Task DrainAsync()
        {
            while (Next() is { } packet)
            {
                if (stream is null)
                {
                    await socket.SendAsync(packet, SocketFlags.None);
                }
                else
                {
                    await stream.WriteAsync(packet);
                }
            }

            while (Client.TryTakeData(out var from, out var packet))
            {
                data.Enqueue((from, packet.ToArray()));
            }

            while (Client.TryPollEvent(out var e))
            {
                events.Enqueue(e);
            }
        }

        private byte[]? Next() => Client.TryPoll(out var packet) ? packet.ToArray() : null;
    }
}
