using Alongside.Core.Pixels;
using Alongside.Core.Session;
using Alongside.Testing.Simulation;

namespace Alongside.Core.Tests.Session;

/// <summary>Sizes that viewers wish the desktop to have: who may, how often the desktop is asked, and what they hear.</summary>
public sealed class SizeWishTests
{
    private const long Second = 1_000_000;
    private static readonly SimulatedLine Line = new(2_000, 20_000_000);

    [Fact]
    public void Of_many_wishes_the_newest_of_each_counts_one_after_another_with_a_pause()
    {
        var wishes = new SizeWishes(5 * Second);
        for (int i = 0; i < 1000; i++)
        {
            wishes.Add(new(1, 100 + i, 50));
            wishes.Add(new(2, 200 + i, 50));
        }

        Assert.True(wishes.TryBegin(0, out var first));
        Assert.Equal(new SizeWish(1, 1099, 50) { Number = 1 }, first);
        Assert.Equal(5 * Second, wishes.NextDeadline);
        Assert.False(wishes.TryBegin(Second, out _));
        Assert.True(wishes.TryEnd(1, out _));
        Assert.Equal(SizeWishes.Pause, wishes.NextDeadline);
        Assert.False(wishes.TryBegin(SizeWishes.Pause - 1, out _));
        Assert.True(wishes.TryBegin(SizeWishes.Pause, out var second));
        Assert.Equal(new SizeWish(2, 1199, 50) { Number = 2 }, second);
        Assert.False(wishes.TryExpire((5 * Second) + SizeWishes.Pause - 1, out _));
        Assert.True(wishes.TryExpire((5 * Second) + SizeWishes.Pause, out _));
        Assert.False(wishes.TryEnd(2, out _));
        Assert.Null(wishes.NextDeadline);
    }

    [Fact]
    public void A_viewer_of_the_room_hears_what_became_of_its_wish_and_the_desktop_is_asked_a_few_times_a_second()
    {
        using var host = new SimulatedHost(1, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        Assert.True(viewer.Session.CanAskForSize);
        for (int i = 0; i < 40; i++)
        {
            viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 200 + i, 100, i));
        }

        host.Run(100_000);
        Assert.Equal(new SizeWish(1, 200, 100, 0) { Number = 1 }, Assert.Single(Asked(host)));
        host.SetLayout(200, 100);
        host.Do(() => host.Room.SizeAnswered(host.Net.Now, 1, SizeAnswer.Done));
        host.Run(Second);
        Assert.Equal(new SizeWish(1, 239, 100, 39) { Number = 2 }, Assert.Single(Asked(host)[1..]));
        host.Do(() => host.Room.SizeAnswered(host.Net.Now, 2, SizeAnswer.NoMeans));
        host.Run(100_000);
        Assert.Equal(["done", "no-means"], Answers(viewer));
        Assert.Equal([0, 39], viewer.Events.Select(e => e.Control).OfType<ControlMessage.Sized>().Select(said => said.Wish));

        // It has that size already: nobody needs to be asked.
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 200, 100));
        host.Run(Second);
        Assert.Equal(2, Asked(host).Count);
        Assert.Equal(["done", "no-means", "done"], Answers(viewer));
    }

    [Fact]
    public void Without_control_nobody_is_asked_and_when_it_goes_so_does_the_wish()
    {
        using var host = new SimulatedHost(2, allow: null);
        using var viewer = host.Join(1, Line, new Grant(View: true, Control: false, Clipboard: false));
        host.Run(300_000);
        host.Do(() => host.Room.Answer(host.Net.Now, 1, Grant.All));
        host.Run(300_000);
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 200, 100));
        host.Run(100_000);
        Assert.Empty(Asked(host));
        Assert.Equal(["prohibited"], Answers(viewer));

        using var other = host.Join(2, Line);
        host.Run(300_000);
        host.Do(() => host.Room.Answer(host.Net.Now, 2, Grant.All));
        host.Run(300_000);
        other.Do(() => other.Session.AskForSize(host.Net.Now, 200, 100));
        other.Do(() => other.Session.AskForSize(host.Net.Now, 300, 100));
        host.Run(100_000);
        host.Do(() => host.Room.SizeAnswered(host.Net.Now, 1, SizeAnswer.Invalid));
        host.Do(() => host.Room.Narrow(host.Net.Now, 2, new Grant(View: true, Control: false, Clipboard: false)));
        host.Run(2 * Second);
        Assert.Equal(new SizeWish(2, 200, 100) { Number = 1 }, Assert.Single(Asked(host)));
        Assert.Equal(["invalid", "prohibited"], Answers(other));
    }

    [Fact]
    public void A_desktop_that_says_nothing_or_is_away_has_not_the_means_and_what_cannot_be_is_not_asked_for()
    {
        using var host = new SimulatedHost(3, Grant.All);
        using var viewer = host.Join(1, Line);
        host.Run(500_000);
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 60_000, 60_000));
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 300, 200));
        host.Run(10 * Second);
        Assert.Equal(["invalid", "no-means"], Answers(viewer));

        // It did what was asked and said nothing: that is seen.
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 310, 200));
        host.Run(Second);
        host.SetLayout(310, 200);
        host.Run(10 * Second);
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 320, 200));
        host.Run(Second);
        host.Do(() => host.Room.Lost(host.Net.Now, "The display went away."));
        viewer.Do(() => viewer.Session.AskForSize(host.Net.Now, 330, 200));
        host.Run(Second);
        Assert.Equal(["invalid", "no-means", "done", "no-means", "no-means"], Answers(viewer));
        Assert.Equal([300, 310, 320], Asked(host).Select(wish => wish.Width));
    }

    [Fact]
    public void An_answer_that_comes_late_is_not_one_to_the_next_wish()
    {
        using var host = new SimulatedHost(4, Grant.All);
        using SimulatedViewer first = host.Join(1, Line), second = host.Join(2, Line);
        host.Run(500_000);
        first.Do(() => first.Session.AskForSize(host.Net.Now, 300, 200, 7));
        host.Run(6 * Second);
        second.Do(() => second.Session.AskForSize(host.Net.Now, 400, 200, 7));
        host.Run(Second);
        Assert.Equal([1, 2], Asked(host).Select(wish => wish.Number));
        host.Do(() => host.Room.SizeAnswered(host.Net.Now, 1, SizeAnswer.Prohibited));
        host.Run(100_000);
        Assert.Equal(["no-means"], Answers(first));
        Assert.Empty(Answers(second));
        host.SetLayout(400, 200);
        host.Do(() => host.Room.SizeAnswered(host.Net.Now, 2, SizeAnswer.Done));
        host.Run(100_000);
        Assert.Equal(["no-means"], Answers(first));
        Assert.Equal(["done"], Answers(second));
    }

    private static List<SizeWish> Asked(SimulatedHost host) => [.. host.Events.Where(e => e.Kind == HostEventKind.Size).Select(e => e.Size)];

    private static List<string> Answers(SimulatedViewer viewer) => [.. viewer.Events.Select(e => e.Control).OfType<ControlMessage.Sized>().Select(said => said.Answer)];
}
