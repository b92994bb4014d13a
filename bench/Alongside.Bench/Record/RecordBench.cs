using System.Diagnostics;
using System.Globalization;
using Alongside.Bench.Props;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>
/// <c>record [--size 1920x1080] [--frames 60] --out FOLDER [SCENE...]</c>: real programs on a virtual screen, its picture a thirtieth of a second apart,
/// as raw BGRX frames in FOLDER/SCENE.bgrx. Frames in which nothing changed are left out.
/// </summary>
internal static class RecordBench
{
    private const int FramesPerSecond = 30;

    private static readonly Func<Scene>[] Scenes =
    [
        () => new TypingScene(), () => new TerminalScrollScene(), () => new EditorTypingScene(), () => new EditorScrollScene(),
        () => new WebScrollScene(smooth: true), () => new WebScrollScene(smooth: false), () => new PageLoadsScene(), () => new PhotoScene(),
        () => new WindowDragScene(overWindows: false), () => new WindowDragScene(overWindows: true), () => new WindowSwitchScene(),
        () => new VideoScene("video-640x360", 640, 360), () => new VideoScene("video-720p", 1280, 720), () => new VideoScene("video-full", 1920, 1080, full: true),
    ];

    public static int Run(string[] args)
    {
        string size = "1920x1080";
        string? folder = null;
        int frames = 60;
        var wanted = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--size": size = args[++i]; break;
                case "--out": folder = args[++i]; break;
                case "--frames": frames = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                default: wanted.Add(args[i]); break;
            }
        }

        if (folder is null)
        {
            Console.Error.WriteLine($"Usage: record [--size 1920x1080] [--frames 60] --out FOLDER [SCENE...]\nScenes: {string.Join(", ", Scenes.Select(make => make().Name))}");
            return 2;
        }

        Directory.CreateDirectory(folder);
        var props = new PropFolder(Programs.Root());
        props.PreparePages();
        foreach (var make in Scenes)
        {
            var scene = make();
            if (wanted.Count == 0 || wanted.Contains(scene.Name))
            {
                Record(scene, size, frames, Path.Combine(folder, scene.Name + ".bgrx"), props);
            }
        }

        return 0;
    }

    private static void Record(Scene scene, string size, int frames, string file, PropFolder props)
    {
        using var programs = new Programs();
        var stage = Stage.Open(programs, size, props);
        scene.Prepare(stage);
        Frame now = new(stage.Screen.Width, stage.Screen.Height), last = new(now.Width, now.Height);
        using var output = File.Create(file + ".part");
        int written = 0;
        var clock = Stopwatch.StartNew();
        for (int step = 0; written < frames && step < frames * 20; step++)
        {
            scene.Step(stage, step);
            Wait(clock, scene.IsStepped ? clock.Elapsed.TotalSeconds + 0.12 : (step + 1.0) / FramesPerSecond);
            stage.Screen.Read(now);
            if (written == 0 || !now.Pixels.SequenceEqual(last.Pixels))
            {
                output.Write(now.Bytes);
                (now, last) = (last, now);
                written++;
            }
        }

        output.Close();
        File.Move(file + ".part", file, overwrite: true);
        Console.Error.WriteLine($"{scene.Name}: {written} frames");
    }

    private static void Wait(Stopwatch clock, double until)
    {
        double left = until - clock.Elapsed.TotalSeconds;
        if (left > 0)
        {
            Thread.Sleep(TimeSpan.FromSeconds(left));
        }
    }
}
