using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>A relay that stalls while a way is taken is gone round (<see cref="RelayMarks"/>).</summary>
internal sealed partial class PathSwitch
{
    private readonly RelayMarks marks = new(MostEarly);

    /// <summary>The other side knows marks. Set before a way begins.</summary>
    public bool MayMark { get; set; }

    private long OverDueAt => marks.Theirs == way && !takes && !marks.IsTold ? marks.MissedAt : long.MaxValue;

    /// <summary>A payload has left by the relay.</summary>
    public void Relayed(ReadOnlySpan<byte> payload) => marks.Sent(payload);

    private void Mark()
    {
        if (MayMark && way != 0 && !marks.HasMarked && !sends && !saidBack && !resends && owed is null && TrySay(new(LinkWord.Mark, way, 0)))
        {
            marks.Mark();
        }
    }

    /// <summary>When their `over` has come, so that they need keep nothing any more, or when it is missed.</summary>
    private void SayCame(long now)
    {
        if (!TrySayOn(new(LinkWord.Came, way, marks.Tell())))
        {
            Fail(now, way, "The channel took no more.");
        }
    }

    private void GiveRest(long now, uint count)
    {
        Require(sends, "A way was counted that was not taken.");
        if (marks.Missing(count) is not { } missing)
        {
            return;
        }

        // What is sent behind it is counted so much later.
        progressAt = Math.Max(progressAt, now) + (missing.Bytes / 1024 * PerKilobyte);
        bool isTaken = TrySayOn(new(LinkWord.Rest, way, (uint)missing.Count));
        for (; isTaken && missing.Count > 0; missing.DropFirst())
        {
            isTaken = TrySendPieces(missing.First);
        }

        if (!isTaken)
        {
            Fail(now, way, "The channel took no more.");
        }
    }

    private void BeginRest(long now, uint count)
    {
        marks.BeginRest(count);
        TakeAfterRest(now);
    }

    private void ReceiveRest(long now, ReadOnlySpan<byte> payload)
    {
        int number = way;
        if (marks.IsNewFromWay())
        {
            owner.Deliver(now, member, payload);
        }

        if (way == number && !saidBack)
        {
            TakeAfterRest(now);
        }
    }

    /// <summary>All that was on the relay is here: that their `over` is there as well, the relay will say when it can.</summary>
    private void TakeAfterRest(long now)
    {
        if (marks.Rest == 0 && !takes)
        {
            TheyTookTheWay(now, way);
        }
    }
}
