using System.Globalization;
using Alongside.Bench.Props;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Record;

/// <summary>
/// <c>record [--size 1920x1080] [--frames 60] --out FOLDER [SCENE...]</c>: real programs on a virtual screen, its picture a thirtieth of a second apart,
/// as raw BGRX frames in FOLDER/SCENE.bgrx. Frames in which nothing changed are left out. <c>record --golden FOLDER</c>: <see cref="GoldenTraces"/>.
/// </summary>
internal static class RecordBench
{
    private static readonly Func<Scene>[] Scenes =
    [
        () => new TypingScene(), () => new TerminalScrollScene(), () => new EditorTypingScene(), () => new EditorScrollScene(),
        () => new WebScrollScene(smooth: true), () => new WebScrollScene(smooth: false), () => new PageLoadsScene(), () => new PhotoScene(),
        () => new WindowDragScene(overWindows: false), () => new WindowDragScene(overWindows: true), () => new WindowSwitchScene(),
        () => new VideoScene("video-640x360", 640, 360), () => new VideoScene("video-720p", 1280, 720), () => new VideoScene("video-full", 1920, 1080, full: true),
    ];

    public static string Usage { get; } = $"Usage: record [--size 1920x1080] [--frames 60] --out FOLDER [SCENE...] | --golden FOLDER\nScenes: {string.Join(", ", Scenes.Select(make => make().Name))}";

    public static int Run(string[] args)
    {
        string size = "1920x1080";
        string? folder = null, golden = null;
        int frames = 60;
        var wanted = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--size": size = args[++i]; break;
                case "--out": folder = args[++i]; break;
                case "--golden": golden = args[++i]; break;
                case "--frames": frames = int.Parse(args[++i], CultureInfo.InvariantCulture); break;
                default: wanted.Add(args[i]); break;
            }
        }

        var props = new PropFolder(Programs.Root());
        if (golden is not null)
        {
            props.PreparePages();
            GoldenTraces.Write(golden, props);
            return 0;
        }

        if (folder is null)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        Directory.CreateDirectory(folder);
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
        int written;
        using (var output = File.Create(file + ".part"))
        {
            written = Recorder.Run(scene, size, frames, null, props, frame => output.Write(frame.Bytes));
        }

        File.Move(file + ".part", file, overwrite: true);
        Console.Error.WriteLine($"{scene.Name}: {written} frames");
    }
}
