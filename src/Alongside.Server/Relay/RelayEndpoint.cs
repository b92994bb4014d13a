using Alongside.Core.Relay;
using Alongside.Server.Health;
using Alongside.Server.Limits;
using Alongside.Server.Web;

namespace Alongside.Server.Relay;

/// <summary>`GET /relay`: who may open a socket at all. What it may then do is the <see cref="RelaySocket"/>'s matter.</summary>
public sealed class RelayEndpoint(RelayShared shared, SourceLimits limits, ILogger<RelayEndpoint> log)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket.");
            return;
        }

        var source = Source.Of(context.Connection.RemoteIpAddress);
        if (!Origins.IsOwn(context.Request, shared.Settings.PublicUrl))
        {
            if (limits.TryTell(source))
            {
                log.ForeignOrigin(Origins.ForLog(context.Request));
            }

            await RefuseAsync(context, StatusCodes.Status403Forbidden, "Only this server's own pages may open a socket.");
            return;
        }

        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(RelayLimits.Subprotocol))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"The subprotocol is {RelayLimits.Subprotocol}.");
            return;
        }

        var counted = limits.TryOpenSocket(source);
        shared.Counters.SocketCame();
        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = RelayLimits.Subprotocol,
                KeepAliveInterval = shared.Settings.Idle / 3,
                KeepAliveTimeout = shared.Settings.Idle * 2 / 3,
            });
            var relayed = new RelaySocket(socket, source, shared);
            if (!counted)
            {
                if (limits.TryTell(source))
                {
                    log.TooManySockets($"{context.Connection.RemoteIpAddress}");
                }

                relayed.Close(RelayClose.SlowDown, "Too many connections from here.");
            }

            await relayed.RunAsync();
            if (counted && relayed.Outbox.Closed is RelayClose.SlowDown && limits.TryTell(source))
            {
                log.SlowedDown($"{context.Connection.RemoteIpAddress}");
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Our own mistake ends this connection and no other.
            log.OurMistake(error);
        }
        finally
        {
            if (counted)
            {
                limits.CloseSocket(source);
            }

            // Last: whoever sees that a socket is gone may count on its place being free.
            shared.Counters.SocketWent();
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(words + "\n");
    }
}
