using Alongside.Core.Codec;
using Alongside.Core.Codec.Video.Regions;
using Alongside.Core.Pixels;

namespace Alongside.Core.Tests.Codec.Video;

/// <summary>What is taken for a film, where exactly, and what is not. Thirty pictures a second of virtual time.</summary>
public sealed class VideoDetectorTests
{
    private const int Width = 1000, Height = 640;

    private static readonly PixelRect Film = new(203, 117, 321, 239);

    private readonly Frame source = new(Width, Height), shown = new(Width, Height);
    private readonly FrameDifference difference = new();
    private readonly DamageRegion all = new();
    private readonly VideoDetector detector = new(Width, Height);
    private readonly DamageHistory drawn = new(Width, Height);
    private readonly Random random = new(3);
    private long now = 7_000_000;

    public VideoDetectorTests()
    {
        Letters(source.Bounds, 0);
        Step();
    }

    [Fact]
    public void A_film_is_found_after_a_few_pictures_and_its_edges_are_exact()
    {
        int frames = 0;
        while (detector.Films.IsEmpty && frames < 40)
        {
            MovingPhoto.Draw(source, Film, frames++);
            Step();
        }

        Assert.InRange(frames, 5, 10);
        Play(30, Film, frames);
        Assert.Equal([Film], detector.Films.ToArray());
    }

    [Fact]
    public void It_is_gone_a_second_after_it_stops()
    {
        Play(30, Film);
        Pause(20);
        Assert.Equal([Film], detector.Films.ToArray());
        Pause(20);
        Assert.Empty(detector.Films.ToArray());
    }

    [Fact]
    public void A_film_of_twelve_frames_a_second_beside_something_that_always_moves()
    {
        for (int i = 0; i < 90; i++)
        {
            if (i % 5 is 0 or 2)
            {
                MovingPhoto.Draw(source, Film, i);
            }

            Spin(new(900, 600, 24, 24), i);
            Step();
        }

        Assert.Equal([Film], detector.Films.ToArray());
    }

    [Fact]
    public void A_film_so_large_that_it_is_looked_at_six_times_a_second()
    {
        int frames = 0;
        while (detector.Films.IsEmpty && frames < 20)
        {
            MovingPhoto.Draw(source, Film, 5 * frames++);
            Step(time: 165_000);
        }

        Assert.InRange(frames, 4, 8);
    }

    [Fact]
    public void A_caption_that_ticks_below_belongs_to_it_no_more_than_a_spinner_beside_it()
    {
        for (int i = 0; i < 60; i++)
        {
            MovingPhoto.Draw(source, Film, i);
            Letters(new(Film.X + 10, Film.Bottom + 14, 60, 12), i);
            Spin(new(Film.Right + 20, Film.Y + 40, 24, 24), i);
            Step();
        }

        Assert.Equal([Film], detector.Films.ToArray());
    }

    [Fact]
    public void Two_films_are_two()
    {
        PixelRect left = new(51, 60, 230, 150), right = new(320, 200, 233, 151);
        for (int i = 0; i < 40; i++)
        {
            MovingPhoto.Draw(source, left, i);
            MovingPhoto.Draw(source, right, 500 - i);
            Step();
        }

        Assert.Equal([left, right], detector.Films.ToArray().OrderBy(film => film.X));
    }

    [Fact]
    public void A_film_in_another_place_is_found_there()
    {
        Play(30, Film);
        Letters(Film, 1);
        var moved = Film with { X = Film.X + 150, Y = Film.Y + 90 };
        Play(60, moved, 30);
        Assert.Equal([moved], detector.Films.ToArray());
    }

    [Fact]
    public void A_film_of_which_only_a_part_moves_at_times_is_that_part_or_more()
    {
        var part = new PixelRect(Film.X + 60, Film.Y + 50, 200, 150);
        Play(25, Film);
        for (int i = 0; i < 40; i++)
        {
            MovingPhoto.Draw(source, i % 10 == 0 ? Film : part, 25 + i);
            Step();
            var film = Assert.Single(detector.Films.ToArray());
            Assert.Equal((part, film), (film.Intersect(part), film.Intersect(Film)));
        }
    }

