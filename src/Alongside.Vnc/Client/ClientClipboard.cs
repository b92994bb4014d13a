using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Alongside.Core.Wire;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Client;

/// <summary>
/// The clipboard on both sides (RFB 7.5.6, 7.6.4 and <see cref="ExtendedClipboard"/>). With a server of the extension whoever copies says so and
/// provides when asked; with any other the text is sent at once, as Latin-1. More than <see cref="ExtendedClipboard.MaxSent"/> is not sent, and that is told.
/// </summary>
internal sealed class ClientClipboard(IBufferWriter<byte> output, Queue<RfbClientEvent> events)
{
    private const int Header = 8;
    private const uint Actions = ExtendedClipboard.Request | ExtendedClipboard.Peek | ExtendedClipboard.Notify | ExtendedClipboard.Provide;

    private bool isExtended;
    private uint serverActions;
    private string? mine;
    private long skipping;

    /// <summary>What somebody on our side copied; lines end with \n.</summary>
    public void Set(string text)
    {
        if (!isExtended)
        {
            byte[] latin = Encoding.Latin1.GetBytes(text);
            if (latin.Length > ExtendedClipboard.MaxSent)
            {
                events.Enqueue(new(RfbClientEventKind.ClipboardTooBig, Size: latin.Length));
                return;
            }

            WriteHeader(latin.Length);
            output.WriteBytes(latin);
            return;
        }

        // What was copied before is no longer what is there.
        int size = ExtendedClipboard.SizeOf(text);
        mine = size <= ExtendedClipboard.MaxSent ? text : null;
        if (mine is null)
        {
            events.Enqueue(new(RfbClientEventKind.ClipboardTooBig, Size: size));
        }
        else if ((serverActions & ExtendedClipboard.Notify) != 0)
        {
            Write(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text));
        }
        else if ((serverActions & ExtendedClipboard.Provide) != 0)
        {
            Write(ExtendedClipboard.WriteText(text));
        }
    }

    /// <summary>A message that began with its type; false when more bytes are needed.</summary>
    public bool TryRead(ReadOnlySpan<byte> input, out int consumed, out int needed)
    {
        consumed = 0;
        needed = 1;
        if (skipping > 0)
        {
            consumed = (int)Math.Min(skipping, input.Length);
            skipping -= consumed;
            return skipping == 0;
        }

        needed = Header;
        if (input.Length < Header)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(input[4..]);
        if (length >= 0)
        {
            return TryReadLatin(input, length, out consumed, out needed);
        }

        if (length == int.MinValue || length > -4)
        {
            throw new ProtocolException("The VNC server sent a clipboard of a length that cannot be.");
        }

        if (-length > ExtendedClipboard.MaxMessage)
        {
            return TooBig(input, -length, out consumed);
        }

        needed = Header - length;
        if (input.Length < needed)
        {
            return false;
        }

        Handle(input[Header..needed]);
        consumed = needed;
        return true;
    }

    /// <summary>Text that is not taken passes by without being kept.</summary>
    private bool TooBig(ReadOnlySpan<byte> input, long length, out int consumed)
    {
        events.Enqueue(new(RfbClientEventKind.ClipboardTooBig, Size: length));
        consumed = (int)Math.Min(input.Length, Header + length);
        skipping = Header + length - consumed;
        return skipping == 0;
    }

    private bool TryReadLatin(ReadOnlySpan<byte> input, int length, out int consumed, out int needed)
    {
        needed = 1;
        if (length > ExtendedClipboard.MaxText)
        {
            return TooBig(input, length, out consumed);
        }

        consumed = 0;
        needed = Header + length;
        if (input.Length < needed)
        {
            return false;
        }

        consumed = needed;
        Tell(Encoding.Latin1.GetString(input[Header..needed]).Replace("\r\n", "\n", StringComparison.Ordinal));
        return true;
    }

    private void Handle(ReadOnlySpan<byte> message)
    {
        uint flags = ExtendedClipboard.ReadFlags(message);
        bool isText = (flags & ExtendedClipboard.Text) != 0;
        if ((flags & ExtendedClipboard.Caps) != 0)
        {
            isExtended = true;
            serverActions = flags & Actions;
            Write(ExtendedClipboard.WriteCaps());
        }
        else if ((flags & ExtendedClipboard.Request) != 0)
        {
            if (isText && mine is not null)
            {
                Write(ExtendedClipboard.WriteText(mine));
            }
        }
        else if ((flags & ExtendedClipboard.Peek) != 0)
        {
            Write(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | (mine is null ? 0 : ExtendedClipboard.Text)));
        }
        else if ((flags & ExtendedClipboard.Notify) != 0)
        {
            if (isText)
            {
                Write(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text));
            }
        }
        else if ((flags & ExtendedClipboard.Provide) != 0 && isText)
        {
            // A NUL at the end counts.
            long size = ExtendedClipboard.StatedSize(message);
            if (size > ExtendedClipboard.MaxText + 1)
            {
                events.Enqueue(new(RfbClientEventKind.ClipboardTooBig, Size: size));
            }
            else
            {
                Tell(ExtendedClipboard.ReadText(message) ?? "");
            }
        }
    }

    private void Tell(string text)
    {
        mine = null;
        int size = Encoding.UTF8.GetByteCount(text);
        events.Enqueue(size > ExtendedClipboard.MaxText
            ? new(RfbClientEventKind.ClipboardTooBig, Size: size)
            : new(RfbClientEventKind.Clipboard, Text: text));
    }

    private void Write(byte[] message)
    {
        WriteHeader(-message.Length);
        output.WriteBytes(message);
    }

    private void WriteHeader(int length)
    {
        output.WriteU32((uint)ClientMessageType.ClientCutText << 24);
        output.WriteU32((uint)length);
    }
}
