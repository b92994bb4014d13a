using System.Diagnostics;
using Alongside.Bench.Props;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>Plays a scene on a virtual screen and hands out a piece of its picture a thirtieth of a second apart, without frames in which nothing changed.</summary>
internal static class Recorder
{
    private const int FramesPerSecond = 30;

    /// <summary>What a step needs to be seen, where the next may wait for it: a browser that seeks and paints, in seconds.</summary>
    private const double StepSeconds = 0.12;

    /// <summary>How often more steps than frames there may be before the scene is given up.</summary>
    private const int Patience = 20;

    public static int Run(Scene scene, string size, int frames, PixelRect? area, PropFolder props, Action<Frame> take)
    {
        using var programs = new Programs();
        var stage = Stage.Open(programs, size, props);
        using var screen = stage.Screen;
        scene.Prepare(stage);
        var piece = area ?? new(0, 0, screen.Width, screen.Height);
        Frame now = new(piece.Width, piece.Height), last = new(piece.Width, piece.Height);
        int taken = 0;
        var clock = Stopwatch.StartNew();
        for (int step = 0; taken < frames && step < frames * Patience; step++)
        {
            scene.Step(stage, step);
            double left = scene.IsStepped ? StepSeconds : ((step + 1.0) / FramesPerSecond) - clock.Elapsed.TotalSeconds;
            if (left > 0)
            {
                Thread.Sleep(TimeSpan.FromSeconds(left));
            }

            screen.Read(now, piece.X, piece.Y);
            if (taken == 0 || !now.Pixels.SequenceEqual(last.Pixels))
            {
                take(now);
                (now, last) = (last, now);
                taken++;
            }
        }

        return taken;
    }
}
