using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Record;

namespace Alongside.Bench.Desktop.Workloads;

/// <summary>A film plays: frames shown, their age, tearing, likeness; then it is paused, and the last picture should become exact.</summary>
internal sealed class FilmWorkload(string name, string title, bool full) : Workload(name, title)
{
    private VideoScene? scene;

    public override void Prepare(Stage stage)
    {
        scene = full ? new("film", stage.Screen.Width, stage.Screen.Height, full: true, plays: true) : new("film", 640, 360, plays: true);
        scene.Prepare(stage);
    }

    public override void Run(Room room, Result result)
    {
        scene!.Step(room.Stage, 0);
        room.Stage.Settle();
        room.Meter.Start();
        using (var watch = new FilmWatch(room.Stage.Screen.Name, room.Viewer.Name, scene.Film))
        {
            watch.Run(room.Seconds);
            watch.Report(result);
        }

        room.Stage.Screen.Type('s');
        WatchExact(room, result);
        room.Meter.Stop(result);
    }
}
