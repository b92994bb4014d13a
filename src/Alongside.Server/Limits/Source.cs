using System.Net;
using System.Net.Sockets;

namespace Alongside.Server.Limits;

/// <summary>Where a connection comes from, as far as limits go: an IPv4 address, or the /64 of an IPv6 address, which one household has whole.</summary>
public readonly record struct Source(UInt128 Prefix)
{
    public static Source Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var written);
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            bytes[8..].Clear();
            bytes[15] = 6;
        }

        return new Source(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
