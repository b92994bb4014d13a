using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>Photographs in parts, so that somebody's next letter waits for a part and not for all of them.</summary>
public sealed class PhotographPartsTests
{
    private const int Most = 64 * 1024;

    private static readonly ushort[] Exact = [1], WithPictures = [1, 19];
    private static readonly PixelRect Photo = new(0, 0, 1280, 512), Letter = new(20, 680, 9, 17);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_letter_leaves_before_many_photographs_and_they_follow_in_parts(bool pictures)
    {
        using var link = Begin(pictures ? WithPictures : Exact);
        link.Photo(Photo);
        link.Fill(Letter, 1);
        Assert.InRange(link.Send(1 << 20), 1, 500);
        Assert.Equal(1u, link.Decoder.Picture.Row(Letter.Y)[Letter.X]);
        Assert.True(link.Encoder.HasHeldBack);

        int parts = 0;
        for (; !link.Waiting.IsEmpty; parts++)
        {
            Assert.InRange(link.Send(1 << 20), 1, Most * 4);
        }

        Assert.InRange(parts, Photo.Area / Most, 2 * Photo.Area / Most);
        Assert.False(link.Encoder.HasHeldBack);
        Scene.AssertSame(link.Frame, link.Decoder.Picture);
    }

    [Fact]
    public void Photographs_come_also_when_there_is_a_letter_each_time()
    {
        using var link = Begin(WithPictures);
        link.Photo(Photo);
        int updates = 0;
        for (; !link.Waiting.IsEmpty; updates++)
        {
            link.Fill(Letter, (uint)updates);
            link.Send(1 << 20);
            Assert.True(updates < 4 * Photo.Area / Most, "What always comes first is all that comes.");
        }

        Scene.AssertSame(link.Frame, link.Decoder.Picture);
    }

    [Fact]
    public void A_small_photograph_comes_with_what_is_around_it()
    {
        using var link = Begin(WithPictures);
        link.Photo(new(200, 100, 128, 128));
        link.Fill(Letter, 1);
        link.Send(1 << 20);

        Assert.True(link.Waiting.IsEmpty);
        Scene.AssertSame(link.Frame, link.Decoder.Picture);
    }

    [Fact]
    public void Where_all_of_it_is_to_fit_a_part_is_no_finer_than_the_whole_would_be()
    {
        const int budget = 60_000;
        using var whole = Begin(WithPictures);
        using var parts = Begin(WithPictures);
        whole.Photographs = long.MaxValue;
        whole.Photo(Photo);
        parts.Photo(Photo);
        int atOnce = whole.Send(budget), sum = 0;
        while (!parts.Waiting.IsEmpty)
        {
            sum += parts.Send(budget);
        }

        Assert.True(whole.Waiting.IsEmpty);
        Assert.InRange(sum, atOnce / 2, atOnce * 2);
    }

    private static Link Begin(ushort[] capabilities)
    {
        var link = new Link(capabilities, 1280, 720, 1);
        link.Frame.Pixels.Fill(0xFFFFFF);
        link.Send(int.MaxValue);
        link.Photographs = Most;
        return link;
    }
}
