using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Host.Vnc.Tunnel;

/// <summary>Sizes that VNC viewers here wish the room's desktop to have: asked for one after another, and answered when the new size is shown.</summary>
internal sealed partial class TunnelRoom
{
    /// <summary>A host waits for its desktop and for the wishes of others before ours, in microseconds.</summary>
    private const long SizePatience = 20_000_000;

    private readonly SizeWishes sizes = new(SizePatience);

    /// <summary>Done, as the host says; its picture is still of the size before.</summary>
    private int? owesDone;

    /// <summary>A viewer here wants the whole desktop to have this size, in pixels.</summary>
    public void AskForSize(long now, TunnelViewer viewer, int width, int height)
    {
        if (!session.IsLive || !session.Grant.Control || !session.CanAskForSize)
        {
            viewer.SizeAnswered(SizeAnswer.Prohibited);
            return;
        }

        sizes.Add(new(viewer.Number, width, height));
        TickSizes(now);
    }

    private void TickSizes(long now)
    {
        if (sizes.TryExpire(now, out var late))
        {
            Answer(late.Guest, SizeAnswer.NoMeans);
        }

        if (sizes.TryBegin(now, out var wish))
        {
            if (session.IsLive)
            {
                session.AskForSize(now, wish.Width, wish.Height, wish.Number);
            }
            else
            {
                LoseSizes();
            }
        }
    }

    /// <summary>The host's answer to the wish of this number.</summary>
    private void Sized(int number, SizeAnswer answer)
    {
        if (!sizes.TryEnd(number, out var wish))
        {
            return;
        }

        if (answer == SizeAnswer.Done && session.Desktop is { } desktop && (layout?.Width, layout?.Height) != (desktop.Width, desktop.Height))
        {
            owesDone = wish.Guest;
        }
        else
        {
            Answer(wish.Guest, answer);
        }
    }

    /// <summary>The picture has the new size.</summary>
    private void SizeShown()
    {
        if (owesDone is { } guest)
        {
            owesDone = null;
            Answer(guest, SizeAnswer.Done);
        }
    }

    /// <summary>Whoever was asked is gone, and with it the answer.</summary>
    private void LoseSizes()
    {
        owesDone = null;
        if (sizes.TryLose(out var wish))
        {
            Answer(wish.Guest, SizeAnswer.NoMeans);
        }
    }

    /// <summary>Control was taken away.</summary>
    private void RefuseSizes()
    {
        foreach (var viewer in viewers)
        {
            if (sizes.Forget(viewer.Number, out _))
            {
                viewer.SizeAnswered(SizeAnswer.Prohibited);
            }
        }
    }

    private void Answer(int guest, SizeAnswer answer) => viewers.Find(viewer => viewer.Number == guest)?.SizeAnswered(answer);
}
