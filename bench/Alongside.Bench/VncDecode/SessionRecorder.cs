using System.Diagnostics;
using Alongside.Bench.Props;
using Alongside.Bench.Record;
using Alongside.Bench.Rfb;
using Alongside.Bench.Screens;

namespace Alongside.Bench.VncDecode;

/// <summary>Real programs on a display that a real VNC server shares, and a viewer for each encoding that keeps what it is sent.</summary>
internal static class SessionRecorder
{
    private const int StepsPerSecond = 30;

    public static readonly (string Name, int Number)[] Encodings = [("Tight", 7), ("ZRLE", 16), ("Hextile", 5)];

    /// <summary>What is on a desktop: text, pages with pictures, windows over each other.</summary>
    private static readonly Func<Scene>[] Scenes =
        [() => new TerminalScrollScene(), () => new WebScrollScene(smooth: false), () => new WindowDragScene(overWindows: true), () => new PageLoadsScene()];

    public static RecordedSession[] Record(string server, string size, double secondsAScene)
    {
        var props = new PropFolder(Programs.Root());
        props.PreparePages();
        using var displays = new Programs();
        var stage = Stage.Open(displays, size, props);
        using var screen = stage.Screen;
        int port = Programs.FreePort();
        displays.Start(server, server == "x11vnc"
            ? ["-display", screen.Name, "-rfbport", $"{port}", "-localhost", "-nopw", "-forever", "-shared", "-quiet"]
            : ["-display", screen.Name, "-rfbport", $"{port}", "-localhost", "-SecurityTypes", "None"], screen.Name);
        Programs.WaitForPort(port);
        RecordingClient[] clients = [.. Encodings.Select(encoding => new RecordingClient(port, encoding.Number))];
        foreach (var make in Scenes)
        {
            using var programs = new Programs();
            Play(make(), stage.With(programs), secondsAScene);
        }

        return [.. clients.Select((client, i) => new RecordedSession(server, Encodings[i].Name, client.Width, client.Height, client.Finish()))];
    }

    private static void Play(Scene scene, Stage stage, double seconds)
    {
        scene.Prepare(stage);
        var clock = Stopwatch.StartNew();
        for (int step = 0; clock.Elapsed.TotalSeconds < seconds; step++)
        {
            scene.Step(stage, step);
            double left = ((step + 1.0) / StepsPerSecond) - clock.Elapsed.TotalSeconds;
            if (left > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds(left));
            }
        }

        if (scene is WindowDragScene)
        {
            stage.Screen.Button(1, false);
        }
    }
}
