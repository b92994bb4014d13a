using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>One thing packets leave through.</summary>
internal abstract class Leg : IDisposable
{
    /// <returns>False: the system would not send there.</returns>
    public abstract bool TrySend(TransportAddress to, ReadOnlySpan<byte> packet);

    /// <summary>Packets one after another, each as long as <paramref name="each"/>, the last perhaps shorter.</summary>
    public virtual bool TrySend(TransportAddress to, ReadOnlySpan<byte> packets, int each)
    {
        bool isOpen = true;
        for (; isOpen && packets.Length > each; packets = packets[each..])
        {
            isOpen = TrySend(to, packets[..each]);
        }

        return isOpen && TrySend(to, packets);
    }

    public abstract void Dispose();
}

/// <summary>A UDP socket at one address. On Linux packets of a length leave by one call, and the system cuts them apart: a call costs as much as all else of a packet together.</summary>
internal sealed class UdpLeg : Leg
{
    /// <summary>SOL_UDP; UDP_SEGMENT: how long the datagrams are into which a longer one is cut, 0 for none.</summary>
    private const int Udp = 17, Segment = 103;

    private readonly SocketAddress to;
    private bool canCut = OperatingSystem.IsLinux();
    private bool isKeptWhole;

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

    /// <returns>Null: the address went away meanwhile, or may not be used, or there is no socket to spare.</returns>
    public static UdpLeg? TryOpen(IPAddress address, int buffer)
    {
        Socket? socket = null;
        try
        {
            // What finds the buffer full is lost, as it would be further on: whoever sends holds the driver's lock, and is not to wait.
            socket = new(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.Bind(new IPEndPoint(address, 0));
            socket.ReceiveBufferSize = buffer;
            socket.SendBufferSize = buffer;
            return new(socket);
        }
        catch (SocketException)
        {
            socket?.Dispose();
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
            if (!TryKeepWhole(packet.Length))
            {
                return true;
            }

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

    public override bool TrySend(TransportAddress address, ReadOnlySpan<byte> packets, int each)
    {
        if (!canCut || packets.Length <= each || address.IsV4 != (Socket.AddressFamily == AddressFamily.InterNetwork))
        {
            return base.TrySend(address, packets, each);
        }

        SocketAddresses.Write(address, to);
        try
        {
            if (!TryKeepWhole(each))
            {
                return true;
            }

            CutAt(each);
            try
            {
                Socket.SendTo(packets, SocketFlags.None, to);
                return true;
            }
            finally
            {
                // What leaves alone is not to be cut, nor refused because the way has become too narrow for this length.
                CutAt(0);
            }
        }
        catch (SocketException full) when (full.SocketErrorCode == SocketError.WouldBlock)
        {
            return true;
        }
        catch (SocketException narrow) when (narrow.SocketErrorCode == SocketError.MessageSize && each > IceTransport.CarriedEverywhere)
        {
            // Lost, as it would be behind the first router: it is noticed.
            return true;
        }
        catch (SocketException)
        {
            // An old kernel, a card that cannot, a narrow way, or it may not go there at all: one by one it is seen.
            canCut = false;
            return base.TrySend(address, packets, each);
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
    }

    /// <summary>One more datagram, if there is one; its sender is then <see cref="From"/>.</summary>
    public bool TryReceive(Span<byte> packet, out int length)
    {
        length = 0;
        try
        {
            if (Socket.Available > 0)
            {
                length = Socket.ReceiveFrom(packet, SocketFlags.None, From);
                return true;
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // About a packet, or seen again by who waits for the next.
        }

        return false;
    }

    public override void Dispose() => Socket.Dispose();

    /// <summary>A long datagram may not be cut apart by anybody, or it would not say how long they may be.</summary>
    /// <returns>False: the system cannot see to it, and the datagram is not to leave.</returns>
    private bool TryKeepWhole(int length)
    {
        bool isLong = length > IceTransport.CarriedEverywhere;
        if (isLong == isKeptWhole)
        {
            return true;
        }

        try
        {
            SocketFragments.Forbid(Socket, isLong);
            isKeptWhole = isLong;
        }
        catch (SocketException)
        {
            return !isLong;
        }

        return true;
    }

    private void CutAt(int length)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(value, length);
        Socket.SetRawSocketOption(Udp, Segment, value);
    }
}
