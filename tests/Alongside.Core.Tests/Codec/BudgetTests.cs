using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec;

/// <summary>Updates of a bounded size, and that what they show becomes exact.</summary>
public sealed class BudgetTests
{
    // One cheap cell, which may compress badly (8 bits an index), or a band of a photograph; docs/adr/0019-pictures-and-debt.md.
    private const int Slack = (FrameDifference.CellWidth * FrameDifference.CellHeight) + 1024;

    private static readonly ushort[] Exact = [1], WithPictures = [1, 19];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_the_budgets_the_picture_becomes_exact_after_the_last_change(bool pictures)
    {
        int debts = 0, waits = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            using var link = new Link(pictures ? WithPictures : Exact, random.Next(20, 500), random.Next(20, 400), seed);
            for (int i = random.Next(1, 12); i > 0; i--)
            {
                link.Change(random.Next(20, 400));
                link.Send(random.Next(8) == 0 ? int.MaxValue : random.Next(0, 1 << random.Next(8, 18)));
                debts += link.Encoder.HasDebt ? 1 : 0;
                waits += link.Waiting.IsEmpty ? 0 : 1;
            }

            int budget = random.Next(500, 50_000), updates = 0;
            while (!link.Waiting.IsEmpty || link.Encoder.HasDebt)
            {
                link.Send(budget);
                Assert.True(++updates < 4 + (link.Frame.Pixels.Length / 1024 * 2) + (3 * link.Frame.Pixels.Length / budget), $"Seed {seed} does not converge.");
            }

            Scene.AssertSame(link.Frame, link.Decoder.Picture);
        }

