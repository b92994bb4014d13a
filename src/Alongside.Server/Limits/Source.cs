using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Alongside.Server.Limits;

/// <summary>
/// Where a connection comes from, as far as limits go: an IPv4 address, or the /64 of an IPv6 address, which one household has whole. Many get a /56 or a /48 from their provider
/// and so hundreds of those: <see cref="Around"/> names these too.
/// </summary>
public readonly record struct Source(UInt128 Prefix)
{
    private const int Six = 6;

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
            bytes[15] = Six;
        }

        return new Source(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>This source and the networks it lies in, each with how many times a single one's limits it has.</summary>
    public (Source Source, int Times)[] Around() => (byte)Prefix == Six ? [(this, 1), (Network(56), 4), (Network(48), 16)] : [(this, 1)];

    private Source Network(int bits) => new((Prefix & (UInt128.MaxValue << (128 - bits))) | (UInt128)(uint)((bits << 8) | Six));
}
