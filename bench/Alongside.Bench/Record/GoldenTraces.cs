using System.Buffers.Binary;
using System.IO.Compression;
using Alongside.Bench.Props;
using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Record;

/// <summary>
/// <c>record --golden FOLDER</c>: small pieces of the scenes, a few frames each, for tests. Form: <c>width u16 | height u16 | frames u16</c>, big-endian, then
/// red, green, blue of every pixel, row by row, frame after frame; all of it packed by Brotli.
/// </summary>
internal static class GoldenTraces
{
    private const int Window = 24;
    private const int HeaderBytes = 6;

    private static readonly (Func<Scene> Make, PixelRect Area, int Frames)[] Pieces =
    [
        (() => new TypingScene(), new(110, 70, 480, 160), 12),
        (() => new TerminalScrollScene(), new(190, 40, 560, 320), 8),
        (() => new EditorTypingScene(), new(250, 300, 480, 240), 8),
        (() => new EditorScrollScene(), new(250, 200, 480, 320), 6),
        (() => new WebScrollScene(smooth: true), new(300, 260, 480, 320), 8),
        (() => new PageLoadsScene(), new(120, 10, 560, 320), 4),
        (() => new WindowDragScene(overWindows: true), new(220, 60, 560, 360), 8),
        (() => new WindowSwitchScene(), new(280, 60, 480, 300), 6),
        (() => new VideoScene("video", 640, 360), new(320, 40, 192, 128), 4),
    ];

    public static void Write(string folder, PropFolder props)
    {
        Directory.CreateDirectory(folder);
        foreach (var (make, area, frames) in Pieces)
        {
            var scene = make();
            using var packed = new MemoryStream();
            byte[] pixels = new byte[HeaderBytes + (area.Area * 3 * frames)];
            BinaryPrimitives.WriteUInt16BigEndian(pixels, (ushort)area.Width);
            BinaryPrimitives.WriteUInt16BigEndian(pixels.AsSpan(2), (ushort)area.Height);
            int written = 0;
            Recorder.Run(scene, "1920x1080", frames, area, props, frame => AppendRgb(frame, pixels.AsSpan(HeaderBytes + ((int)area.Area * 3 * written++))));
            BinaryPrimitives.WriteUInt16BigEndian(pixels.AsSpan(4), (ushort)written);
            byte[] target = new byte[BrotliEncoder.GetMaxCompressedLength(pixels.Length)];
            BrotliEncoder.TryCompress(pixels.AsSpan(0, HeaderBytes + ((int)area.Area * 3 * written)), target, out int length, quality: 11, Window);
            File.WriteAllBytes(Path.Combine(folder, scene.Name + ".trace"), target[..length]);
            Console.Error.WriteLine($"{scene.Name}: {written} frames, {length} bytes");
        }
    }

    private static void AppendRgb(Frame frame, Span<byte> target)
    {
        for (int i = 0; i < frame.Pixels.Length; i++)
        {
            uint pixel = frame.Pixels[i];
            (target[i * 3], target[(i * 3) + 1], target[(i * 3) + 2]) = ((byte)(pixel >> 16), (byte)(pixel >> 8), (byte)pixel);
        }
    }
}
