using System.Buffers.Binary;
using System.Text;
using Alongside.Core.Input;
using Alongside.Core.Pixels;
using Alongside.Core.Wire;
using Alongside.Vnc.Extensions;
using Alongside.Vnc.Pixels;
using Alongside.Vnc.Wire;

namespace Alongside.Vnc.Server;

/// <summary>What a viewer says once it is in (RFB 7.5 and the extensions).</summary>
public sealed partial class ServerSession
{
    /// <summary>Encodings a viewer may name; the longest lists of real ones have about fifty.</summary>
    private const int MaxEncodings = 1024;

    private const uint FenceRequest = 1u << 31, FenceKnown = 7;
    private const int MaxFence = 64;

    /// <summary>A viewer with more than this unsent is told of a clipboard later, in bytes.</summary>
    private const int MostBehind = 256 * 1024;

    private readonly UpdatePacing pacing = new();
    private readonly HeldKeysyms keys = new();
    private ViewerWishes wishes = new();
    private PixelFormat format = PixelFormat.Bgrx;
    private int buttons;
    private long toSkip;
    private bool saidContinuous;
    private bool saidFence;
    private bool saidClipboard;
    private string? clipboard;
    private bool owesClipboard;

    /// <summary>What the viewer does of the extended clipboard, as it said; null: it said nothing.</summary>
    private uint? viewerActions;

    /// <summary>What the viewer's person copies is wanted here; else it is not asked for.</summary>
    public bool TakesClipboard { get; set; } = true;

    /// <summary>The person at the desktop copied. The viewer is told, or told that it may ask. Only the newest is kept for a viewer that is behind.</summary>
    public void Copied(string text)
    {
        clipboard = text;
        owesClipboard = true;
        FlushClipboard();
    }

    private void FlushClipboard()
    {
        if (phase != ServerPhase.Normal || !owesClipboard || unsent + output.Length > MostBehind)
        {
            return;
        }

        owesClipboard = false;
        if (wishes.ExtendedClipboard)
        {
            FlushExtendedClipboard(clipboard!);
            return;
        }

        // Latin-1 is all there was; other characters become question marks.
        byte[] latin = Encoding.Latin1.GetBytes(clipboard!.ReplaceLineEndings("\n"));
        if (latin.Length > ExtendedClipboard.MaxSent)
        {
            return;
        }

        output.WriteU32((uint)ServerMessageType.ServerCutText << 24);
        output.WriteU32((uint)latin.Length);
        output.WriteBytes(latin);
    }