    [Fact]
    public void A_film_of_which_each_picture_takes_several_updates()
    {
        // What waits is compared again and again beside what is new: only new pictures count as such.
        int updates = 0;
        while (detector.Films.IsEmpty && updates < 60)
        {
            if (updates++ % 4 == 0)
            {
                MovingPhoto.Draw(source, Film, 5 * updates);
            }

            Step(isSent: updates % 4 == 0, time: 38_000);
        }

        Assert.InRange(updates, 10, 24);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Of_a_film_on_a_thin_line_damage_tells_what_one_picture_a_second_cannot(bool isSeldomSeen, bool isDrawn)
    {
        for (int i = 0; i < 120; i++)
        {
            bool isNew = i % 30 == 0;
            if (isDrawn)
            {
                drawn.Note(Film, now);
            }

            if (isNew)
            {
                MovingPhoto.Draw(source, Film, i);
            }

            if (isNew || !isSeldomSeen)
            {
                detector.NoteLook(now);
            }

            Step(isSent: !isSeldomSeen || i % 30 == 29);
        }

        Assert.Equal(isSeldomSeen && isDrawn ? [Film] : [], detector.Films.ToArray());
    }

    [Theory]
    [InlineData("typing")]
    [InlineData("scrolling")]
    [InlineData("spinner")]
    [InlineData("photo that loads")]
    [InlineData("photos, two a second")]
    [InlineData("window over a photo")]
    [InlineData("small film")]
    [InlineData("waiting")]
    public void Nothing_else_is_a_film(string what)
    {
        var photo = new Frame(Width, Height);
        MovingPhoto.Draw(photo, photo.Bounds, 1);
        for (int i = 0; i < 90; i++)
        {
            switch (what)
            {
                case "typing":
                    Letters(new(20 + (i * 9), 300, 9, 16), i);
                    break;
                case "scrolling":
                    Letters(new(100, 50, 800, 580), i);
                    break;
                case "spinner":
                    Spin(new(400, 300, 100, 100), i);
                    break;
                case "photo that loads" when i < 11:
                    Copy(photo, new(100, 50 + (i * 50), 800, 50));
                    break;
                case "photos, two a second" when i % 15 == 0:
                    MovingPhoto.Draw(source, new(100, 50, 800, 580), i * 20);
                    break;
                case "window over a photo":
                    // Its pixels are copied; what it leaves behind is painted.
                    Copy(photo, new(100 + (i * 5), 100, 5, 400));
                    break;
                case "small film":
                    MovingPhoto.Draw(source, new(300, 300, 300, 100), i);
                    break;
                case "waiting" when i == 0:
                    // It differs from what is shown all the time, since there is no room to send it.
                    MovingPhoto.Draw(source, new(100, 50, 800, 580), 1);
                    break;
            }

            Step(isSent: what != "waiting");
            Assert.True(detector.Films.IsEmpty, $"Found at {i}: {string.Join(' ', detector.Films.ToArray())}");
        }
    }

    private void Play(int frames, PixelRect film, int from = 0)
    {
        for (int i = from; i < from + frames; i++)
        {
            MovingPhoto.Draw(source, film, i);
            Step();
        }
    }

    private void Pause(int frames)
    {
        for (int i = 0; i < frames; i++)
        {
            Step();
        }
    }

    private void Step(bool isSent = true, int time = 33_333)
    {
        now += time;
        all.Clear();
        all.Add(source.Bounds);
        difference.Compare(shown, source, all);
        detector.Note(source, difference.Rects, drawn, now);
        if (isSent)
        {
            source.Pixels.CopyTo(shown.Pixels);
        }
    }

    private void Letters(PixelRect area, int number)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            var row = source.Row(y, area.X, area.Width);
            for (int x = 0; x < row.Length; x++)
            {
                // Ink with soft edges on paper.
                int ink = (((x / 2 * 7) + ((y + (number * 5)) / 3 * 11)) % 13) - 8;
                row[x] = (y + (number * 5)) % 18 > 12 || ink < 0 ? 0xFFFFFFu : (uint)(0x101010 * (8 - ink));
            }
        }
    }

    private void Spin(PixelRect area, int number)
    {
        for (int y = 0; y < area.Height; y++)
        {
            for (int x = 0; x < area.Width; x++)
            {
                int turn = (int)((Math.Atan2(y - (area.Height / 2.0), x - (area.Width / 2.0)) * 40) + (number * 20)) & 255;
                source.Row(area.Y + y)[area.X + x] = (uint)(turn * 0x010101);
            }
        }
    }

    private void Copy(Frame from, PixelRect area)
    {
        for (int y = area.Y; y < area.Bottom; y++)
        {
            from.Row(y, area.X, area.Width).CopyTo(source.Row(y, area.X, area.Width));
        }
    }
}
