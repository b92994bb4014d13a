using System.Buffers.Binary;

namespace Alongside.Rtc.Sctp.Wire;

/// <summary>One outgoing packet, written into the caller's memory.</summary>
/// <remarks><code>source port:u16  destination port:u16  verification tag:u32  checksum:u32  chunks</code></remarks>
internal ref struct PacketWriter
{
    public const int HeaderLength = 12;

    private Span<byte> packet;

    public PacketWriter(Span<byte> packet, ushort localPort, ushort remotePort, uint tag)
    {
        this.packet = packet[..(packet.Length & ~3)];
        BinaryPrimitives.WriteUInt16BigEndian(packet, localPort);
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], remotePort);
        BinaryPrimitives.WriteUInt32BigEndian(packet[4..], tag);
        BinaryPrimitives.WriteUInt32BigEndian(packet[8..], 0);
        Length = HeaderLength;
    }

    /// <summary>Bytes written so far, the header's included.</summary>
    public int Length { get; private set; }

    public readonly bool IsEmpty => Length == HeaderLength;

    /// <summary>How long the value of one more chunk can be; negative when there is no room for its header.</summary>
    public readonly int Room => packet.Length - Length - ChunkReader.HeaderLength;

    /// <summary>From here on the packet may be no longer than this.</summary>
    public void Narrow(int length) => packet = packet[..Math.Min(packet.Length, Math.Max(Length, length & ~3))];

    /// <summary>Adds a chunk; the caller fills its value, which is at most <see cref="Room"/> long.</summary>
    public Span<byte> Add(byte type, byte flags, int valueLength) => Add((ushort)((type << 8) | flags), valueLength);

    /// <summary>Adds what has a type of two bytes: a parameter, when this writer's memory is a chunk's value.</summary>
    public Span<byte> Add(ushort type, int valueLength)
    {
        int length = ChunkReader.HeaderLength + valueLength;
        var place = packet[Length..];
        BinaryPrimitives.WriteUInt16BigEndian(place, type);
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], checked((ushort)length));
        int padded = (length + 3) & ~3;
        place[length..padded].Clear();
        Length += padded;
        return place[ChunkReader.HeaderLength..length];
    }

    /// <summary>The packet's length, its checksum in place unless the peer does without (RFC 9653).</summary>
    public readonly int Finish(bool withChecksum)
    {
        if (withChecksum)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet[8..], Crc32c.OfPacket(packet[..Length]));
        }

        return Length;
    }
}
