using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Codec;

/// <summary>
/// <c>codec --size WxH</c>: raw BGRX frames, one after another, through encoder and decoder, every decoded picture compared with its source; one JSON object.
/// <code>
/// frame -> damage (kept where it waits) -> UpdateEncoder, budget of the line -> bytes -> UpdateDecoder -> compared with the frame
/// </code>
/// In mode exact there is no budget and every picture must equal its frame. In mode auto a <see cref="CodecLine"/> gives the budget; the first frame
/// stands until the picture is exact, and so does the last.
/// </summary>
internal static class CodecBench
{
    public const string Usage = """
        Usage: codec --size WIDTHxHEIGHT [--fps N] [--mode exact|auto] [--rate MBITS] [--exact-damage] FILE|-
          FILE, or - for standard input: raw BGRX frames, one after another.
          --fps N          Frames a second, 1 to 1000. Default 30.
          --mode exact     Every picture equals its frame (default).
          --mode auto      What does not fit the line is shown nearly, or later; exact in the end.
          --rate MBITS     The line of mode auto, Mbit/s, 0.1 to 10000. Default 20.
          --exact-damage   The encoder is told what changed, as a window system would; otherwise it searches the whole frame.
        """;

    private const int RehearsedFrames = 60;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static int Run(string[] args)
    {
        if (Parse(args) is not { } options)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        if (options.File != "-" && !File.Exists(options.File))
        {
            Console.Error.WriteLine($"There is no file {options.File}.");
            return 2;
        }

        using var input = options.File == "-" ? Console.OpenStandardInput() : File.OpenRead(options.File);
        CodecRun.Warm(options);
        if (input.CanSeek)
        {
            Rehearse(options, input);
        }

        using var run = new CodecRun(options);
        var frame = new Frame(options.Width, options.Height);
        int read;
        while ((read = input.ReadAtLeast(frame.Bytes, frame.Bytes.Length, throwOnEndOfStream: false)) == frame.Bytes.Length)
        {
            run.Show(frame);
        }

        if (read > 0)
        {
            Console.Error.WriteLine($"{read} bytes at the end are no whole frame of {options.Width}x{options.Height}, and were left out.");
        }

        if (options.IsAuto)
        {
            run.Converge();
        }

        var report = run.Report();
        Console.WriteLine(JsonSerializer.Serialize(report, Json));
        return report.Exact ? 0 : 1;
    }

    /// <summary>Plays a file's first frames once before they count, so that what only they need is compiled too: a program that runs for hours is measured, not its start.</summary>
    private static void Rehearse(CodecOptions options, Stream input)
    {
        using var run = new CodecRun(options);
        var frame = new Frame(options.Width, options.Height);
        for (int i = 0; i < RehearsedFrames && input.ReadAtLeast(frame.Bytes, frame.Bytes.Length, throwOnEndOfStream: false) == frame.Bytes.Length; i++)
        {
            run.Show(frame);
        }

        input.Position = 0;
    }

    private static CodecOptions? Parse(string[] args)
    {
        string size = "";
        var options = new CodecOptions();
        try
        {
            for (int i = 0; i < args.Length; i++)
            {
                switch (args[i])
                {
                    case "--size": size = args[++i]; break;
                    case "--fps": options = options with { Fps = int.Parse(args[++i], CultureInfo.InvariantCulture) }; break;
                    case "--rate": options = options with { Megabits = double.Parse(args[++i], CultureInfo.InvariantCulture) }; break;
                    case "--exact-damage": options = options with { ExactDamage = true }; break;
                    case "--mode" when args[i + 1] is "exact" or "auto": options = options with { IsAuto = args[++i] == "auto" }; break;
                    case var file when options.File.Length == 0 && (file == "-" || !file.StartsWith('-')): options = options with { File = file }; break;
                    default: return null;
                }
            }

            string[] sides = size.Split('x');
            options = options with { Width = int.Parse(sides[0], CultureInfo.InvariantCulture), Height = int.Parse(sides[1], CultureInfo.InvariantCulture) };
        }
        catch (Exception mistake) when (mistake is FormatException or OverflowException or IndexOutOfRangeException)
        {
            return null;
        }

        return options.File.Length > 0 && Frame.IsValidSize(options.Width, options.Height) && options.Fps is >= 1 and <= 1000 && options.Megabits is >= 0.1 and <= 10_000 ? options : null;
    }
}

/// <summary>What is measured how; see <see cref="CodecBench.Usage"/>.</summary>
internal sealed record CodecOptions
{
    public int Width { get; init; }

    public int Height { get; init; }

    public int Fps { get; init; } = 30;

    public bool IsAuto { get; init; }

    public double Megabits { get; init; } = 20;

    public bool ExactDamage { get; init; }

    public string File { get; init; } = "";
}
