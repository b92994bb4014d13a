using System.Buffers.Binary;
using Alongside.Core.Wire;
using Alongside.Rtc.Stun;

namespace Alongside.Rtc.Turn;

/// <summary>
/// Cuts what comes over TCP or TLS into messages: STUN messages and ChannelData, which both say how long they are (RFC 8656, 12.5). ChannelData is padded to four
/// bytes there, and the padding is not in its length.
/// </summary>
internal sealed class TurnFraming
{
    /// <summary>No datagram is longer that our peers send; what would be is not waited for.</summary>
    private const int MaxMessage = 4096;

    private readonly byte[] buffer = new byte[MaxMessage + 4];
    private int filled;

    /// <summary>Takes bytes of the stream until a message is whole.</summary>
    /// <param name="bytes">Moves behind what was taken.</param>
    /// <param name="message">Without padding; valid until the next call.</param>
    /// <exception cref="ProtocolException">A message is longer than any can be, or none at all.</exception>
    public bool TryRead(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (!Fill(ref bytes, 4))
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer.AsSpan(2));
        bool isChannel = buffer[0] is >= 0x40 and < 0x50;
        if (!isChannel && buffer[0] >= 4)
        {
            throw new ProtocolException("A TURN server sent what is neither a message nor data.");
        }

        int whole = isChannel ? 4 + length : StunMessage.HeaderLength + length;
        int padded = StunMessage.Padded(whole);
        if (padded > buffer.Length)
        {
            throw new ProtocolException("A TURN server sent a message that is too long.");
        }

        if (!Fill(ref bytes, padded))
        {
            return false;
        }

        message = buffer.AsSpan(0, whole);
        filled = 0;
        return true;
    }

    private bool Fill(ref ReadOnlySpan<byte> bytes, int wanted)
    {
        int taken = Math.Min(bytes.Length, wanted - filled);
        if (taken > 0)
        {
            bytes[..taken].CopyTo(buffer.AsSpan(filled));
            bytes = bytes[taken..];
            filled += taken;
        }

        return filled >= wanted;
    }
}
