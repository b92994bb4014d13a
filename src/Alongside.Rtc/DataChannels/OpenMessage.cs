using System.Buffers.Binary;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Rtc.DataChannels;

/// <summary>DATA_CHANNEL_OPEN (RFC 8832 5.1): the first message on a channel, from who opens it.</summary>
/// <remarks><code>3:u8  type:u8  priority:u16  reliability:u32  label length:u16  protocol length:u16  label  protocol</code></remarks>
internal static class OpenMessage
{
    public const byte Type = 3, AckType = 2;

    private const byte Unordered = 0x80, Reliable = 0, Retransmits = 1, Lifetime = 2;

    private const int FixedLength = 12;

    /// <summary>What WebRTC calls normal; nobody reads it.</summary>
    private const ushort Priority = 256;

    /// <summary>Bytes of label and protocol together: what is longer is no name, and who opens many channels would have it kept for each.</summary>
    private const int MaxText = 256;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static byte[] Write(ChannelTerms terms)
    {
        byte[] label = Encoding.UTF8.GetBytes(terms.Label), protocol = Encoding.UTF8.GetBytes(terms.Protocol);
        byte[] message = new byte[FixedLength + label.Length + protocol.Length];
        byte kind = terms.MaxRetransmits is not null ? Retransmits : terms.MaxPacketLifetime is not null ? Lifetime : Reliable;
        message[0] = Type;
        message[1] = (byte)(kind | (terms.IsOrdered ? 0 : Unordered));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Priority);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), (uint)(terms.MaxRetransmits ?? terms.MaxPacketLifetime ?? 0));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(8), checked((ushort)label.Length));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(10), checked((ushort)protocol.Length));
        label.CopyTo(message, FixedLength);
        protocol.CopyTo(message, FixedLength + label.Length);
        return message;
    }

    public static ChannelTerms Read(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        byte type = reader.ReadU8(), kind = reader.ReadU8();
        reader.ReadU16();
        int limit = (int)Math.Min(reader.ReadU32(), int.MaxValue);
        int labelLength = reader.ReadU16(), protocolLength = reader.ReadU16();
        int reliability = kind & ~Unordered;
        if (type != Type || reliability > Lifetime || labelLength + protocolLength > MaxText)
        {
            throw new ProtocolException("A data channel was opened with terms that are none.");
        }

        string label = Text(reader.Take(labelLength)), protocol = Text(reader.Take(protocolLength));
        reader.End();

        return new ChannelTerms
        {
            Label = label,
            Protocol = protocol,
            IsOrdered = (kind & Unordered) == 0,
            MaxRetransmits = reliability == Retransmits ? limit : null,
            MaxPacketLifetime = reliability == Lifetime ? limit : null,
        };
    }

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new ProtocolException("A data channel's name was no text.");
        }
    }
}
