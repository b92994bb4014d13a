using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Alongside.Rtc.Wire;

/// <summary>
/// An IP address and a port, as a value: what packets come from and go to. An IPv4 address that is written as IPv6 (::ffff:a.b.c.d) is the IPv4
/// address, whichever socket it came through; a scope belongs to the socket and is not kept.
/// </summary>
public readonly struct TransportAddress : IEquatable<TransportAddress>
{
    private static readonly UInt128 MappedPrefix = (UInt128)0xFFFF << 32;

    /// <summary>The address's bits; an IPv4 address in its IPv6 form.</summary>
    private readonly UInt128 bits;

    /// <param name="address">4 or 16 bytes.</param>
    public TransportAddress(ReadOnlySpan<byte> address, ushort port)
    {
        bits = address.Length == 4 ? MappedPrefix | BinaryPrimitives.ReadUInt32BigEndian(address) : BinaryPrimitives.ReadUInt128BigEndian(address);
        Port = port;
    }

    public TransportAddress(IPAddress address, ushort port)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        this = new(bytes[..length], port);
    }

    private TransportAddress(UInt128 bits, ushort port)
    {
        this.bits = bits;
        Port = port;
    }

    public ushort Port { get; }

    public bool IsV4 => (bits >> 32) == 0xFFFF;

    /// <summary>Neither given nor a place: `::`, or 0.0.0.0.</summary>
    public bool IsUnspecified => bits == 0 || bits == MappedPrefix;

    public bool IsLoopback => IsV4 ? (uint)bits >> 24 == 127 : bits == 1;

    /// <summary>169.254/16 or fe80::/10.</summary>
    public bool IsLinkLocal => IsV4 ? (uint)bits >> 16 == 0xA9FE : (uint)(bits >> 118) == 0xFE80 >> 6;

    public bool IsMulticast => IsV4 ? (uint)bits >> 28 == 0xE : (uint)(bits >> 120) == 0xFF;

    /// <summary>An address that only means something behind the same router: RFC 1918, RFC 6598, fc00::/7.</summary>
    public bool IsPrivate => IsV4
        ? (uint)bits >> 24 == 10 || (uint)bits >> 20 == 0xAC1 || (uint)bits >> 16 == 0xC0A8 || (uint)bits >> 22 == 0x6440 >> 6
        : (uint)(bits >> 121) == 0xFC >> 1;

    public int AddressLength => IsV4 ? 4 : 16;

    public TransportAddress WithPort(ushort port) => new(bits, port);

    public bool SameHost(TransportAddress other) => bits == other.bits;

    /// <summary>Writes 4 or 16 bytes.</summary>
    /// <returns>How many.</returns>
    public int WriteAddress(Span<byte> to)
    {
        if (IsV4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, (uint)bits);
            return 4;
        }

        BinaryPrimitives.WriteUInt128BigEndian(to, bits);
        return 16;
    }

    /// <summary>A number made of it and a secret: who does not know the secret cannot choose addresses that fall together.</summary>
    public ulong Mix(ulong secret)
    {
        ulong mixed = secret;
        foreach (ulong part in (ReadOnlySpan<ulong>)[(ulong)bits, (ulong)(bits >> 64), Port])
        {
            mixed = (mixed ^ part) * 0x9E3779B97F4A7C15;
            mixed ^= mixed >> 32;
        }

        return mixed * 0xD6E8FEB86659FD93 >> 16;
    }

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        return new(bytes[..WriteAddress(bytes)]);
    }

    public IPEndPoint ToEndPoint() => new(ToIPAddress(), Port);

    public static TransportAddress From(IPEndPoint endPoint) => new(endPoint.Address, (ushort)endPoint.Port);

    /// <summary>An address in digits, never a name: nothing is asked of the network.</summary>
    public static bool TryParse(ReadOnlySpan<char> address, ushort port, out TransportAddress result)
    {
        result = default;
        if (address.Length > 45 || address.Contains('%') || !IPAddress.TryParse(address, out var parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && address.Count('.') != 3))
        {
            return false;
        }

        result = new(parsed, port);
        return true;
    }

    public bool Equals(TransportAddress other) => bits == other.bits && Port == other.Port;

    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(bits, Port);

    public override string ToString() => ToEndPoint().ToString();

    public static bool operator ==(TransportAddress a, TransportAddress b) => a.Equals(b);

    public static bool operator !=(TransportAddress a, TransportAddress b) => !a.Equals(b);
}
