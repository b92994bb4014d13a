using Alongside.Core.Pixels;
using Alongside.Vnc.Client;
using Alongside.Vnc.Server;

namespace Alongside.Vnc.Tests.Server;

/// <summary>A viewer asks for a size, the driver answers, and the viewer hears that answer and no other.</summary>
public sealed class SizeTests
{
    [Fact]
    public void Of_several_wishes_the_last_is_asked_for_once()
    {
        using var both = new BothSides(320, 200);
        both.Ask(400, 300);
        both.Ask(401, 301);
        both.Ask(402, 302);
        both.Wait(1000);
        var asked = Assert.Single(both.Asked, e => e.Kind == ServerEventKind.SizeAsked);
        Assert.Equal((402, 302), (asked.Width, asked.Height));
        Assert.Empty(Answers(both));
    }

    [Theory]
    [InlineData(SizeAnswer.Prohibited)]
    [InlineData(SizeAnswer.NoMeans)]
    [InlineData(SizeAnswer.Invalid)]
    public void A_refusal_comes_with_its_reason_and_changes_nothing(SizeAnswer answer)
    {
        using var both = new BothSides(320, 200);
        both.Ask(400, 300);
        both.Wait(1000);
        both.Answer(answer);
        Assert.Equal([answer], Answers(both));
        both.Screen.Row(7).Fill(0x123456);
        both.Changed(new(0, 7, 320, 1));
        Assert.True(both.IsSame());
    }

    [Fact]
    public void Done_comes_with_the_new_size_and_a_refusal_before_one_that_has_another_cause()
    {
        using var both = new BothSides(320, 200);
        both.Ask(400, 300);
        both.Wait(1000);
        both.Resize(400, 300, SizeAnswer.Done);
        Assert.Equal([SizeAnswer.Done], Answers(both));
        Assert.True(both.IsSame());

        both.Ask(500, 300);
        both.Wait(1000);
        both.Resize(640, 480, SizeAnswer.NoMeans);
        Assert.Equal([SizeAnswer.Done, SizeAnswer.NoMeans], Answers(both));
        Assert.True(both.IsSame());
    }

    [Fact]
    public void What_no_desktop_can_be_is_refused_without_asking()
    {
        using var both = new BothSides(320, 200);
        both.Say([251, 0, 0, 0, 1, 0, 0, 0]);
        both.Say([251, 0, 255, 255, 255, 255, 0, 0]);
        both.Wait(1000);
        Assert.DoesNotContain(both.Asked, e => e.Kind == ServerEventKind.SizeAsked);
        Assert.All(Answers(both), answer => Assert.Equal(SizeAnswer.Invalid, answer));
        Assert.NotEmpty(Answers(both));
    }

    private static List<SizeAnswer> Answers(BothSides both) => [.. both.Events.Where(e => e.Kind == RfbClientEventKind.SizeAnswered).Select(e => e.Answer)];
}
