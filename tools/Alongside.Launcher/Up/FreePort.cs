using System.Net;
using System.Net.Sockets;

namespace Alongside.Launcher.Up;

public static class FreePort
{
    private const int Tries = 100;

    /// <summary>The port asked for, which must be free; or, with 0, the first free one from the default on.</summary>
    public static int Choose(int asked)
    {
        if (asked != 0)
        {
            return IsFree(asked) ? asked : throw new StartException($"Port {asked} is taken by another program. Choose one with --port.");
        }

        for (int port = UpOptions.DefaultPort; port < UpOptions.DefaultPort + Tries; port++)
        {
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new StartException($"Ports {UpOptions.DefaultPort} to {UpOptions.DefaultPort + Tries - 1} are all taken. Choose one with --port.");
    }

    private static bool IsFree(int port)
    {
        try
        {
            // As the server will: every address, both families.
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
            socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartException($"Port {port} may only be used by root. Choose one above 1023 with --port.");
        }
        catch (SocketException)
        {
            // No IPv6 here.
            return IsFreeOnIPv4(port);
        }
    }

    private static bool IsFreeOnIPv4(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
