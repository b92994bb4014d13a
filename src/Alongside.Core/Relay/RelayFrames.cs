using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Core.Relay;

/// <summary>
/// Binary messages of the relay (docs/protocol/relay.md, "Relay frames, binary").
/// <code>
/// client to server   0x01 | n u8 | to u16 x n | payload
/// server to client   0x01 | from u16 | payload
/// server to client   0x02 | to u16 | bytes u32
/// </code>
/// </summary>
public static class RelayFrames
{
    public const byte PayloadKind = 0x01;
    public const byte WindowKind = 0x02;

    /// <summary>Bytes before the payload on its way to a client.</summary>
    public const int DeliveryHeader = 3;

    /// <summary>Bytes of a window update.</summary>
    public const int WindowUpdate = 7;

    /// <summary>Bytes before the payload on its way to the server.</summary>
    public static int SendHeader(int receivers) => 2 + (2 * receivers);

    public static void WriteSend(Span<byte> output, ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
    {
        output[0] = PayloadKind;
        output[1] = (byte)to.Length;
        for (var i = 0; i < to.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(output[(2 + (2 * i))..], to[i]);
        }

        payload.CopyTo(output[SendHeader(to.Length)..]);
    }

    public static void WriteDelivery(Span<byte> output, ushort from, ReadOnlySpan<byte> payload)
    {
        output[0] = PayloadKind;
        BinaryPrimitives.WriteUInt16BigEndian(output[1..], from);
        payload.CopyTo(output[DeliveryHeader..]);
    }

    public static void WriteWindow(Span<byte> output, ushort to, uint bytes)
    {
        output[0] = WindowKind;
        BinaryPrimitives.WriteUInt16BigEndian(output[1..], to);
        BinaryPrimitives.WriteUInt32BigEndian(output[3..], bytes);
    }

    /// <summary>Reads what a client sent: its receivers, two bytes each (<see cref="Receiver"/>), and the payload.</summary>
    /// <exception cref="ProtocolException">Another kind, no receiver, a header longer than the message, an empty or oversized payload.</exception>
    public static void ReadSend(ReadOnlySpan<byte> message, out ReadOnlySpan<byte> receivers, out ReadOnlySpan<byte> payload)
    {
        var reader = new WireReader(message);
        if (reader.ReadU8() != PayloadKind)
        {
            throw new ProtocolException("A binary message was of an unknown kind.");
        }

        var count = reader.ReadU8();
        if (count == 0)
        {
            throw new ProtocolException("A frame had no receiver.");
        }

        receivers = reader.Take(2 * count);
        payload = reader.Rest;
        CheckPayload(payload);
    }

    public static ushort Receiver(ReadOnlySpan<byte> receivers, int index) => BinaryPrimitives.ReadUInt16BigEndian(receivers[(2 * index)..]);

    /// <summary>Reads what the server sent. Either a payload of <paramref name="member"/>, or with an empty payload
    /// <paramref name="bytes"/> more that may be sent to it.</summary>
    /// <exception cref="ProtocolException">Another kind, too short, too long.</exception>
    public static void ReadFromServer(ReadOnlySpan<byte> message, out ushort member, out ReadOnlySpan<byte> payload, out uint bytes)
    {
        var reader = new WireReader(message);
        var kind = reader.ReadU8();
        member = reader.ReadU16();
        bytes = 0;
        payload = default;
        switch (kind)
        {
            case PayloadKind:
                payload = reader.Rest;
                CheckPayload(payload);
                break;
            case WindowKind:
                bytes = reader.ReadU32();
                reader.End();
                break;
            default:
                throw new ProtocolException("A binary message was of an unknown kind.");
        }
    }

    private static void CheckPayload(ReadOnlySpan<byte> payload)
    {
        if (payload.Length is 0 or > RelayLimits.Payload)
        {
            throw new ProtocolException("A payload was empty or over 65,536 bytes.");
        }
    }
}
