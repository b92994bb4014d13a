using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Net.Tls;

namespace Alongside.Net.Relay;

/// <summary>One connection: connect, the two loops, and the words for how it ended.</summary>
public sealed partial class RelayClient
{
    /// <summary>One connection from connect to close.</summary>
    private async Task ConnectOnceAsync(byte[] buffer)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RelayLimits.Subprotocol);
        socket.Options.KeepAliveInterval = options.Ping;
        socket.Options.KeepAliveTimeout = options.Ping;
        OwnAddress? own = null;
        using var http = new HttpMessageInvoker(Handler(from => own = new OwnAddress(from, socket.Abort)));
        int? code = null;
        var reason = "The server closed the connection without a word.";
        var sending = Task.CompletedTask;
        try
        {
            using (var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token))
            {
                limit.CancelAfter(options.ConnectTimeout);
                await socket.ConnectAsync(server, http, limit.Token).ConfigureAwait(false);
            }

            var first = SignalJson.Write(peer!.FirstMessage());
            await socket.SendAsync(first.AsMemory(), WebSocketMessageType.Text, true, CancellationToken.None).ConfigureAwait(false);
            sending = SendLoopAsync(socket);
            using (stopping.Token.UnsafeRegister(static socket => ((ClientWebSocket)socket!).Abort(), socket))
            {
                await ReceiveLoopAsync(socket, buffer).ConfigureAwait(false);
            }

            (code, reason) = HowClosed(socket, reason);
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or HttpRequestException)
        {
            reason = Words(error);
        }
        catch (ProtocolException error)
        {
            (code, reason) = ((int)RelayClose.Malformed, error.Message);
        }
        catch (SinkException error)
        {
            EndByOurMistake(error);
        }

        lock (gate)
        {
            peer!.HandleClosed(code, reason);
            outgoing.Clear();
        }

        own?.Dispose();
        socket.Abort();
        bell.Ring();
        await sending.ConfigureAwait(false);
    }

    /// <param name="leaves">Hears of which address of this machine a connection leaves from.</param>
    private SocketsHttpHandler Handler(Action<IPAddress> leaves)
    {
        var handler = new SocketsHttpHandler
        {
            // A proxy named in the environment leads out of this machine, not back into it.
            UseProxy = !server.IsLoopback,
            ConnectCallback = async (context, cancel) =>
            {
                var connection = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    await connection.ConnectAsync(context.DnsEndPoint, cancel).ConfigureAwait(false);
                    if (connection.LocalEndPoint is IPEndPoint local)
                    {
                        leaves(local.Address.IsIPv4MappedToIPv6 ? local.Address.MapToIPv4() : local.Address);
                    }

                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        if (options.Fingerprint is { } fingerprint)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificateFingerprint.Matches(certificate, fingerprint);
        }

        return handler;
    }

    /// <summary>Reads message by message into the one buffer, until the server closes.</summary>
    private async Task ReceiveLoopAsync(ClientWebSocket socket, byte[] buffer)
    {
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                if (length == buffer.Length)
                {
                    throw new ProtocolException("The server sent a message that was too big.");
                }

                part = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).ConfigureAwait(false);
                length += part.Count;
            }
            while (!part.EndOfMessage);

            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            Handle(buffer.AsSpan(0, length), part.MessageType == WebSocketMessageType.Text);
        }
    }

    /// <summary>Sends what is in <see cref="outgoing"/> as soon as it is there, in its order. Ends with the connection.</summary>
    private async Task SendLoopAsync(ClientWebSocket socket)
    {
        var sent = false;
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                ReadOnlyMemory<byte> message;
                bool text;
                bool some;
                bool last;
                lock (gate)
                {
                    some = outgoing.TryPeek(out message, out text);
                    last = closing;
                }

                if (some)
                {
                    if (sent && bell.IsLent)
                    {
                        // One message was what the thread was lent for.
                        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    }

                    sent = true;
                    try
                    {
                        await socket.SendAsync(message, text ? WebSocketMessageType.Text : WebSocketMessageType.Binary, true, CancellationToken.None)
                            .ConfigureAwait(false);
                    }
                    finally
                    {
                        lock (gate)
                        {
                            outgoing.Advance();
                        }
                    }
                }
                else if (last)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None).ConfigureAwait(false);
                    return;
                }
                else
                {
                    await bell.WaitAsync().ConfigureAwait(false);
                    sent = false;
                }
            }
        }
        catch (Exception error) when (error is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The receive loop hears of it as well, and has the better words.
            socket.Abort();
        }
    }

    private static (int? Code, string Reason) HowClosed(ClientWebSocket socket, string otherwise)
    {
        var code = (int?)socket.CloseStatus;
        return string.IsNullOrEmpty(socket.CloseStatusDescription)
            ? (code, code is { } known ? ((RelayClose)known).Words() : otherwise)
            : (code, socket.CloseStatusDescription);
    }

    private string Words(Exception error)
    {
        var address = $"{(server.Scheme == "wss" ? "https" : "http")}://{server.Authority}";
        for (var inner = error; inner is not null; inner = inner.InnerException!)
        {
            switch (inner)
            {
                case SocketException { SocketErrorCode: SocketError.HostNotFound }:
                    return $"There is no server named {server.Host}.";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return $"No server answers at {address}.";
                case AuthenticationException:
                    return options.Fingerprint is null
                        ? $"The certificate of {address} is not one that this system trusts."
                        : $"The certificate of {address} is not the one that was expected.";
                case OperationCanceledException:
                    return $"{address} did not answer in time.";
            }
        }

        return error is WebSocketException { WebSocketErrorCode: WebSocketError.NotAWebSocket } or HttpRequestException
            ? $"{address} answers, but not as an Alongside server."
            : $"The connection to {address} was lost.";
    }
}
