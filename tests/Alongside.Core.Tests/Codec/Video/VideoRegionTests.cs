using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Codec.Video;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>Films from encoder to decoder: what is seen while they play, and that all is exact afterwards.</summary>
public sealed class VideoRegionTests : IDisposable
{
    private const int Budget = 60_000;

    private static readonly PixelRect Film = new(131, 75, 321, 241);

    private readonly Link link = new([1, 5, 16, 17, 19, 20], 640, 480, 8);
    private int number;

    public VideoRegionTests()
    {
        link.Text(link.Frame.Bounds);
        link.Send(int.MaxValue);
    }

    private PixelRect[] Regions => [.. link.Encoder.Video.Regions.Select(region => region.Area)];

    public void Dispose() => link.Dispose();

    [Fact]
    public void A_film_becomes_a_region_that_costs_little_and_looks_like_it()
    {
        int before = Play(4, Film);
        Assert.False(link.Encoder.HasVideo);
        Play(20, Film);
        Assert.Equal([Film], Regions);
        Assert.True(link.Encoder.HasVideo);
        int bytes = Play(4, Film);
        Assert.True(bytes * 4 < before, $"{bytes} instead of {before}");
        Assert.InRange(link.Psnr(Film), 34, 60);
        AssertExactAround(Film);
    }

    [Fact]
    public void It_is_exact_soon_after_it_stops()
    {
        Play(30, Film);
        int updates = 0;
        for (; link.Encoder.HasDebt && updates < 60; updates++)
        {
            link.Send(Budget);
        }

        Assert.InRange(updates, 5, 59);
        Scene.AssertSame(link.Frame, link.Decoder.Picture);
    }

    /// <summary>Two and a half times what lies between two of its frames, but for no more than 150 ms; everything has to be still for 80 ms.</summary>
    [Theory]
    [InlineData(16_500, 80_000, 80_000)]
    [InlineData(33_000, 80_000, 90_000)]
    [InlineData(49_500, 120_000, 130_000)]
    [InlineData(165_000, 150_000, 150_000)]
    [InlineData(0, 150_000, 150_000)]
    public void The_sooner_the_more_often_it_is_drawn(int interval, int least, int most)
    {
        link.Drawn = interval > 0 ? new(link.Frame.Width, link.Frame.Height) : null;
        long drawnAt = link.Now;
        for (int i = 0; i < 30; i++)
        {
            for (; interval > 0 && drawnAt <= link.Now; drawnAt += interval)
            {
                link.Drawn!.Note(Film, drawnAt);
            }

            Play(1, Film);
        }

        Assert.InRange(link.Encoder.RefinesAt!.Value - link.Now, least, most);
    }

    [Fact]
    public void Without_a_budget_everything_is_exact_and_nothing_is_video()
    {
        Play(30, Film);
        Play(1, Film, int.MaxValue);
        Assert.False(link.Encoder.HasVideo);
        Scene.AssertSame(link.Frame, link.Decoder.Picture);
        Play(20, Film);
        Assert.True(link.Encoder.HasVideo);
    }

    [Fact]
    public void A_menu_over_a_film_becomes_exact_and_is_left_alone()
    {
        Play(25, Film);
        var menu = new PixelRect(200, 120, 130, 100);
        for (int i = 0; i < 25; i++)
        {
            MovingPhoto.Draw(link.Frame, Film, number++);
            link.Fill(menu, 0xEEEEEE);
            for (int y = menu.Y + 8; y < menu.Bottom; y += 16)
            {
                link.Fill(new(menu.X + 10, y, 90, 2), 0x202020);
            }

            link.Waiting.Add(Film);
            link.Send(Budget);
        }

        Assert.Equal([Film], Regions);
        AssertSame(menu);
        AssertExactAround(Film);
        Play(1, Film);
        Assert.InRange(link.Psnr(Film), 34, 60);
    }

