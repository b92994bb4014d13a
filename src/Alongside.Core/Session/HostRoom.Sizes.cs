using Alongside.Core.Pixels;

namespace Alongside.Core.Session;

/// <summary>Sizes of the desktop that viewers wish for: with control alone, passed on to the desktop, whose answer goes to whoever wished.</summary>
public sealed partial class HostRoom
{
    /// <summary>A desktop that has not answered by then has not the means, in microseconds.</summary>
    private const long SizePatience = 5_000_000;

    private readonly SizeWishes sizes = new(SizePatience);

    /// <summary>A foreign viewer wants the whole desktop to have this size, in pixels. The answer comes to the viewer.</summary>
    public void AskForSize(long now, int number, int width, int height)
    {
        if (foreigners.TryGetValue(number, out var guest))
        {
            Want(now, new(number, width, height), guest is { IsIn: true, Grant.Control: true });
        }
    }

    /// <summary>The desktop's answer to <see cref="HostEventKind.Size"/>, by its wish's number; a new layout has been told before.</summary>
    public void SizeAnswered(long now, int number, SizeAnswer answer)
    {
        if (sizes.TryEnd(number, out var wish))
        {
            Answer(now, wish, answer);
        }

        AskForNextSize(now);
    }

    void ISessionOwner.SizeAsked(long now, HostSession session, ControlMessage.Size size) =>
        Want(now, new(session.Number, size.Width, size.Height, size.Wish), session is { Phase: SessionPhase.Live, Grant.Control: true });

    private void Want(long now, SizeWish wish, bool mayControl)
    {
        if (!mayControl)
        {
            Answer(now, wish, SizeAnswer.Prohibited);
        }
        else if (!Frame.IsValidSize(wish.Width, wish.Height))
        {
            Answer(now, wish, SizeAnswer.Invalid);
        }
        else if (feed.Layout is null)
        {
            Answer(now, wish, SizeAnswer.NoMeans);
        }
        else
        {
            sizes.Add(wish);
            AskForNextSize(now);
        }
    }

    private void AskForNextSize(long now)
    {
        while (sizes.TryBegin(now, out var wish))
        {
            if (WithoutAsking(wish) is not { } answer)
            {
                events.Enqueue(new(HostEventKind.Size, wish.Guest, Size: wish));
                return;
            }

            sizes.TryLose(out _);
            Answer(now, wish, answer);
        }
    }

    /// <summary>Of a wish that the desktop fulfils already, or cannot be asked for; null: it is to be asked.</summary>
    private SizeAnswer? WithoutAsking(SizeWish wish) =>
        feed.Layout is not { } layout ? SizeAnswer.NoMeans : layout.Width == wish.Width && layout.Height == wish.Height ? SizeAnswer.Done : null;

    /// <summary>The display is away, and with it whatever it would have answered.</summary>
    private void LoseSizes(long now)
    {
        if (sizes.TryLose(out var wish))
        {
            Answer(now, wish, SizeAnswer.NoMeans);
        }
    }

    private void TickSizes(long now)
    {
        if (sizes.TryExpire(now, out var wish))
        {
            // It may have done it without a word.
            Answer(now, wish, WithoutAsking(wish) ?? SizeAnswer.NoMeans);
        }

        AskForNextSize(now);
    }

    /// <summary>Control was taken away.</summary>
    private void RefuseSizes(long now, int guest)
    {
        if (sizes.Forget(guest, out var wish))
        {
            Answer(now, wish, SizeAnswer.Prohibited);
        }
    }

    private void Answer(long now, SizeWish wish, SizeAnswer answer)
    {
        if (foreigners.TryGetValue(wish.Guest, out var foreigner))
        {
            foreigner.Viewer.SizeAnswered(now, answer);
        }
        else if (sessions.Values.FirstOrDefault(session => session.Number == wish.Guest && session is { Phase: SessionPhase.Live, IsHere: true }) is { } session)
        {
            session.Say(now, new ControlMessage.Sized(SizeWords.Of(answer), wish.Theirs));
        }
    }
}