    /// <summary>One that said nothing of what it does is given the text itself: viewers of libvncclient take that and do nothing else.</summary>
    private void FlushExtendedClipboard(string text)
    {
        uint actions = viewerActions ?? ExtendedClipboard.Notify | ExtendedClipboard.Provide;
        bool isAsked = viewerActions is not null && (actions & ExtendedClipboard.Notify) != 0;
        if (!isAsked && (actions & ExtendedClipboard.Provide) != 0 && ExtendedClipboard.SizeOf(text) <= ExtendedClipboard.MaxSent)
        {
            WriteExtendedClipboard(ExtendedClipboard.WriteText(text));
        }
        else if ((actions & ExtendedClipboard.Notify) != 0)
        {
            WriteExtendedClipboard(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | ExtendedClipboard.Text));
        }
    }

    private bool ReadMessage(long now)
    {
        var unread = input.Unread;
        if (unread.Length == 0)
        {
            return false;
        }

        int length = LengthOf(unread);
        if (length < 0 || unread.Length < length)
        {
            return false;
        }

        Do(now, unread[..length]);
        input.Consume(length);
        int skipped = (int)Math.Min(toSkip, input.Count);
        input.Consume(skipped);
        toSkip -= skipped;
        return true;
    }

    /// <summary>The message's length; -1 while too little of it is there to tell.</summary>
    private int LengthOf(ReadOnlySpan<byte> unread) => unread[0] switch
    {
        ClientMessageType.SetPixelFormat => 20,
        ClientMessageType.SetEncodings => unread.Length < 4 ? -1 : 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(unread[2..])),
        ClientMessageType.FramebufferUpdateRequest => 10,
        ClientMessageType.KeyEvent => 8,
        ClientMessageType.PointerEvent => unread.Length < 2 ? -1 : wishes.ExtendedButtons && (unread[1] & 0x80) != 0 ? 7 : 6,
        ClientMessageType.ClientCutText => unread.Length < 8 ? -1 : CutTextLength(BinaryPrimitives.ReadInt32BigEndian(unread[4..])),
        ClientMessageType.EnableContinuousUpdates => 10,
        ClientMessageType.Fence => unread.Length < 9 ? -1 : 9 + unread[8],
        ClientMessageType.SetDesktopSize => unread.Length < 7 ? -1 : 8 + (16 * unread[6]),
        ClientMessageType.Qemu => unread.Length < 2 ? -1 : unread[1] == 0 ? 12 : throw new ProtocolException($"A viewer sent QEMU message {unread[1]}, which is not known."),
        var other => throw new ProtocolException($"A viewer sent message {other}, which is not known."),
    };

    /// <summary>Negative: the extended clipboard's. What is too long is read past without being kept, header first.</summary>
    private static int CutTextLength(int length) => length switch
    {
        >= 0 and <= ExtendedClipboard.MaxText => 8 + length,
        >= 0 => 8,
        int.MinValue => throw new ProtocolException("A clipboard has an impossible length."),
        _ when -length > ExtendedClipboard.MaxMessage => 8,
        _ when -length < 4 => throw new ProtocolException("A clipboard message is too short."),
        _ => 8 - length,
    };

    /// <summary>Reads past what is not wanted, as it comes.</summary>
    private ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> bytes)
    {
        int skipped = (int)Math.Min(toSkip, bytes.Length);
        toSkip -= skipped;
        return bytes[skipped..];
    }

    private void Do(long now, ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message[1..]);
        switch (message[0])
        {
            case ClientMessageType.SetPixelFormat:
                reader.Take(3);
                SetFormat(PixelFormat.Read(reader.Rest));
                break;
            case ClientMessageType.SetEncodings:
                reader.Take(3);
                SetEncodings(reader.Rest);
                break;
            case ClientMessageType.FramebufferUpdateRequest:
                bool incremental = reader.ReadU8() != 0;
                Request(ReadArea(ref reader), incremental);
                break;
            case ClientMessageType.KeyEvent:
                bool down = reader.ReadU8() != 0;
                reader.ReadU16();
                DoKey(down, reader.ReadU32(), 0);
                break;
            case ClientMessageType.PointerEvent:
                DoPointer(ref reader);
                break;
            case ClientMessageType.ClientCutText:
                reader.Take(3);
                DoCutText(reader.ReadU32(), reader.Rest);
                break;
            case ClientMessageType.EnableContinuousUpdates:
                EnableContinuous(reader.ReadU8() != 0, ReadArea(ref reader));
                break;
            case ClientMessageType.Fence:
                reader.Take(3);
                DoFence(now, reader.ReadU32(), message[9..]);
                break;
            case ClientMessageType.SetDesktopSize:
                reader.ReadU8();
                AskForSize(reader.ReadU16(), reader.ReadU16());
                break;
            case ClientMessageType.Qemu:
                reader.ReadU8();
                bool pressed = reader.ReadU16() != 0;
                uint keysym = reader.ReadU32();
                DoKey(pressed, keysym, XtKeys.UsageOf(reader.ReadU32()));
                break;
        }
    }

    private void Emit(InputMessage message) => events.Enqueue(new(ServerEventKind.Input, message));

    /// <summary>A key whose place is known is released by that, whatever it means by then.</summary>
    private void DoKey(bool down, uint keysym, ushort usage)
    {
        if (usage == 0)
        {
            if (!down)
            {
                keysym = keys.Release(keysym);
            }
            else if (keys.Press(keysym, out uint other))
            {
                Emit(InputMessage.Key(false, other, 0));
            }
        }

        Emit(InputMessage.Key(down, keysym, usage));
    }

    private static PixelRect ReadArea(ref WireReader reader) => new(reader.ReadU16(), reader.ReadU16(), reader.ReadU16(), reader.ReadU16());

    private void SetFormat(PixelFormat changed)
    {
        format = changed;
        formatChanged = true;
    }

    private void SetEncodings(ReadOnlySpan<byte> list)
    {
        int count = Math.Min(list.Length / 4, MaxEncodings);
        Span<int> encodings = stackalloc int[count];
        for (int i = 0; i < count; i++)
        {
            encodings[i] = BinaryPrimitives.ReadInt32BigEndian(list[(i * 4)..]);
        }

        var before = wishes;
        wishes = ViewerWishes.Of(encodings);
        WishesChanged(before);
        if (wishes.ContinuousUpdates && !saidContinuous)
        {
            saidContinuous = true;
            output.WriteU8(ServerMessageType.EndOfContinuousUpdates);
        }

        if (wishes.Fence && !saidFence)
        {
            saidFence = true;
            WriteFence(FenceRequest, []);
        }

        if (wishes.ExtendedClipboard && !saidClipboard)
        {
            saidClipboard = true;
            WriteExtendedClipboard(ExtendedClipboard.WriteCaps());
        }
    }

    /// <summary>
    /// u8 buttons | u16 x | u16 y [| u8 buttons 8 to 15]. Buttons 4 to 7 are a wheel's notches. The highest bit is button 8 (RFB 7.5.5), but of a viewer that has
    /// named the extension for more buttons it says that one more byte follows.
    /// </summary>
    private void DoPointer(ref WireReader reader)
    {
        int low = reader.ReadU8();
        int x = reader.ReadU16(), y = reader.ReadU16();
        int all = wishes.ExtendedButtons && (low & 0x80) != 0 ? (low & 0x7f) | (reader.ReadU8() << 7) : low;
        int pressed = all & ~buttons;
        buttons = all;
        Emit(InputMessage.Pointer(x, y, (all & 7) | ((all >> 7) & 1) << 3 | ((all >> 8) & 1) << 4));
        int down = ((pressed >> 4) & 1) - ((pressed >> 3) & 1), right = ((pressed >> 6) & 1) - ((pressed >> 5) & 1);
        if (down != 0 || right != 0)
        {
            Emit(InputMessage.Wheel(right * 120, down * 120));
        }
    }

    private void DoCutText(uint length, ReadOnlySpan<byte> text)
    {
        if ((int)length >= 0)
        {
            if (length > ExtendedClipboard.MaxText)
            {
                toSkip = length;
                return;
            }

            events.Enqueue(new(ServerEventKind.Copied, Text: Encoding.Latin1.GetString(text).Replace("\r\n", "\n", StringComparison.Ordinal)));
            return;
        }

        if (-(long)(int)length > ExtendedClipboard.MaxMessage)
        {
            toSkip = -(long)(int)length;
            return;
        }

        uint flags = ExtendedClipboard.ReadFlags(text);
        if ((flags & ExtendedClipboard.Caps) != 0)
        {
            viewerActions = flags;
            return;
        }

        if ((flags & ExtendedClipboard.Request) != 0 && (flags & ExtendedClipboard.Text) != 0)
        {
            // A million requests for a large text must not be a million texts in memory.
            if (clipboard is { } asked && output.Length + unsent < ExtendedClipboard.MaxText)
            {
                WriteExtendedClipboard(ExtendedClipboard.WriteText(asked));
            }
        }
        else if ((flags & ExtendedClipboard.Peek) != 0)
        {
            WriteExtendedClipboard(ExtendedClipboard.WriteFlags(ExtendedClipboard.Notify | (clipboard is null ? 0 : ExtendedClipboard.Text)));
        }
        else if ((flags & ExtendedClipboard.Notify) != 0 && (flags & ExtendedClipboard.Text) != 0)
        {
            if (TakesClipboard)
            {
                WriteExtendedClipboard(ExtendedClipboard.WriteFlags(ExtendedClipboard.Request | ExtendedClipboard.Text));
            }
        }
        else if ((flags & ExtendedClipboard.Provide) != 0 && ExtendedClipboard.StatedSize(text) <= ExtendedClipboard.MaxText + 1
            && ExtendedClipboard.ReadText(text) is { } provided)
        {
            // More than there may be passes by: a person who copies much has done nothing wrong.
            events.Enqueue(new(ServerEventKind.Copied, Text: provided));
        }
    }

    /// <summary>u8 248 | 3 x 0 | u32 flags | u8 length | payload. A request is answered in its turn, which here is at once: nothing overtakes.</summary>
    private void DoFence(long now, uint flags, ReadOnlySpan<byte> payload)
    {
        if (payload.Length > MaxFence)
        {
            throw new ProtocolException("A fence carries more than 64 bytes.");
        }

        if ((flags & FenceRequest) != 0)
        {
            WriteFence(flags & FenceKnown, payload);
        }
        else
        {
            pacing.HasReturned(now, payload);
        }
    }

    private void WriteFence(uint flags, ReadOnlySpan<byte> payload)
    {
        output.WriteU32((uint)ServerMessageType.Fence << 24);
        output.WriteU32(flags);
        output.WriteU8((byte)payload.Length);
        output.WriteBytes(payload);
    }

    private void WriteExtendedClipboard(byte[] message)
    {
        output.WriteU32((uint)ServerMessageType.ServerCutText << 24);
        output.WriteU32(unchecked((uint)-message.Length));
        output.WriteBytes(message);
    }
}
