namespace Alongside.Core.Session.Feed;

/// <summary>From the outboxes to the path: a record that many wait for leaves once.</summary>
internal sealed partial class DesktopFeed
{
    // As many as a relay frame names beside a full payload (docs/protocol/relay.md).
    private readonly ushort[] receivers = new ushort[31];
    private readonly FeedViewer[] receiving = new FeedViewer[31];

    /// <summary>Sends what the path takes.</summary>
    public void Pump(long now)
    {
        for (int i = views.Count - 1; i >= 0; i--)
        {
            Send(now, views[i]);
        }
    }

    private void Send(long now, FeedView view)
    {
        // Everybody's keys and small things first, so that the records behind them find all their receivers ready.
        foreach (var viewer in view.Viewers)
        {
            viewer.Outbox.Pump(now);
        }

        foreach (var viewer in view.Viewers)
        {
            while (viewer.Outbox.Next() is { } record)
            {
                if (!FanOut(now, view, record))
                {
                    break;
                }

                viewer.Outbox.Pump(now);
            }

            viewer.Observe(now);
        }
    }

    /// <summary>One relay frame with this record to everybody who can take it now.</summary>
    private bool FanOut(long now, FeedView view, SealedRecord record)
    {
        int count = 0;
        foreach (var viewer in view.Viewers)
        {
            if (count < receivers.Length && viewer.Outbox.Next() == record)
            {
                receivers[count] = viewer.Outbox.Member;
                receiving[count++] = viewer;
            }
        }

        if (!path.TrySend(receivers.AsSpan(0, count), record.Bytes))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            receiving[i].Outbox.HasSentNext(now);
        }

        return true;
    }
}
