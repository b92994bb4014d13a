using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>A terminal dragged by its title along a curve, over the wallpaper or over other windows.</summary>
internal sealed class WindowDragScene(bool overWindows) : Scene
{
    private const int GrabX = 300;
    private const int GrabY = 12;
    private PixelRect start;

    public override string Name => overWindows ? "drag-over-windows" : "drag-over-photo";

    public override void Prepare(Stage stage)
    {
        if (overWindows)
        {
            stage.StartPage("article.html", "Almanac page 0 ready", new(60, 30, 1100, 900));
            stage.StartXterm("behind", new(900, 380, 900, 560), "-e", "sh", "-c", "ls -la --color /usr/share; cat");
        }

        nuint window = stage.StartXterm("dragged", new(300, 160, 760, 480), "-e", "sh", "-c", "ls -la --color /etc; cat");
        stage.Settle();
        start = stage.Screen.Area(window);
        stage.Screen.MoveTo(start.X + GrabX, start.Y - GrabY);
        stage.Screen.Button(1, true);
        stage.Settle(300);
    }

    public override void Step(Stage stage, int frame)
    {
        double t = frame / 30.0;
        int x = (int)(360 * (1 - Math.Cos(t * 2.1))), y = (int)(150 * Math.Sin(t * 2.9));
        stage.Screen.MoveTo(start.X + GrabX + x, Math.Max(4, start.Y - GrabY + y));
    }
}

/// <summary>Three windows that overlap, one after another raised to the top.</summary>
internal sealed class WindowSwitchScene : Scene
{
    private nuint[] windows = [];

    public override string Name => "window-switch";

    public override bool IsStepped => true;

    public override void Prepare(Stage stage)
    {
        windows =
        [
            stage.StartPage("article.html", "Almanac page 0 ready", new(60, 30, 1300, 900)),
            stage.StartXterm("listing", new(300, 160, 1200, 760), "-e", "sh", "-c", "ls -la --color /usr/share; cat"),
            stage.StartXterm("other", new(560, 90, 1100, 700), "-bg", "#f4f0e0", "-fg", "#202020", "-e", "sh", "-c", "ls -la --color /etc; cat"),
        ];
        stage.Settle();
    }

    public override void Step(Stage stage, int frame)
    {
        if (frame % 10 == 0)
        {
            stage.Screen.Raise(windows[frame / 10 % windows.Length]);
        }
    }
}
