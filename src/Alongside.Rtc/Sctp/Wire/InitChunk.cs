using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Rtc.Sctp.Wire;

/// <summary>What INIT and INIT ACK say of their sender (RFC 9260 3.3.2, 3.3.3).</summary>
/// <remarks><code>tag:u32  window:u32  outbound streams:u16  inbound streams:u16  initial TSN:u32  parameters</code></remarks>
internal readonly record struct InitChunk(
    uint Tag, uint Window, ushort OutboundStreams, ushort InboundStreams, uint InitialTsn, bool HasForwardTsn, bool HasReConfig, bool TakesZeroChecksum)
{
    public const int FixedLength = 16;

    /// <summary>Windows below this are refused by the standard.</summary>
    public const uint MinimalWindow = 1500;

    /// <summary>The error detection method that stands in for the checksum: DTLS (RFC 9653, section 8).</summary>
    private const uint ByDtls = 1;

    /// <summary>Reads the chunk's value; <paramref name="cookie"/> is empty unless there was one.</summary>
    public static InitChunk Read(ReadOnlySpan<byte> value, out ReadOnlySpan<byte> cookie)
    {
        var reader = new WireReader(value);
        uint tag = reader.ReadU32(), window = reader.ReadU32();
        ushort outbound = reader.ReadU16(), inbound = reader.ReadU16();
        uint tsn = reader.ReadU32();
        if (tag == 0 || outbound == 0 || inbound == 0)
        {
            throw new ProtocolException("An INIT had no tag or no streams.");
        }

        bool forward = false, reConfig = false, zero = false;
        cookie = default;
        var parameters = new ChunkReader(reader.Rest);
        while (parameters.MoveNext())
        {
            switch (parameters.ParameterType)
            {
                case ParameterType.StateCookie:
                    cookie = parameters.Value;
                    break;
                case ParameterType.ForwardTsn:
                    forward = true;
                    break;
                case ParameterType.SupportedExtensions:
                    forward |= parameters.Value.Contains(ChunkType.ForwardTsn);
                    reConfig |= parameters.Value.Contains(ChunkType.ReConfig);
                    break;
                case ParameterType.ZeroChecksum:
                    zero = parameters.Value.Length == 4 && BinaryPrimitives.ReadUInt32BigEndian(parameters.Value) == ByDtls;
                    break;
            }
        }

        if (parameters.IsBroken)
        {
            throw new ProtocolException("An INIT had a broken parameter.");
        }

        return new InitChunk(tag, Math.Max(window, MinimalWindow), outbound, inbound, tsn, forward, reConfig, zero);
    }

    public void Write(ref PacketWriter packet, byte type, scoped ReadOnlySpan<byte> cookie)
    {
        int cookieLength = cookie.IsEmpty ? 0 : 4 + ((cookie.Length + 3) & ~3);
        int length = FixedLength + 4 + 8 + (TakesZeroChecksum ? 8 : 0) + cookieLength;
        var value = packet.Add(type, 0, length);
        value.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(value, Tag);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], Window);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], OutboundStreams);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], InboundStreams);
        BinaryPrimitives.WriteUInt32BigEndian(value[12..], InitialTsn);
        value = value[FixedLength..];

        Parameter(ref value, ParameterType.ForwardTsn, []);
        Parameter(ref value, ParameterType.SupportedExtensions, [ChunkType.ReConfig, ChunkType.ForwardTsn]);
        if (TakesZeroChecksum)
        {
            Parameter(ref value, ParameterType.ZeroChecksum, [0, 0, 0, (byte)ByDtls]);
        }

        if (!cookie.IsEmpty)
        {
            Parameter(ref value, ParameterType.StateCookie, cookie);
        }
    }

    private static void Parameter(ref Span<byte> place, ushort type, scoped ReadOnlySpan<byte> value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(place, type);
        BinaryPrimitives.WriteUInt16BigEndian(place[2..], (ushort)(4 + value.Length));
        value.CopyTo(place[4..]);
        place = place[(4 + ((value.Length + 3) & ~3))..];
    }
}
