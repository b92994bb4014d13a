using System.Buffers;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;

namespace Alongside.Core.Session;

/// <summary>What a viewer is told besides the picture, as state and not a queue: the newest cursor, the newest clipboard.</summary>
internal sealed partial class HostSession
{
    private const int CursorBacklog = 256 * 1024;
    private const long SmallBacklog = 1024 * 1024;
    private const long ClipboardBacklog = 8 * 1024 * 1024;

    public void ShowCursor(CursorImage image) => shape = image;

    /// <summary>In the picture's coordinates.</summary>
    public void MoveCursor(int x, int y) => position = (x, y);

    public void Offer(ClipboardMessage copied) => clipboards[copied.Selection] = copied;

    /// <summary>Gives the outbox what is state and not a queue: the newest cursor, the newest clipboard.</summary>
    public void Flush(long now)
    {
        if (Phase != SessionPhase.Ended && Outbox.WaitingSmall > SmallBacklog)
        {
            // Cursor and clipboard wait for room; what is left are answers, and who asks without listening must not fill our memory.
            End(now, ByeReason.TooSlow, "They took nothing of what they were told.");
        }

        if (Phase != SessionPhase.Live || !IsHere)
        {
            return;
        }

        if (Feed is not null && Outbox.Pacing.WantsPing(now))
        {
            Ping(now);
        }

        if (shape is { } image && Outbox.Waiting < CursorBacklog)
        {
            shape = null;
            SendCursor(now, new CursorMessage.Shape(image));
        }

        if (position is { } at && Outbox.Waiting < CursorBacklog)
        {
            position = null;
            SendCursor(now, new CursorMessage.Position(at.X, at.Y));
        }

        for (int i = 0; i < clipboards.Length; i++)
        {
            if (clipboards[i] is { } copied && Outbox.Waiting < ClipboardBacklog && !Outbox.IsUpdateUnderway)
            {
                clipboards[i] = null;
                SendClipboard(now, copied);
            }
        }
    }

    private void Ping(long now)
    {
        pingedAt = now;
        Outbox.Pacing.HasPinged(now, ++pings);
        Say(now, new ControlMessage.Ping(pings));
    }

    private void SendCursor(long now, CursorMessage cursor)
    {
        message.ResetWrittenCount();
        cursor.Write(message);
        Outbox.SendSmall(now, ChannelBudgets.Cursor, message.WrittenSpan);
    }

    private void SendClipboard(long now, ClipboardMessage copied)
    {
        var written = new ArrayBufferWriter<byte>(copied.Text.Length + 16);
        if (copied.TryWrite(written))
        {
            Outbox.SendClipboard(now, written.WrittenSpan);
        }
    }
}
