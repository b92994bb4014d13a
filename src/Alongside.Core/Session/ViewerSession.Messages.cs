using Alongside.Core.Secure;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>What the host says and shows.</summary>
public sealed partial class ViewerSession
{
    private void HandleMessage(long now, byte channel, ReadOnlySpan<byte> bytes)
    {
        switch (channel)
        {
            case ChannelBudgets.Control:
                if (ControlJson.Read(bytes) is { } control)
                {
                    HandleControl(now, control);
                }

                break;
            case ChannelBudgets.Cursor:
                events.Enqueue(new(ViewerEventKind.Cursor, Cursor: CursorMessage.Read(bytes)));
                break;
            case ChannelBudgets.Clipboard:
                var copied = ClipboardMessage.Read(bytes);
                if (Grant.Clipboard)
                {
                    events.Enqueue(new(ViewerEventKind.Clipboard, Clipboard: copied));
                }

                break;
            case ChannelBudgets.Desktop:
                Apply(now, bytes);
                break;
            default:
                throw new ProtocolException("The host spoke on a channel that is not its own.");
        }
    }

    private void HandleControl(long now, ControlMessage control)
    {
        switch (control)
        {
            case ControlMessage.Granted granted:
                Grant = granted.Grant;
                break;
            case ControlMessage.Desktop desktop:
                Desktop = desktop;
                break;
            case ControlMessage.Lost:
                Desktop = null;
                break;
            case ControlMessage.Ping ping:
                Say(now, new ControlMessage.Pong(ping.N));
                return;
            case ControlMessage.Pong pong:
                if (pong.N == pings)
                {
                    RoundTrip = now - pingedAt;
                }

                return;
            case ControlMessage.StreamStart start:
                Follow(start);
                return;
            case ControlMessage.Bye bye:
                End(now, null, bye.Reason);
                return;
            case ControlMessage.Asking or ControlMessage.Notice or ControlMessage.Sized or ControlMessage.PathLine:
                break;
            case ControlMessage.Direct or ControlMessage.Candidate:
                Signalled(now, control);
                return;
            default:
                throw new ProtocolException("The host said what only a viewer says.");
        }

        events.Enqueue(new(ViewerEventKind.Said, Control: control));
    }

    private void Follow(ControlMessage.StreamStart start)
    {
        if (stream?.Stream != start.Stream)
        {
            stream?.Dispose();
            stream = new StreamOpener((byte)start.Stream);
        }

        stream.SetKey((ushort)start.Epoch, start.Secret, (uint)start.Counter);
    }

    private void HandleStream(long now, ReadOnlySpan<byte> record)
    {
        // Of another stream, or from before a break: not for the decoder as it is now.
        if (stream is null || !isHere || record.Length < 2 || record[1] != stream.Stream)
        {
            return;
        }

        heardAt = now;
        if (stream.TryOpen(record, out var update))
        {
            Apply(now, update.Span);
        }
    }

    private void Apply(long now, ReadOnlySpan<byte> update)
    {
        if (!Grant.View)
        {
            throw new ProtocolException("The host showed its desktop without saying so.");
        }

        decoder.Apply(update, out var result);
        Picture = decoder.Picture;
        unpainted.Enqueue(new(result.Sequence, 0));
        events.Enqueue(new(ViewerEventKind.Updated, Update: result));
        Paint(now);
    }
}
