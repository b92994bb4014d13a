using System.Buffers;
using System.Text.Json;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Bench;

/// <summary>
/// <c>codec --size WxH [--fps N] [--exact-damage] FILE|-</c>: raw BGRX frames in; encodes, decodes and compares each. Damage is the whole frame, so the
/// time to encode includes the search for what changed; with <c>--exact-damage</c> it is what changed, as a window system would report.
/// </summary>
internal static class CodecBench
{
    private static readonly ushort[] Capabilities = UpdateEncoder.Shared(Capability.Known);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static int Run(string[] args)
    {
        bool exactDamage = args.Contains("--exact-damage");
        int fpsAt = Array.IndexOf(args, "--fps"), fps = 30;
        var rest = args.Where((arg, i) => arg != "--exact-damage" && (fpsAt < 0 || (i != fpsAt && i != fpsAt + 1))).ToArray();
        if (rest is not ["--size", var size, var file] || !TryParseSize(size, out int width, out int height)
            || (fpsAt >= 0 && !(int.TryParse(args.ElementAtOrDefault(fpsAt + 1), out fps) && fps > 0)))
        {
            Console.Error.WriteLine("Usage: codec --size WIDTHxHEIGHT [--fps N] [--exact-damage] FILE|-      raw BGRX frames, one after another");
            return 2;
        }

        using var input = file == "-" ? Console.OpenStandardInput() : File.OpenRead(file);
        var run = new CodecRun(width, height, fps, exactDamage);
        run.Warm();
        while (run.TryReadFrame(input))
        {
            run.Step();
        }

        Console.WriteLine(JsonSerializer.Serialize(run.Report(), Json));
        return run.IsExact ? 0 : 1;
    }

    private static bool TryParseSize(string text, out int width, out int height)
    {
        height = 0;
        string[] parts = text.Split('x');
        return int.TryParse(parts[0], out width) && parts.Length == 2 && int.TryParse(parts[1], out height) && Frame.IsValidSize(width, height);
    }

    private sealed class CodecRun(int width, int height, int fps, bool exactDamage)
    {
        private readonly Frame frame = new(width, height);
        private readonly DamageRegion damage = new();
        private readonly DamageRegion whole = new();
        private readonly FrameDifference difference = new();
        private readonly ArrayBufferWriter<byte> output = new(1 << 20);
        private readonly List<double> bytes = [], encode = [], decode = [];
        private UpdateEncoder encoder = new(Capabilities);
        private UpdateDecoder decoder = new();
        private int frames, firstFrameBytes;
        private long allocated;

        public bool IsExact { get; private set; } = true;

        /// <summary>Lets the compiler finish its work on the hot paths, on frames of its own.</summary>
        public void Warm()
        {
            var random = new Random(1);
            for (int i = 0; i < 40; i++)
            {
                var pixels = frame.Pixels;
                for (int k = 0; k < pixels.Length; k++)
                {
                    pixels[k] = (i % 4) switch
                    {
                        0 => (uint)(k >> 14),
                        1 => (uint)random.Next(i % 8 < 4 ? 2 : 16),
                        2 => (uint)random.Next(200),
                        _ => (uint)random.Next(1 << 24),
                    };
                }

                Step();
                if (frame.Pixels.Length > 1 << 18 && i >= 12)
                {
                    break;
                }
            }

            encoder.Dispose();
            decoder.Dispose();
            encoder = new(Capabilities);
            decoder = new();
            bytes.Clear();
            encode.Clear();
            decode.Clear();
            (frames, firstFrameBytes, allocated) = (0, 0, 0);
        }

        public bool TryReadFrame(Stream input)
        {
            int read = input.ReadAtLeast(frame.Bytes, frame.Bytes.Length, throwOnEndOfStream: false);
            return read == frame.Bytes.Length;
        }

        public void Step()
        {
            PrepareDamage();
            output.ResetWrittenCount();
            frames++;
            long before = GC.GetAllocatedBytesForCurrentThread();
            double start = ThreadClock.Milliseconds;
            bool changed = encoder.TryEncode(frame, damage, new() { Now = frames * 1_000_000L / fps }, output, out _);
            double encoded = ThreadClock.Milliseconds;
            if (changed)
            {
                decoder.Apply(output.WrittenSpan, out _);
            }

            double decoded = ThreadClock.Milliseconds;
            if (frames > 2)
            {
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            }

            if (changed && frames == 1)
            {
                firstFrameBytes = output.WrittenCount;
            }
            else if (changed)
            {
                bytes.Add(output.WrittenCount);
                encode.Add(encoded - start);
                decode.Add(decoded - encoded);
            }

            IsExact &= IsSame(frame.Pixels, decoder.Picture.Pixels);
        }

        private void PrepareDamage()
        {
            damage.Clear();
            whole.Add(frame.Bounds);
            if (!exactDamage || frames == 0)
            {
                damage.Add(frame.Bounds);
                return;
            }

            difference.Compare(encoder.Reference, frame, whole);
            foreach (var rect in difference.Rects)
            {
                damage.Add(rect);
            }
        }

        public object Report() => new
        {
            Frames = frames,
            ChangedFrames = bytes.Count,
            FirstFrameBytes = firstFrameBytes,
            BytesPerChangedFrame = new { Mean = Mean(bytes), P50 = Percentile(bytes, 50), P95 = Percentile(bytes, 95) },
            EncodeCpuMsPerChangedFrame = new { Mean = Mean(encode), P95 = Percentile(encode, 95) },
            DecodeMsPerChangedFrame = new { Mean = Mean(decode), P95 = Percentile(decode, 95) },
            Exact = IsExact,
            AllocatedBytesPerFrame = frames > 2 ? allocated / (frames - 2) : 0,
        };

        private static bool IsSame(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b)
        {
            for (int i = 0; i < a.Length; i++)
            {
                if (((a[i] ^ b[i]) & 0xFF_FFFF) != 0)
                {
                    return false;
                }
            }

            return true;
        }

        private static double Mean(List<double> values) => values.Count == 0 ? 0 : Math.Round(values.Average(), 3);

        private static double Percentile(List<double> values, int percent)
        {
            if (values.Count == 0)
            {
                return 0;
            }

            var sorted = values.Order().ToList();
            return Math.Round(sorted[Math.Min(sorted.Count - 1, sorted.Count * percent / 100)], 3);
        }
    }
}
