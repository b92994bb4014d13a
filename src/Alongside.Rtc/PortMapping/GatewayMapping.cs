using System.Buffers.Binary;
using System.Net;
using Alongside.Core.Secure;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.PortMapping;

/// <summary>
/// Asks the router for a port that leads to ours: by PCP (RFC 6887), or by NAT-PMP (RFC 6886) when that is all it speaks; both on UDP 5351. Pure: <see cref="HandleTimeout"/> at
/// <see cref="NextTimeout"/>, <see cref="Handle"/> for what comes from the router, <see cref="TryPoll"/> for what goes to it. A mapping is renewed at half its life and given
/// back at <see cref="Close"/>. Times in microseconds.
/// <code>
/// PCP:      version 2 | opcode | reserved 2 | lifetime 4 | our address 16 | nonce 12 | protocol, 0 0 0 | port 2 | wished port 2 | wished address 16
/// NAT-PMP:  version 0 | opcode 1 | reserved 2 | port 2 | wished port 2 | lifetime 4
/// </code>
/// </summary>
public sealed class GatewayMapping
{
    public const int Port = 5351;

    private const int PcpLength = 60;
    private const uint Lifetime = 3600;
    private const uint LeastLifetime = 60;
    private const int Tries = 5;
    private const int Udp = 17;
    private const int PcpUnsupportedVersion = 1;

    private readonly TransportAddress local;
    private readonly byte[] nonce = new byte[12];
    private readonly Queue<byte[]> output = new();
    private bool isPcp = true;
    private bool isClosed;
    private int tries;
    private long wait;
    private TransportAddress? natPmpAddress;

    /// <param name="local">The socket that is to be reached, by an address the router knows it by.</param>
    public GatewayMapping(long now, TransportAddress local, IRandomSource random)
    {
        this.local = local;
        random.Fill(nonce);
        Begin(now);
    }

    /// <summary>Where the world reaches us; null: nowhere (yet).</summary>
    public TransportAddress? External { get; private set; }

    /// <summary>The router speaks neither, or refuses: <see cref="Refusal"/> has its number, 0 for silence.</summary>
    public bool HasFailed { get; private set; }

    public int Refusal { get; private set; }

    /// <summary>Which protocol it is.</summary>
    public string Protocol => isPcp ? "PCP" : "NAT-PMP";

    public long NextTimeout { get; private set; }

    public bool TryPoll(out byte[] packet) => output.TryDequeue(out packet!);

    public void HandleTimeout(long now)
    {
        if (now < NextTimeout || isClosed || HasFailed)
        {
            return;
        }

        if (tries >= Tries)
        {
            if (isPcp && External is null)
            {
                // Old routers throw away what they do not know, instead of saying so.
                isPcp = false;
                Begin(now);
                return;
            }

            Fail(0);
            return;
        }

        tries++;
        Ask(Lifetime);
        NextTimeout = now + wait;
        wait *= 2;
    }

    /// <param name="packet">From the router, whose address the driver has checked.</param>
    public void Handle(long now, ReadOnlySpan<byte> packet)
    {
        if (isClosed || HasFailed || packet.Length < 4 || (packet[1] & 0x80) == 0)
        {
            return;
        }

        if (packet[0] == 0)
        {
            HandleNatPmp(now, packet);
        }
        else if (packet[0] == 2 && isPcp && packet.Length >= PcpLength && packet[1] == 0x81)
        {
            HandlePcp(now, packet);
        }
    }

    /// <summary>Gives the mapping back: what is then polled is the last.</summary>
    public void Close()
    {
        if (External is not null && !isClosed)
        {
            Ask(0);
        }

        External = null;
        isClosed = true;
        NextTimeout = long.MaxValue;
    }

    private void Begin(long now)
    {
        tries = 0;
        wait = 250_000;
        NextTimeout = now;
    }

    private void Ask(uint lifetime)
    {
        if (!isPcp)
        {
            if (lifetime > 0 && natPmpAddress is null)
            {
                output.Enqueue([0, 0]);
            }

            var request = new byte[12];
            request[1] = 1;
            BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(4), local.Port);
            BinaryPrimitives.WriteUInt16BigEndian(request.AsSpan(6), lifetime == 0 ? (ushort)0 : External?.Port ?? local.Port);
            BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(8), lifetime);
            output.Enqueue(request);
            return;
        }

        var packet = new byte[PcpLength];
        packet[0] = 2;
        packet[1] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), lifetime);
        WriteAsV6(local, packet.AsSpan(8));
        nonce.CopyTo(packet, 24);
        packet[36] = Udp;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(40), local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(42), External?.Port ?? local.Port);
        WriteAsV6(External ?? new(local.IsV4 ? IPAddress.Any : IPAddress.IPv6Any, 0), packet.AsSpan(44));
        output.Enqueue(packet);
    }

    private void HandlePcp(long now, ReadOnlySpan<byte> packet)
    {
        if (!packet.Slice(24, 12).SequenceEqual(nonce) || packet[36] != Udp || BinaryPrimitives.ReadUInt16BigEndian(packet[40..]) != local.Port)
        {
            return;
        }

        if (packet[3] != 0)
        {
            if (packet[3] == PcpUnsupportedVersion)
            {
                isPcp = false;
                Begin(now);
            }
            else
            {
                Fail(packet[3]);
            }

            return;
        }

        Mapped(now, new(packet.Slice(44, 16), BinaryPrimitives.ReadUInt16BigEndian(packet[42..])), BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
    }

    private void HandleNatPmp(long now, ReadOnlySpan<byte> packet)
    {
        int result = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (isPcp)
        {
            // A router of NAT-PMP alone answers everything else with this (RFC 6887, A).
            if (result == PcpUnsupportedVersion)
            {
                isPcp = false;
                Begin(now);
            }

            return;
        }

        if (result != 0)
        {
            Fail(result);
        }
        else if (packet[1] == 0x80 && packet.Length >= 12)
        {
            natPmpAddress = new(packet.Slice(8, 4), 0);
            if (External is { } known)
            {
                External = natPmpAddress.Value.WithPort(known.Port);
            }
        }
        else if (packet[1] == 0x81 && packet.Length >= 16 && natPmpAddress is { } address && BinaryPrimitives.ReadUInt16BigEndian(packet[8..]) == local.Port)
        {
            Mapped(now, address.WithPort(BinaryPrimitives.ReadUInt16BigEndian(packet[10..])), BinaryPrimitives.ReadUInt32BigEndian(packet[12..]));
        }
    }

    private void Mapped(long now, TransportAddress external, uint lifetime)
    {
        if (external.Port == 0 || external.IsUnspecified || external.IsMulticast || external.IsLoopback || lifetime == 0)
        {
            return;
        }

        External = external;
        tries = 0;
        wait = 250_000;
        NextTimeout = now + (Math.Clamp(lifetime, LeastLifetime, Lifetime * 24) * 500_000L);
    }

    private void Fail(int refusal)
    {
        External = null;
        HasFailed = true;
        Refusal = refusal;
        NextTimeout = long.MaxValue;
    }

    private static void WriteAsV6(TransportAddress address, Span<byte> to)
    {
        if (address.IsV4)
        {
            to[10] = to[11] = 0xFF;
            to = to[12..];
        }

        address.WriteAddress(to);
    }
}