    [Fact]
    public void A_film_that_is_dragged_with_its_window_stays_the_same_video()
    {
        DrawWindow(Film);
        Play(25, Film);
        var region = Assert.Single(link.Encoder.Video.Regions);
        var place = Film;
        for (int i = 0; i < 20; i++)
        {
            link.Text(Around(place), still: true);
            place = place with { X = place.X + 4, Y = place.Y + 3 };
            DrawWindow(place);
            Play(1, place);
            AssertExactAround(Around(place), except: Film);
        }

        Assert.Same(region, Assert.Single(link.Encoder.Video.Regions));
        Assert.Equal(place, region.Area);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_window_with_a_photograph_that_is_dragged_is_copied_also_where_a_film_was_until_just_now(bool hadFilm)
    {
        var big = new PixelRect(20, 16, 600, 448);
        Play(hadFilm ? 20 : 0, big);
        Assert.Equal(hadFilm ? [big] : [], Regions);
        link.Text(big, still: true);
        link.Send(Budget);
        var place = new PixelRect(60, 60, 200, 150);
        int bytes = 0, videos = 0;
        for (int i = 0; i < 60; i++)
        {
            link.Text(place, still: true);
            place = i < 8 ? place : place with { X = place.X + 6, Y = place.Y + 4 };
            MovingPhoto.Draw(link.Frame, place, 7);
            link.Waiting.Add(place);
            int update = link.Send(Budget);
            bytes += i >= 12 ? update : 0;
            videos += i >= 12 && link.Encoder.HasVideo ? 1 : 0;
        }

        Assert.Equal(0, videos);
        Assert.InRange(bytes, 0, 50_000);
        Scene.AssertSame(link.Frame, link.Decoder.Picture);
    }

    [Fact]
    public void Two_films_at_once()
    {
        PixelRect left = new(3, 100, 250, 200), right = new(340, 130, 255, 203);
        for (int i = 0; i < 30; i++)
        {
            MovingPhoto.Draw(link.Frame, left, i);
            link.Waiting.Add(left);
            Play(1, right);
        }

        Assert.Equal([left, right], Regions.OrderBy(area => area.X));
        Assert.InRange(link.Psnr(left), 34, 60);
        Assert.InRange(link.Psnr(right), 34, 60);
    }

    [Fact]
    public void Parts_that_were_found_first_become_one_as_soon_as_all_of_it_plays()
    {
        PixelRect left = Film with { Width = 130 }, right = Film with { X = Film.Right - 130, Width = 130 };
        for (int i = 0; i < 20; i++)
        {
            MovingPhoto.Draw(link.Frame, left, i);
            link.Waiting.Add(left);
            Play(1, right);
        }

        Assert.Equal([left, right], Regions.OrderBy(area => area.X));
        Play(16, Film);
        Assert.Equal([Film], Regions);
        Assert.InRange(link.Psnr(Film), 34, 60);
        AssertExactAround(Film);
    }

    [Fact]
    public void A_joiner_follows_from_a_reset_and_sees_the_same()
    {
        Play(30, Film);
        using var late = new UpdateDecoder();
        late.Apply(link.Snapshot(), out _);
        link.Encoder.Reset();
        link.Listener = late;
        Play(3, Film);
        Assert.True(link.Encoder.HasVideo);
        Scene.AssertSame(link.Decoder.Picture, late.Picture, (x, y) => link.IsInexact(x, y) && !Film.Contains(x, y));
    }

    [Fact]
    public void A_little_budget_makes_it_coarse_and_never_late()
    {
        Play(30, Film);
        int fine = Play(10, Film), coarse = Play(10, Film, 3_000);
        coarse = Play(10, Film, 3_000);
        Assert.True(coarse < fine && coarse <= 3_500 * 10, $"{coarse} and {fine}");
        Assert.True(link.Waiting.IsEmpty);
    }

    [Fact]
    public void Decoders_without_it_get_none()
    {
        using var other = new Link([1, 5, 16, 17, 19], 640, 480, 8);
        for (int i = 0; i < 30; i++)
        {
            MovingPhoto.Draw(other.Frame, Film, i);
            other.Waiting.Add(Film);
            other.Send(Budget);
        }

        Assert.False(other.Encoder.HasVideo);
        Assert.Empty(other.Encoder.Video.Regions);
    }

    [Fact]
    public void On_a_thin_way_it_is_av1_and_becomes_exact_as_well()
    {
        using var thin = new Link([1, 5, 16, 17, 19, 20, 21], 640, 480, 8) { Rate = 200_000 };
        thin.Text(thin.Frame.Bounds);
        thin.Send(int.MaxValue);
        for (int i = 0; i < 30; i++)
        {
            MovingPhoto.Draw(thin.Frame, Film, i);
            thin.Waiting.Add(Film);
            thin.Send(8_000);
        }

        var region = Assert.Single(thin.Encoder.Video.Regions);
        Assert.Equal((VideoOp.Av1, Film), (region.Operation, region.Area));
        Assert.InRange(thin.Psnr(Film), 33, 60);
        for (int i = 0; i < 80 && thin.Encoder.HasDebt; i++)
        {
            thin.Send(8_000);
        }

        Scene.AssertSame(thin.Frame, thin.Decoder.Picture);
    }

    [Fact]
    public void Nothing_is_allocated_once_it_plays()
    {
        Play(60, Film);
        long before = 0;
        for (int i = 0; i < 40; i++)
        {
            before = i == 20 ? GC.GetAllocatedBytesForCurrentThread() : before;
            Play(1, Film);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static PixelRect Around(PixelRect film) => new(film.X - 6, film.Y - 20, film.Width + 12, film.Height + 26);

    private int Play(int frames, PixelRect film, int budget = Budget)
    {
        int bytes = 0;
        for (int i = 0; i < frames; i++)
        {
            MovingPhoto.Draw(link.Frame, film, number++);
            link.Waiting.Add(film);
            bytes += link.Send(budget);
        }

        return bytes;
    }

    // A title and a frame with a pattern that tells one place of it from another.
    private void DrawWindow(PixelRect film)
    {
        var window = Around(film);
        for (int y = 0; y < window.Height; y++)
        {
            for (int x = 0; x < window.Width; x++)
            {
                link.Frame.Row(window.Y + y)[window.X + x] = (uint)(0x304050 + ((x * x / 7 * 31) + (y * 17) & 0x3F));
            }
        }

        link.Waiting.Add(window);
    }

    private void AssertSame(PixelRect area) =>
        Scene.AssertSame(link.Frame, link.Decoder.Picture, (x, y) => !area.Contains(x, y));

    // Not a pixel around a film is another than it should be.
    private void AssertExactAround(PixelRect film, PixelRect except = default) =>
        Scene.AssertSame(link.Frame, link.Decoder.Picture, (x, y) => film.Contains(x, y) || except.Contains(x, y));
}
