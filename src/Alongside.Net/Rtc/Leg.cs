using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>One thing packets leave through.</summary>
internal abstract class Leg : IDisposable
{
    /// <returns>False: the system would not send there.</returns>
    public abstract bool TrySend(TransportAddress to, ReadOnlySpan<byte> packet);

    public abstract void Dispose();
}

/// <summary>A UDP socket at one address.</summary>
internal sealed class UdpLeg : Leg
{
    private readonly SocketAddress to;

    private UdpLeg(Socket socket)
    {
        Socket = socket;
        Address = (IPEndPoint)socket.LocalEndPoint!;
        From = SocketAddresses.Make(socket.AddressFamily);
        to = Address.Serialize();
    }

    public Socket Socket { get; }

    public IPEndPoint Address { get; }

    /// <summary>Filled by each receive.</summary>
    public SocketAddress From { get; }

    /// <returns>Null: the address went away meanwhile, or may not be used.</returns>
    public static UdpLeg? TryOpen(IPAddress address, int buffer)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            socket.ReceiveBufferSize = buffer;
            socket.SendBufferSize = buffer;
            return new(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    public override bool TrySend(TransportAddress address, ReadOnlySpan<byte> packet)
    {
        if (address.IsV4 != (Socket.AddressFamily == AddressFamily.InterNetwork))
        {
            return false;
        }

        SocketAddresses.Write(address, to);
        try
        {
            Socket.SendTo(packet, SocketFlags.None, to);
            return true;
        }
        catch (SocketException error)
        {
            // A full buffer is a lost packet; a missing route is not.
            return error.SocketErrorCode is not (SocketError.NetworkUnreachable or SocketError.HostUnreachable or SocketError.AddressNotAvailable or SocketError.AccessDenied);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    public override void Dispose() => Socket.Dispose();
}
