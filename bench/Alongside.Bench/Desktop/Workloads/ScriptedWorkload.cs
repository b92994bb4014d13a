using System.Diagnostics;
using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Record;

namespace Alongside.Bench.Desktop.Workloads;

/// <summary>A scene on the shared display at thirty steps a second: bytes, CPU, and how soon the last picture is exact.</summary>
internal sealed class ScriptedWorkload(Scene scene, string title) : Workload(scene.Name, title)
{
    private const double StepsPerSecond = 30;

    public override void Prepare(Stage stage) => scene.Prepare(stage);

    public override void Run(Room room, Result result)
    {
        room.Meter.Start();
        var clock = Stopwatch.StartNew();
        for (int step = 0; step < room.Seconds * StepsPerSecond; step++)
        {
            scene.Step(room.Stage, step);
            double left = ((step + 1) / StepsPerSecond) - clock.Elapsed.TotalSeconds;
            if (left > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds(left));
            }
        }

        WatchExact(room, result);
        room.Meter.Stop(result);
    }
}

/// <summary>Nothing happens.</summary>
internal sealed class IdleWorkload() : Workload("idle", "idle")
{
    public override void Prepare(Stage stage) => stage.Settle();

    public override void Run(Room room, Result result)
    {
        room.Meter.Start();
        Thread.Sleep(TimeSpan.FromSeconds(room.Seconds));
        room.Meter.Stop(result);
    }
}
