using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Rtc;

/// <summary>
/// Between the bytes a socket call takes and gives (sockaddr_in, sockaddr_in6) and our addresses, without an allocation a packet. A scope stays what the
/// socket address was made with.
/// </summary>
internal static class SocketAddresses
{
    public static SocketAddress Make(AddressFamily family) => new(family);

    public static TransportAddress Read(SocketAddress from)
    {
        var bytes = from.Buffer.Span;
        ushort port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return from.Family == AddressFamily.InterNetwork ? new(bytes.Slice(4, 4), port) : new(bytes.Slice(8, 16), port);
    }

    /// <param name="to">Of the family of the socket; an IPv4 address is written in its IPv6 form where that is IPv6.</param>
    public static void Write(TransportAddress address, SocketAddress to)
    {
        var bytes = to.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (to.Family == AddressFamily.InterNetwork)
        {
            address.WriteAddress(bytes[4..]);
            return;
        }

        var at = bytes.Slice(8, 16);
        if (address.IsV4)
        {
            at.Clear();
            at[10] = at[11] = 0xFF;
            at = at[12..];
        }

        address.WriteAddress(at);
    }
}
