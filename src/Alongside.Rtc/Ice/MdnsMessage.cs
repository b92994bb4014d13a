using System.Buffers.Binary;
using System.Net;
using System.Text;
using Alongside.Core.Wire;

namespace Alongside.Rtc.Ice;

/// <summary>The little of DNS (RFC 1035, 4; RFC 6762) that resolving one name on the local network takes.</summary>
public static class MdnsMessage
{
    private const int TypeA = 1;
    private const int TypeAaaa = 28;
    private const int MaxRecords = 64;

    /// <summary>Asks for the IPv4 and the IPv6 address of a name.</summary>
    public static byte[] Ask(string name)
    {
        var message = new byte[12 + (2 * (name.Length + 2 + 4))];
        message[5] = 2;
        int at = 12;
        foreach (int type in (ReadOnlySpan<int>)[TypeA, TypeAaaa])
        {
            foreach (var label in name.Split('.'))
            {
                message[at++] = checked((byte)label.Length);
                at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
            }

            message[at + 2] = (byte)type;

            // IN, and the answer may come to us alone.
            message[at + 3] = 0x80;
            message[at + 4] = 1;
            at += 5;
        }

        return message;
    }

    /// <returns>The first address the message has for the name; null when it has none.</returns>
    /// <exception cref="ProtocolException">It is no DNS message.</exception>
    public static IPAddress? ReadAnswer(ReadOnlySpan<byte> message, string name)
    {
        var reader = new WireReader(message);
        reader.Take(2);
        bool isAnswer = (reader.ReadU16() & 0x8000) != 0;
        int questions = reader.ReadU16();
        int records = reader.ReadU16();
        reader.Take(4);
        if (!isAnswer || questions > MaxRecords || records > MaxRecords)
        {
            return null;
        }

        int at = 12;
        for (int i = 0; i < questions; i++)
        {
            _ = ReadName(message, ref at);
            at += 4;
        }

        for (int i = 0; i < records; i++)
        {
            var owner = ReadName(message, ref at);
            if (at + 10 > message.Length)
            {
                throw new ProtocolException("A DNS message ended too early.");
            }

            int type = BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
            at += 10;
            if (at + length > message.Length)
            {
                throw new ProtocolException("A DNS message ended too early.");
            }

            if (owner.Equals(name, StringComparison.OrdinalIgnoreCase) && ((type == TypeA && length == 4) || (type == TypeAaaa && length == 16)))
            {
                return new(message.Slice(at, length));
            }

            at += length;
        }

        return null;
    }

    /// <summary>Labels up to an empty one, or to a pointer to earlier ones; a pointer never leads forward, so this ends.</summary>
    private static string ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        int here = at;
        int bound = message.Length;
        bool hasJumped = false;
        while (true)
        {
            if (here >= bound || name.Length > 255)
            {
                throw new ProtocolException("A DNS name was not well formed.");
            }

            int length = message[here];
            if (length == 0)
            {
                at = hasJumped ? at : here + 1;
                return name.ToString();
            }

            if (length >= 0xC0)
            {
                if (here + 2 > message.Length)
                {
                    throw new ProtocolException("A DNS name was not well formed.");
                }

                int target = BinaryPrimitives.ReadUInt16BigEndian(message[here..]) & 0x3FFF;
                at = hasJumped ? at : here + 2;
                hasJumped = true;
                bound = Math.Min(bound, here);
                here = target;
                continue;
            }

            if (length > 63 || here + 1 + length > message.Length)
            {
                throw new ProtocolException("A DNS name was not well formed.");
            }

            name.Append(name.Length > 0 ? "." : "").Append(Encoding.ASCII.GetString(message.Slice(here + 1, length)));
            here += 1 + length;
        }
    }
}
