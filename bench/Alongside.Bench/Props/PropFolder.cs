using System.Diagnostics;
using System.Globalization;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Props;

/// <summary>
/// Pages, photographs and films that the scenes show, in <c>.alongside/bench</c>: made once by our own drawing and ffmpeg's encoders, the same on
/// every machine.
/// </summary>
internal sealed class PropFolder(string root)
{
    /// <summary>Twenty seconds.</summary>
    public const int ClipFrames = 600;

    private const int Photos = 6;
    private readonly string folder = Path.Combine(root, ".alongside", "bench");

    public string At(string name) => Path.Combine(folder, name);

    public void PreparePages()
    {
        Directory.CreateDirectory(folder);
        foreach (string page in Directory.EnumerateFiles(Path.Combine(root, "bench", "pages")))
        {
            File.Copy(page, Path.Combine(folder, Path.GetFileName(page)), overwrite: true);
        }

        for (int i = 0; i < Photos; i++)
        {
            string file = Path.Combine(folder, $"photo-{i}.jpg");
            if (!File.Exists(file))
            {
                Console.Error.WriteLine($"Drawing {Path.GetFileName(file)} ...");
                int seed = i;
                Encode(file, 1920, 1080, 1, frame => Photo.Draw(1920, 1080, seed).Pixels.CopyTo(frame.Pixels), "-q:v", "3");
            }
        }
    }

    /// <summary>The films of the videos' workloads: drawing them takes minutes, and must not fall into a measurement.</summary>
    public void PrepareClips(string size)
    {
        int[] sides = [.. size.Split('x').Select(side => int.Parse(side, CultureInfo.InvariantCulture))];
        PrepareClip(640, 360, ClipFrames);
        PrepareClip(sides[0], sides[1], ClipFrames);
    }

    /// <summary>A film of this size; its file name.</summary>
    public string PrepareClip(int width, int height, int frames)
    {
        Directory.CreateDirectory(folder);
        string file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"film-{width}x{height}-{frames}.mp4"));
        if (!File.Exists(file))
        {
            Console.Error.WriteLine($"Drawing {Path.GetFileName(file)} ...");
            var clip = new Clip(width, height);
            int number = 0;
            Encode(file, width, height, frames, frame => clip.Draw(number++, frame),
                "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-g", "30", "-movflags", "+faststart");
        }

        return Path.GetFileName(file);
    }

    private static void Encode(string file, int width, int height, int frames, Action<Frame> draw, params string[] arguments)
    {
        string part = file + ".part" + Path.GetExtension(file);
        var info = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true };
        foreach (string argument in (string[])["-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr0", "-s", $"{width}x{height}", "-r", "30", "-i", "-", .. arguments, part])
        {
            info.ArgumentList.Add(argument);
        }

        using (var encoder = Process.Start(info)!)
        {
            var frame = new Frame(width, height);
            for (int i = 0; i < frames; i++)
            {
                draw(frame);
                encoder.StandardInput.BaseStream.Write(frame.Bytes);
            }

            encoder.StandardInput.Close();
            encoder.WaitForExit();
            if (encoder.ExitCode != 0)
            {
                throw new InvalidOperationException($"ffmpeg could not write {file}.");
            }
        }

        File.Move(part, file, overwrite: true);
    }
}