        Assert.True(pictures ? debts > 50 : debts == 0, $"{debts} times there was debt.");
        Assert.True(waits > 50, $"{waits} times something waited.");
    }

    [Theory]
    [InlineData(6_000)]
    [InlineData(30_000)]
    public void A_photo_among_letters_waits_and_comes(int budget)
    {
        using var page = new Link([1, 5, 16, 17, 18, 19], 640, 480, 3);
        var face = new Typeface(1, 40, 0x202020, 0xFFFFFF);
        page.Fill(page.Frame.Bounds, 0xFFFFFF);
        page.Photo(new(150, 90, 260, 220));
        for (int line = 0; line < 22; line++)
        {
            face.Write(page.Frame, 10, 12 + (line * 20), [.. Enumerable.Range(0, 13).Select(letter => (letter * 7) % 40)]);
            face.Write(page.Frame, 420, 12 + (line * 20), [.. Enumerable.Range(0, 20).Select(letter => (letter * 3) % 40)]);
        }

        for (int i = 0; i < 200 && (i == 0 || page.Encoder.HasDebt || !page.Waiting.IsEmpty); i++)
        {
            page.Send(budget);
        }

        Scene.AssertSame(page.Frame, page.Decoder.Picture);
    }

    [Fact]
    public void What_is_shown_is_what_was_there_nearly_or_what_waits()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using var link = new Link(WithPictures, random.Next(20, 400), random.Next(20, 300), seed);
            for (int i = 0; i < 8; i++)
            {
                link.Change(300);
                link.Send(random.Next(200, 1 << random.Next(9, 17)));
                Scene.AssertSame(link.Encoder.Reference, link.Decoder.Picture, link.IsInexact);
                Scene.AssertSame(link.Frame, link.Encoder.Reference, link.IsWaiting);
            }
        }
    }

    [Fact]
    public void An_update_is_no_larger_than_its_budget_and_one_cell()
    {
        for (int seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            using var link = new Link(seed % 2 == 0 ? WithPictures : Exact, 700, 400, seed);
            for (int i = 0; i < 8; i++)
            {
                link.Change(600);
                int budget = random.Next(0, 60_000);
                Assert.InRange(link.Send(budget), 0, budget + Slack);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_letter_does_not_wait_behind_a_photograph(bool pictures)
    {
        using var link = new Link(pictures ? WithPictures : Exact, 1280, 720, 1);
        link.Frame.Pixels.Fill(0xFFFFFF);
        link.Send(int.MaxValue);
        link.Photo(new(100, 100, 1000, 400));
        var letter = new PixelRect(20, 680, 9, 17);
        for (int i = 0; i < 4; i++)
        {
            link.Fill(letter with { X = 20 + (i * 9) }, (uint)i);
            link.Send(4000);
            Assert.False(link.Waiting.IsEmpty);
            Assert.Equal((uint)i, link.Decoder.Picture.Row(690)[21 + (i * 9)]);
        }
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(70_000)]
    [InlineData(160_000)]
    public void No_part_of_a_photograph_is_exact_beside_one_that_is_a_blur(int budget)
    {
        using var link = new Link(WithPictures, 512, 512, 3);
        link.Send(int.MaxValue);
        link.Photo(link.Frame.Bounds);
        link.Send(budget);
        Assert.All(Enumerable.Range(0, 16), cell => Assert.InRange(link.Psnr(new(cell % 4 * 128, cell / 4 * 128, 128, 128)), 40, double.PositiveInfinity));
    }

    [Fact]
    public void What_is_near_the_pointer_comes_first()
    {
        using var link = new Link(Exact, 1024, 512, 2);
        link.Send(int.MaxValue);
        link.Photo(link.Frame.Bounds);
        link.Focus = (900, 450);
        link.Send(30_000);

        Assert.Equal(link.Frame.Row(450)[900], link.Decoder.Picture.Row(450)[900]);
        Assert.Equal(0u, link.Decoder.Picture.Row(10)[10]);
    }

    [Fact]
    public void Text_is_exact_at_once_beside_a_photograph()
    {
        using var link = new Link(WithPictures, 1024, 512, 3);
        link.Send(int.MaxValue);
        link.Photo(new(512, 0, 512, 512));
        link.Text(new(0, 0, 500, 512));
        link.Send(60_000);

        Assert.True(link.Waiting.IsEmpty);
        Assert.True(link.Encoder.HasDebt);
        Assert.False(link.IsInexact(100, 100));
        Assert.True(link.IsInexact(700, 300));
        Assert.InRange(link.Psnr(new(512, 0, 512, 512)), 30, 60);
    }

    [Fact]
    public void A_sky_is_a_photograph_however_few_colours_it_has_and_shaded_text_is_none()
    {
        using var link = new Link(WithPictures, 1024, 512, 3);
        link.Send(int.MaxValue);
        var random = new Random(3);
        PixelRect sky = new(512, 0, 512, 512), text = new(0, 0, 512, 512);
        for (int y = 0; y < 512; y++)
        {
            for (int x = 0; x < 512; x++)
            {
                link.Frame.Row(y)[512 + x] = 0x406090u + (uint)((y / 9) + random.Next(8)) * 0x010101;
                link.Frame.Row(y)[x] = y % 16 < 10 && (x * 7 / 3 + y) % 5 == 0 ? (uint)random.Next(40) * 0x030303 : 0xFFFFFF;
            }
        }

        link.Waiting.Add(sky);
        link.Waiting.Add(text);
        link.Send(100_000);
        Assert.True(link.Waiting.IsEmpty);
        Assert.True(link.IsInexact(700, 300));
        Assert.False(link.IsInexact(200, 300));
        Assert.InRange(link.Psnr(sky), 34, 60);
    }

    [Fact]
    public void What_still_moves_is_not_made_exact_and_what_is_still_is()
    {
        using var link = new Link(WithPictures, 512, 256, 4);
        link.Send(int.MaxValue);
        link.Photo(link.Frame.Bounds);
        link.Send(20_000);
        long debt = link.InexactPixels;
        Assert.Equal(512 * 256, debt);
        for (int i = 0; i < 20; i++)
        {
            link.Photo(new(0, 0, 256, 256));
            link.Send(20_000);
        }

        // The right half has stood still, the left one has not.
        Assert.False(link.IsInexact(400, 100));
        Assert.True(link.IsInexact(100, 100));
    }

    [Fact]
    public void Nothing_is_allocated_once_running()
    {
        using var link = new Link(WithPictures, 640, 384, 5);
        for (int i = 0; i < 160; i++)
        {
            Step(i);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 40; i++)
        {
            Step(i);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step(int i)
        {
            if (i % 8 < 5)
            {
                link.Photo(new(30, 20, 500, 300));
                link.Text(new(530, 0, 100, 300));
            }

            link.Send(i % 3 == 0 ? 3000 : 30_000);
        }
    }
}
