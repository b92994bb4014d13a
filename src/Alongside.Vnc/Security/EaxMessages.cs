using System.Buffers;
using System.Buffers.Binary;
using Alongside.Core.Wire;

namespace Alongside.Vnc.Security;

/// <summary>
/// One direction of RSA-AES (RFB, security types 5, 6, 129, 130): a stream in messages, numbered from 0 by a counter of 16 bytes, lowest first.
/// <code>
/// u16 length | encrypted | 16 tag                 the tag covers the length
/// </code>
/// </summary>
internal sealed class EaxMessages(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Bytes a message of ours holds at most; others may send up to 65535.</summary>
    private const int MaxOwn = 8192;
    private const int Header = 2;

    private readonly AesEax cipher = new(key);
    private readonly byte[] counter = new byte[16];

    public void Seal(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        while (!text.IsEmpty)
        {
            var part = text[..Math.Min(text.Length, MaxOwn)];
            text = text[part.Length..];
            var message = output.GetSpan(Header + part.Length + AesEax.TagLength)[..(Header + part.Length + AesEax.TagLength)];
            BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)part.Length);
            part.CopyTo(message[Header..]);
            cipher.Seal(counter, message[..Header], message.Slice(Header, part.Length), message[(Header + part.Length)..]);
            output.Advance(message.Length);
            Count();
        }
    }

    /// <summary>The length of the message that begins here, as far as its first bytes tell.</summary>
    public static int Length(ReadOnlySpan<byte> input) =>
        input.Length < Header ? Header : Header + BinaryPrimitives.ReadUInt16BigEndian(input) + AesEax.TagLength;

    /// <summary>What a whole message holds, decrypted into <paramref name="into"/>; how long that is.</summary>
    /// <exception cref="ProtocolException">It was changed on the way.</exception>
    public int Open(ReadOnlySpan<byte> message, Span<byte> into)
    {
        int length = message.Length - Header - AesEax.TagLength;
        var text = into[..length];
        message.Slice(Header, length).CopyTo(text);
        if (!cipher.TryOpen(counter, message[..Header], text, message[^AesEax.TagLength..]))
        {
            throw new ProtocolException("What the VNC server sent was changed on the way.");
        }

        Count();
        return length;
    }

    public void Dispose() => cipher.Dispose();

    private void Count()
    {
        for (int i = 0; i < counter.Length && ++counter[i] == 0; i++)
        {
        }
    }
}
