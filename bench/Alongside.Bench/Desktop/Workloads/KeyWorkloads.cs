using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Record;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Desktop.Workloads;

/// <summary>Letters typed at the viewer into a terminal on the shared display, until each is seen at the viewer.</summary>
internal sealed class TypingWorkload() : Workload("typing", "typing")
{
    private readonly TypingScene scene = new();

    public override void Prepare(Stage stage) => scene.Prepare(stage);

    public override void Run(Room room, Result result)
    {
        // The viewer needs the keyboard on its own display; its click goes to the terminal.
        room.Viewer.ClickAt(scene.Line.X + 700, scene.Line.Bottom + 200);
        Thread.Sleep(600);
        room.Meter.Start();
        var (times, lost) = KeyWatch.Run(room.Viewer, scene.Line, room.Seconds, i => i % 6 == 5 ? ' ' : (uint)"abcdefghijklmnop"[i * 7 % 16]);
        WatchExact(room, result);
        room.Meter.Stop(result);
        (result.ClickToPixel, result.Lost) = (Percentiles.Of(times), lost);
    }
}

internal enum Beside
{
    Nothing,
    Film,
    Photographs,
}

/// <summary>A window that flips black and white at each key, alone or beside something that fills the line.</summary>
internal sealed class ClickWorkload(string name, string title, Beside beside) : Workload(name, title)
{
    private const int Width = 160;
    private const int Height = 100;

    public override void Prepare(Stage stage)
    {
        switch (beside)
        {
            case Beside.Film:
                new VideoScene("video", 640, 360, plays: true).Prepare(stage);
                break;
            case Beside.Photographs:
                stage.StartPage("photo.html?every=1200", "Photo ready", new(0, 0, (stage.Screen.Width / 2) - Width, stage.Screen.Height - 100));
                stage.Screen.ClickAt(200, 500);
                break;
        }

        stage.Settle();
    }

    public override void Run(Room room, Result result)
    {
        if (beside != Beside.Nothing)
        {
            room.Stage.Screen.Type('n');
        }

        room.Stage.Start(Environment.ProcessPath!, "flip-window", $"{Width}x{Height}");
        room.Stage.Settle();
        PixelRect middle = new(room.Viewer.Width / 2, room.Viewer.Height / 2, 4, 4);
        room.Viewer.ClickAt(middle.X, middle.Y);
        Thread.Sleep(600);
        room.Meter.Start();
        var (times, lost) = KeyWatch.Run(room.Viewer, middle, room.Seconds * 2, _ => 'a');
        room.Meter.Stop(result);
        (result.ClickToPixel, result.Lost) = (Percentiles.Of(times), lost);
    }
}
