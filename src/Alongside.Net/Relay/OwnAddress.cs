using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Alongside.Net.Relay;

/// <summary>
/// Whether this machine still has the address that a connection leaves from. When it is gone nobody tells the connection, which would wait for answers to its pings that can't come.
/// </summary>
internal sealed class OwnAddress : IDisposable
{
    /// <summary>A network that goes takes several addresses, one after another, and the system's thread that tells of them is not to be held up.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly IPAddress address;
    private readonly Action gone;
    private readonly Timer timer;

    /// <param name="gone">Called once at most, on a thread of the pool.</param>
    public OwnAddress(IPAddress address, Action gone)
    {
        this.address = address;
        this.gone = gone;
        timer = new(_ => Look());
        NetworkChange.NetworkAddressChanged += Changed;

        // It may have gone before anybody listened.
        timer.Change(Settling, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a socket of this machine can have it.</summary>
    public static bool IsHere(IPAddress address)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, 0));
            return true;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode != SocketError.AddressNotAvailable;
        }
    }

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= Changed;
        timer.Dispose();
    }

    /// <summary>On the system's thread, where an exception ends the process.</summary>
    private void Changed(object? sender, EventArgs e)
    {
        try
        {
            timer.Change(Settling, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The connection ended meanwhile.
        }
    }

    private void Look()
    {
        bool isHere;
        try
        {
            isHere = IsHere(address);
        }
        catch (SocketException)
        {
            // No socket is to be had, which says nothing of the address.
            return;
        }

        if (!isHere)
        {
            Dispose();
            gone();
        }
    }
}
