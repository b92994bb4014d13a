using Alongside.Bench.Desktop.Measure;
using Alongside.Bench.Record;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Desktop.Workloads;

/// <summary>What a workload has: a stage on the shared display, the viewer's display, and the meter of both sides.</summary>
internal sealed record Room(Stage Stage, Screen Viewer, Meter Meter, double Seconds);

/// <summary>Something a person does, with what is measured while they do it.</summary>
internal abstract class Workload(string name, string title)
{
    /// <summary>Longer waits are called "never".</summary>
    protected const double PatienceMs = 4000;

    public static Workload[] All() =>
    [
        new IdleWorkload(),
        new TypingWorkload(),
        new ClickWorkload("click", "click", Beside.Nothing),
        new ClickWorkload("click-video", "click beside a playing film", Beside.Film),
        new ClickWorkload("click-photos", "click beside photographs that change", Beside.Photographs),
        new ScriptedWorkload(new TerminalScrollScene(), "terminal scroll"),
        new ScriptedWorkload(new WebScrollScene(smooth: true), "web scroll, smooth"),
        new ScriptedWorkload(new WebScrollScene(smooth: false), "web scroll, steps"),
        new ScriptedWorkload(new WindowDragScene(overWindows: true), "window drag"),
        new ScriptedWorkload(new WindowSwitchScene(), "window switch"),
        new ScriptedWorkload(new PageLoadsScene(), "page loads"),
        new ScriptedWorkload(new PhotoScene(), "photographs"),
        new FilmWorkload("video", "video 640x360", full: false),
        new FilmWorkload("video-full", "video, full screen", full: true),
    ];

    public string Name => name;

    public string Title => title;

    /// <summary>Starts its programs and waits until they stand.</summary>
    public abstract void Prepare(Stage stage);

    /// <summary>Does it and writes what was measured.</summary>
    public abstract void Run(Room room, Result result);

    protected static void WatchExact(Room room, Result result)
    {
        result.ExactMs = ExactWatch.Run(room.Stage.Screen, room.Viewer, PatienceMs);
        if (result.ExactMs < 0)
        {
            result.Differing = Pictures.Differing(room.Stage.Screen.Read(), room.Viewer.Read());
        }
    }
}
