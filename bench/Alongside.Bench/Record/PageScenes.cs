using Alongside.Bench.Props;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>The wheel over a page with pictures, a fixed header and a sidebar; smoothly, or in steps.</summary>
internal sealed class WebScrollScene(bool smooth) : Scene
{
    public override string Name => smooth ? "web-scroll" : "web-scroll-steps";

    public override void Prepare(Stage stage)
    {
        stage.StartPage("article.html", "Almanac page 0 ready", new(120, 20, 1600, 1000), smooth);
        stage.Settle();
    }

    public override void Step(Stage stage, int frame)
    {
        if (frame % (smooth ? 8 : 3) == 0)
        {
            stage.Screen.Click(frame / 240 % 2 == 0 ? 5u : 4u);
        }
    }
}

/// <summary>Pages with pictures, one after another, a second and a third each.</summary>
internal sealed class PageLoadsScene : Scene
{
    public override string Name => "page-loads";

    public override void Prepare(Stage stage)
    {
        stage.StartPage("article.html", "Almanac page 0 ready", new(120, 20, 1600, 1000));
        stage.Settle();
        stage.Screen.ClickAt(1640, 700);
    }

    public override void Step(Stage stage, int frame)
    {
        if (frame % 40 == 0)
        {
            stage.Screen.Type('n');
        }
    }
}

/// <summary>Photographs over the whole display, two a second.</summary>
internal sealed class PhotoScene : Scene
{
    public override string Name => "photo";

    public override bool IsStepped => true;

    public override void Prepare(Stage stage)
    {
        stage.StartPage("photo.html", "Photo ready", new(0, 0, stage.Screen.Width, stage.Screen.Height));
        stage.Screen.ClickAt(600, 500);
        stage.Settle();
    }

    public override void Step(Stage stage, int frame)
    {
        if (frame % 15 == 0)
        {
            stage.Screen.Type('n');
        }
    }
}

/// <summary>A film in a page of text, or over the whole display; a frame of it a step, or it plays by itself from the first step on.</summary>
internal sealed class VideoScene(string name, int width, int height, bool full = false, bool plays = false) : Scene
{
    /// <summary>Above the film, as its page's style says.</summary>
    private const int Margin = 20;

    public override string Name => name;

    public override bool IsStepped => !plays;

    /// <summary>Where the film is on the display, once it has been prepared.</summary>
    public PixelRect Film { get; private set; }

    public override void Prepare(Stage stage)
    {
        string clip = stage.Props.PrepareClip(width, height, PropFolder.ClipFrames);
        PixelRect area = full ? new(0, 0, stage.Screen.Width, stage.Screen.Height) : new(160, 30, Math.Max(width + 200, 1000), Math.Max(height + 200, 800));
        nuint window = stage.StartPage($"video.html?clip={clip}&size={width}x{height}{(plays ? "" : "&step")}{(full ? "&full" : "")}", "Video ready", area);
        stage.Screen.ClickAt(area.X + 50, area.Y + (area.Height / 2));
        stage.Settle();
        var page = stage.Screen.Area(window);
        Film = full ? area : new(page.X + ((page.Width - width) / 2), page.Y + Margin, width, height);
    }

    public override void Step(Stage stage, int frame)
    {
        if (!plays || frame == 0)
        {
            stage.Screen.Type('n');
        }
    }
}
