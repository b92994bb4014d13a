using Alongside.Core.Pixels;
using Alongside.Host.Vnc.Source;

namespace Alongside.Host.Tests.Vnc;

/// <summary>Which wish an answer of a VNC server is to.</summary>
public sealed class SizesAskedTests
{
    private readonly SizesAsked asked = new();

    public SizesAskedTests()
    {
        for (int i = 1; i <= 3; i++)
        {
            asked.Add(new(1, i * 100, 50) { Number = i });
        }
    }

    [Fact]
    public void Answers_come_in_the_order_of_what_was_asked()
    {
        Assert.Equal(1, Answer(SizeAnswer.Prohibited, 640, 480));
        Assert.Equal(2, Answer(SizeAnswer.Done, 200, 50));
        Assert.Equal(3, Answer(SizeAnswer.NoMeans, 200, 50));
        Assert.Null(Answer(SizeAnswer.Done, 300, 50));
    }

    [Fact]
    public void A_size_that_is_done_tells_which_it_was_and_what_was_passed_by()
    {
        Assert.Equal(2, Answer(SizeAnswer.Done, 200, 50));
        Assert.Equal(3, Answer(SizeAnswer.Invalid, 200, 50));
        Assert.Null(Answer(SizeAnswer.Invalid, 200, 50));
    }

    [Fact]
    public void A_server_that_rounds_is_understood_and_one_that_never_answers_is_not_asked_for_ever()
    {
        Assert.Equal(1, Answer(SizeAnswer.Done, 104, 56));
        while (asked.HasRoom)
        {
            asked.Add(new(1, 70, 70) { Number = 70 });
        }

        Assert.Equal(2, Answer(SizeAnswer.Prohibited, 104, 56));
        Assert.True(asked.HasRoom);
        asked.Clear();
        Assert.Null(Answer(SizeAnswer.Prohibited, 104, 56));
    }

    private int? Answer(SizeAnswer answer, int width, int height) => asked.TryAnswer(answer, width, height, out int number) ? number : null;
}
