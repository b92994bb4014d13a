using System.Buffers;
using Alongside.Bench.Screens;
using Alongside.Core.Codec;
using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;
using Alongside.Core.Session;

namespace Alongside.Bench.Codec;

/// <summary>One clip through one encoder and one decoder, under a clock of its own that follows the frames.</summary>
internal sealed class CodecRun(CodecOptions options) : IDisposable
{
    /// <summary>Between two updates while the desktop stands still, in microseconds.</summary>
    private const long RefineTime = 5_000;

    /// <summary>A picture that is not exact after so long never will be, in microseconds.</summary>
    private const long Patience = 120_000_000;

    /// <summary>The first frames let arrays grow.</summary>
    private const int Growing = 2;

    /// <summary>What a browser of today names: video is among it where it has a decoder.</summary>
    private static readonly ushort[] Capabilities = UpdateEncoder.Shared([.. Capability.Known, OpTable.H264]);

    private readonly Frame last = new(options.Width, options.Height);
    private readonly DamageRegion damage = new();
    private readonly DamageRegion whole = new();
    private readonly FrameDifference difference = new();
    private readonly ArrayBufferWriter<byte> output = new(1 << 20);
    private readonly UpdateEncoder encoder = new(Capabilities);
    private readonly UpdateDecoder decoder = new();
    private readonly CodecLine line = new(options.Megabits);
    private readonly CodecTally tally = new();
    private int frames;
    private long now;

    private long FrameTime => 1_000_000L / options.Fps;

    /// <summary>Lets the compiler finish its work on the hot paths, on frames of its own.</summary>
    public static void Warm(CodecOptions options)
    {
        using var run = new CodecRun(options);
        var frame = new Frame(options.Width, options.Height);
        var random = new Random(1);
        int count = frame.Pixels.Length > 1 << 18 ? 12 : 40;
        for (int i = 0; i < count; i++)
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

            run.Show(frame);
        }
    }

    /// <summary>The desktop shows this frame now. In mode auto the first one stands until it is exact, as a desktop does before somebody uses it.</summary>
    public void Show(Frame frame)
    {
        now += frames > 0 ? FrameTime : 0;
        bool changed = AddDamage(frame);
        int bytes = Step(frame, changed);
        tally.AddFrame(changed, bytes, first: frames == 0);
        tally.Compare(frame, decoder.Picture, frames == 0 ? null : last);
        frame.Pixels.CopyTo(last.Pixels);
        if (frames == 0 && options.IsAuto)
        {
            tally.Start = Settle();
        }

        frames++;
    }

    /// <summary>The desktop stands still at its last frame until the picture is exact.</summary>
    public void Converge()
    {
        if (frames > 0)
        {
            tally.Convergence = Settle();
            tally.IsLastExact = Pictures.AreSame(last.Pixels, decoder.Picture.Pixels);
        }
    }

    private CodecReport.Ending Settle()
    {
        long began = now, sent = 0;
        int updates = 0;
        while (!Pictures.AreSame(last.Pixels, decoder.Picture.Pixels) && now - began < Patience)
        {
            now += RefineTime;
            int bytes = Step(last, changed: false);
            sent += bytes;
            updates += bytes > 0 ? 1 : 0;
        }

        tally.AddSettling(sent);
        return new((now - began) / 1000.0, updates, sent);
    }

    public CodecReport Report() => tally.Report(options, frames);

    public void Dispose()
    {
        encoder.Dispose();
        decoder.Dispose();
    }

    /// <summary>The size of the update that was sent; 0 when there was none.</summary>
    private int Step(Frame frame, bool changed)
    {
        int budget = options.IsAuto ? line.Budget(now) : int.MaxValue;
        if (budget == 0)
        {
            return 0;
        }

        output.ResetWrittenCount();
        long before = GC.GetAllocatedBytesForCurrentThread();
        double start = ThreadClock.Milliseconds;
        bool written = encoder.TryEncode(frame, damage, new() { Now = now, Budget = budget, Focus = (options.Width / 2, options.Height / 2) }, output, out _);
        double encoded = ThreadClock.Milliseconds;
        if (written)
        {
            decoder.Apply(output.WrittenSpan, out _);
        }

        double decoded = ThreadClock.Milliseconds;
        if (frames >= Growing)
        {
            tally.AddAllocated(GC.GetAllocatedBytesForCurrentThread() - before);
        }

        if (changed && frames > 0)
        {
            tally.AddTimes(encoded - start, decoded - encoded);
        }

        line.Add(output.WrittenCount);
        return output.WrittenCount;
    }

    /// <summary>Adds to what waits; whether the frame differs from the one before.</summary>
    private bool AddDamage(Frame frame)
    {
        if (frames == 0)
        {
            damage.Add(frame.Bounds);
            return true;
        }

        bool changed = !Pictures.AreSame(frame.Pixels, last.Pixels);
        if (!options.ExactDamage)
        {
            damage.Add(frame.Bounds);
            return changed;
        }

        whole.Clear();
        whole.Add(frame.Bounds);
        difference.Compare(last, frame, whole);
        foreach (var rect in difference.Rects)
        {
            damage.Add(rect);
        }

        return changed;
    }
}
