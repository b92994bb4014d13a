using System.Buffers.Binary;
using Alongside.Core.Wire;
using Alongside.Vnc.Security;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>What comes from the server: out of its encryption, then step by step, each as soon as it is whole.</summary>
public sealed partial class RfbClient
{
    private const int MaxFence = 64;
    private const uint FenceRequest = 0x80000000;
    private const uint FenceKnown = 7;

    private int needed;
    private bool isWithinCutText;
    private long skipping;

    /// <summary>Message by message, since one of them may be the last that is encrypted.</summary>
    private void HandleEncrypted(long now, ReadOnlySpan<byte> bytes)
    {
        opened = opened.Length == 0 ? new byte[MaxSealed] : opened;
        while (handshake.Reading is { } messages)
        {
            int take = Math.Min(bytes.Length, MaxSealed - encrypted.Count);
            encrypted.Append(bytes[..take]);
            bytes = bytes[take..];
            int length = EaxMessages.Length(encrypted.Unread);
            if (encrypted.Count < length)
            {
                return;
            }

            int text = messages.Open(encrypted.Unread[..length], opened);
            encrypted.Consume(length);
            HandlePlain(now, opened.AsSpan(0, text));
        }

        HandlePlain(now, [.. encrypted.Unread, .. bytes]);
        encrypted.Consume(encrypted.Count);
    }

    private void HandlePlain(long now, ReadOnlySpan<byte> bytes)
    {
        // Most of what comes is used where it lies; what is cut off is kept until the rest of it is there.
        if (waiting.Count == 0)
        {
            waiting.Append(bytes[Parse(now, bytes)..]);
            return;
        }

        waiting.Append(bytes);
        if (waiting.Count >= needed)
        {
            waiting.Consume(Parse(now, waiting.Unread));
        }
    }

    /// <summary>Uses as much as is whole; how much that was.</summary>
    private int Parse(long now, ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        needed = 1;

        // A rectangle without data is whole as soon as its header is.
        while (at < bytes.Length || updates.IsWithin)
        {
            var before = handshake.Reading;
            bool done = TryStep(now, bytes[at..], out int consumed, out needed);
            at += consumed;
            if (handshake.Reading is not null && before is null)
            {
                // The rest is in messages.
                encrypted.Append(bytes[at..]);
                return bytes.Length;
            }

            if (output.WrittenCount > MaxUnsent)
            {
                throw new ProtocolException("The VNC server asks for answers and takes none.");
            }

            if (handshake.WantsTls)
            {
                if (at < bytes.Length)
                {
                    throw new ProtocolException("The VNC server spoke before its turn.");
                }

                events.Enqueue(new(RfbClientEventKind.StartTls, IsAnonymous: handshake.IsAnonymous));
            }

            if (!done && consumed == 0)
            {
                break;
            }
        }

        return at;
    }

    private bool TryStep(long now, ReadOnlySpan<byte> bytes, out int consumed, out int needed)
    {
        if (!IsReady)
        {
            bool done = handshake.TryStep(bytes, out consumed, out needed);
            if (handshake.Init is { } init)
            {
                Enter(now, init);
            }

            return done;
        }

        if (skipping > 0)
        {
            needed = 1;
            consumed = (int)Math.Min(skipping, bytes.Length);
            skipping -= consumed;
            return true;
        }

        if (updates.IsWithin)
        {
            return updates.TryStep(now, bytes, out consumed, out needed);
        }

        if (isWithinCutText)
        {
            isWithinCutText = !clipboard.TryRead(bytes, out consumed, out needed);
            return !isWithinCutText;
        }

        return TryReadMessage(now, bytes, out consumed, out needed);
    }

    private bool TryReadMessage(long now, ReadOnlySpan<byte> bytes, out int consumed, out int needed)
    {
        switch (bytes[0])
        {
            case ServerMessageType.FramebufferUpdate:
                return updates.TryStep(now, bytes, out consumed, out needed);
            case ServerMessageType.ServerCutText:
                isWithinCutText = !clipboard.TryRead(bytes, out consumed, out needed);
                return !isWithinCutText;
            case ServerMessageType.SetColourMapEntries:
                // Nothing here is shown by a map: the entries pass by.
                if (!Whole(bytes, 6, out consumed, out needed))
                {
                    return false;
                }

                skipping = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) * 6L;
                return true;
            case ServerMessageType.Bell:
                return Whole(bytes, 1, out consumed, out needed);
            case ServerMessageType.EndOfContinuousUpdates:
                demand.EndOfContinuous();
                return Whole(bytes, 1, out consumed, out needed);
            case ServerMessageType.Fence:
                return TryAnswerFence(bytes, out consumed, out needed);
            case ServerMessageType.Xvp:
                return Whole(bytes, 4, out consumed, out needed);
            default:
                throw new ProtocolException($"The VNC server sent a message of type {bytes[0]}, which was not asked for.");
        }
    }

    /// <summary>
    /// The server wants to know when we have come this far; we have, since everything is done in order.
    /// <code>
    /// u8 248 | 3 x 0 | u32 flags | u8 length | bytes
    /// </code>
    /// </summary>
    private bool TryAnswerFence(ReadOnlySpan<byte> bytes, out int consumed, out int needed)
    {
        if (!Whole(bytes, 9, out consumed, out needed))
        {
            return false;
        }

        int length = bytes[8];
        if (length > MaxFence)
        {
            throw new ProtocolException("A fence of the VNC server is too long.");
        }

        if (!Whole(bytes, 9 + length, out consumed, out needed))
        {
            return false;
        }

        uint flags = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        if ((flags & FenceRequest) != 0)
        {
            output.WriteU32((uint)ClientMessageType.Fence << 24);
            output.WriteU32(flags & FenceKnown);
            output.WriteU8((byte)length);
            output.WriteBytes(bytes.Slice(9, length));
        }

        return true;
    }

    private static bool Whole(ReadOnlySpan<byte> bytes, int length, out int consumed, out int needed)
    {
        needed = length;
        consumed = bytes.Length >= length ? length : 0;
        return consumed > 0;
    }
}
