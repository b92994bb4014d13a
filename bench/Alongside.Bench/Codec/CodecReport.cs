using Alongside.Bench.Screens;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Codec;

/// <summary>What <c>codec</c> prints.</summary>
/// <param name="ChangedFrames">Frames after the first that differ from the one before; all means and percentiles are over these.</param>
/// <param name="Exact">Mode exact: every decoded picture equals its frame. Mode auto: the last one does, in the end.</param>
/// <param name="BytesPerChangedFrame">In mode auto 0 for a frame that had to wait for room on the line.</param>
/// <param name="EncodeCpuMsPerChangedFrame">Of the encoding thread; without frames that had to wait.</param>
/// <param name="Start">Mode auto: what followed the first frame's first update until it was exact; only then the second frame came.</param>
/// <param name="Convergence">Mode auto: from the last frame to the exact picture.</param>
/// <param name="TotalBytes">All updates: the first frame, changed ones, what made unchanged ones exact, and the convergence.</param>
internal sealed record CodecReport(
    string Mode, double? Mbits, int Frames, int ChangedFrames, int FirstFrameBytes, CodecReport.Spread BytesPerChangedFrame, CodecReport.Peak EncodeCpuMsPerChangedFrame,
    CodecReport.Peak DecodeMsPerChangedFrame, bool Exact, CodecReport.Likeness? Psnr, CodecReport.Ending? Start, CodecReport.Ending? Convergence, long AllocatedBytesPerFrame, long TotalBytes)
{
    internal sealed record Spread(double Mean, double P50, double P95);

    internal sealed record Peak(double Mean, double P95);

    /// <summary>dB, over red, green and blue of the whole picture, 99 when it is exact: the mean and the least of all shown frames after the first.</summary>
    /// <param name="Changing">The mean over only the pixels that differ from the frame before: what the person looks at. Null when nothing changed.</param>
    internal sealed record Likeness(double Mean, double Min, double? Changing);

    /// <summary>From a frame that stands to the exact picture.</summary>
    internal sealed record Ending(double Ms, int Updates, long Bytes);
}

/// <summary>Collects what becomes a <see cref="CodecReport"/>.</summary>
internal sealed class CodecTally
{
    private readonly List<double> bytes = [], encode = [], decode = [], likeness = [], changing = [];
    private int firstFrameBytes;
    private long allocated, total;
    private bool isEveryExact = true;

    public bool IsLastExact { get; set; }

    public CodecReport.Ending? Start { get; set; }

    public CodecReport.Ending? Convergence { get; set; }

    public void AddFrame(bool changed, int size, bool first)
    {
        total += size;
        if (first)
        {
            firstFrameBytes = size;
        }
        else if (changed)
        {
            bytes.Add(size);
        }
    }

    public void AddSettling(long size) => total += size;

    public void AddTimes(double encodeMs, double decodeMs)
    {
        encode.Add(encodeMs);
        decode.Add(decodeMs);
    }

    public void AddAllocated(long count) => allocated += count;

    /// <summary>What the viewer shows, against what it should; <paramref name="before"/> is the frame before, null at the first.</summary>
    public void Compare(Frame source, Frame shown, Frame? before)
    {
        bool exact = Pictures.AreSame(source.Pixels, shown.Pixels);
        isEveryExact &= exact;
        if (before is null)
        {
            return;
        }

        likeness.Add(exact ? 99 : Pictures.Psnr(source.Pixels, shown.Pixels));
        var (pixels, error) = Pictures.ErrorWhereChanged(source.Pixels, shown.Pixels, before.Pixels);
        if (pixels > 0)
        {
            changing.Add(error == 0 ? 99 : Math.Min(99, Pictures.Decibels(error / (3.0 * pixels))));
        }
    }

    public CodecReport Report(CodecOptions options, int frames) => new(
        options.IsAuto ? "auto" : "exact",
        options.IsAuto ? options.Megabits : null,
        frames,
        bytes.Count,
        firstFrameBytes,
        new(Mean(bytes), Percentile(bytes, 50), Percentile(bytes, 95)),
        new(Mean(encode), Percentile(encode, 95)),
        new(Mean(decode), Percentile(decode, 95)),
        options.IsAuto ? IsLastExact : isEveryExact,
        options.IsAuto && likeness.Count > 0 ? new(Mean(likeness), Math.Round(likeness.Min(), 3), changing.Count > 0 ? Mean(changing) : null) : null,
        Start,
        Convergence,
        frames > 2 ? allocated / (frames - 2) : 0,
        total);

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
