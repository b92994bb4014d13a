using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

// What goes over TCP: connections to TURN servers, and connections that peers make to us (RFC 6544, framed as RFC 4571 says: a length of two bytes, then the packet).
public sealed partial class IceDriver
{
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have not proved anything yet are few.</summary>
    private const int MaxConnections = 16;

    /// <summary>A peer that connects asks at once, and asks again every few seconds as long as it is there (RFC 7675): who is silent for longer is none.</summary>
    private static readonly TimeSpan SilencePatience = TimeSpan.FromSeconds(30);

    /// <summary>Without a handle to spare, accepting fails at once, again and again.</summary>
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private async Task ConnectAsync(TurnServer server)
    {
        Socket? tcp = null;
        Stream stream;
        TransportAddress local;
        try
        {
            tcp = new(server.Address.IsV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            patience.CancelAfter(ConnectPatience);
            await tcp.ConnectAsync(server.Address.ToEndPoint(), patience.Token);
            stream = new NetworkStream(tcp, ownsSocket: true);
            if (server.Transport == TurnTransport.Tls)
            {
                var tls = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = tls;
                await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions { TargetHost = server.Name ?? server.Address.ToIPAddress().ToString() }, patience.Token);
            }

            local = TransportAddress.From((IPEndPoint)tcp.LocalEndPoint!);
        }
        catch (Exception failed) when (failed is not OutOfMemoryException)
        {
            // Nobody there, nobody who can prove a name, no socket to spare: there is no such server for us.
            tcp?.Dispose();
            DoAlone(_ => transport.TurnUnreachable(server));
            return;
        }

        var leg = new StreamLeg(stream, isFramed: false);
        int socket = Enter(leg);
        DoAlone(now => transport.AddTurnConnection(now, socket, local, server));
        await PumpAsync(socket, leg, server.Address);
    }

    /// <summary>Under the lock.</summary>
    private void Listen(int port, IReadOnlyList<LocalAddress> addresses)
    {
        foreach (var (address, preference, _, _) in addresses)
        {
            Socket? listener = null;
            try
            {
                listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                listener.Bind(new IPEndPoint(address, port));
                listener.Listen(16);
            }
            catch (SocketException)
            {
                // Taken at this address: others may have more luck, and UDP is what is hoped for.
                listener?.Dispose();
                continue;
            }

            int socket = nextSocket++;
            legs[socket] = new ListenLeg(listener);
            transport.AddListener(Now, socket, TransportAddress.From((IPEndPoint)listener.LocalEndPoint!), preference);
            Run(() => AcceptAsync(socket, listener));
        }
    }

    private async Task AcceptAsync(int listener, Socket tcp)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var connection = await tcp.AcceptAsync(stopping.Token);
                connection.NoDelay = true;
                bool isOneMore;
                lock (gate)
                {
                    isOneMore = legs.Values.Count(leg => leg is StreamLeg) >= MaxConnections;
                }

                if (isOneMore || connection.RemoteEndPoint is not IPEndPoint remote)
                {
                    connection.Dispose();
                    continue;
                }

                var local = TransportAddress.From((IPEndPoint)connection.LocalEndPoint!);
                var leg = new StreamLeg(new NetworkStream(connection, ownsSocket: true), isFramed: true);
                int socket = Enter(leg);
                DoAlone(now => transport.AddConnection(now, listener, socket, local));
                lock (gate)
                {
                    Run(() => PumpAsync(socket, leg, TransportAddress.From(remote)));
                }
            }
            catch (SocketException)
            {
                // One connection broke while it came, or there is no handle for it.
                await Task.Delay(AcceptPause, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception gone) when (gone is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private int Enter(StreamLeg leg)
    {
        lock (gate)
        {
            int socket = nextSocket++;
            legs[socket] = leg;
            return socket;
        }
    }

    /// <summary>Reads and writes until the connection ends.</summary>
    private async Task PumpAsync(int socket, StreamLeg leg, TransportAddress remote)
    {
        var writing = leg.WriteAsync(stopping.Token);
        var buffer = new byte[65_538];
        int filled = 0;
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, patience.Token);
        try
        {
            if (leg.IsFramed)
            {
                patience.CancelAfter(ConnectPatience);
            }

            while (await leg.Stream.ReadAsync(buffer.AsMemory(filled), both.Token) is > 0 and var length)
            {
                if (leg.IsFramed)
                {
                    patience.CancelAfter(SilencePatience);
                }

                filled += length;
                int taken = Take(socket, leg, remote, buffer.AsSpan(0, filled));
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Ended, by them or by us: the same to us.
        }

        DoAlone(now =>
        {
            if (legs.Remove(socket) && !stopping.IsCancellationRequested)
            {
                transport.RemoveSocket(now, socket);
            }
        });
        Close(leg);
        await writing;
    }

    /// <returns>Bytes that are done with.</returns>
    private int Take(int socket, StreamLeg leg, TransportAddress from, ReadOnlySpan<byte> bytes)
    {
        int taken = bytes.Length;
        lock (gate)
        {
            try
            {
                if (leg.IsFramed && !hasFailed)
                {
                    taken = TakeFramed(socket, from, bytes);
                }
                else if (!hasFailed)
                {
                    transport.Handle(Now, socket, from, bytes);
                }
            }
            catch (Exception fault) when (fault is not OutOfMemoryException)
            {
                Fail();
            }

            Drain();
        }

        return taken;
    }

    private int TakeFramed(int socket, TransportAddress from, ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        while (bytes.Length - taken >= 2 && BinaryPrimitives.ReadUInt16BigEndian(bytes[taken..]) is var length && bytes.Length - taken - 2 >= length)
        {
            transport.Handle(Now, socket, from, bytes.Slice(taken + 2, length));
            taken += 2 + length;
        }

        return taken;
    }

    /// <summary>A socket that only listens: nothing leaves through it.</summary>
    private sealed class ListenLeg(Socket socket) : Leg
    {
        public override bool TrySend(TransportAddress to, ReadOnlySpan<byte> packet) => true;

        public override void Dispose() => socket.Dispose();
    }

    /// <summary>A connection. What waits to be written is bounded; what comes over it is dropped, as a network would.</summary>
    private sealed class StreamLeg(Stream stream, bool isFramed) : Leg
    {
        private readonly Channel<byte[]> waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(256) { SingleReader = true });

        public Stream Stream => stream;

        public bool IsFramed => isFramed;

        public override bool TrySend(TransportAddress to, ReadOnlySpan<byte> packet)
        {
            int head = isFramed ? 2 : 0;
            var bytes = new byte[head + packet.Length];
            if (isFramed)
            {
                BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)packet.Length);
            }

            packet.CopyTo(bytes.AsSpan(head));
            waiting.Writer.TryWrite(bytes);
            return true;
        }

        public async Task WriteAsync(CancellationToken cancel)
        {
            try
            {
                await foreach (var bytes in waiting.Reader.ReadAllAsync(cancel))
                {
                    await stream.WriteAsync(bytes, cancel);
                }
            }
            catch (Exception broken) when (broken is IOException or OperationCanceledException or ObjectDisposedException)
            {
                waiting.Writer.TryComplete();
            }
        }

        public override void Dispose()
        {
            waiting.Writer.TryComplete();
            stream.Dispose();
        }
    }
}
