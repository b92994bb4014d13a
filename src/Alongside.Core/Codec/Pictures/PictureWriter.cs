using Alongside.Core.Codec.Ops;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec.Pictures;

/// <summary>Writes rectangles as JPEG, as fine as fits.</summary>
internal sealed class PictureWriter : IDisposable
{
    /// <summary>What an operation costs besides its data.</summary>
    private const int Overhead = 16;

    // From the finest: what a JPEG is of the exact size, measured (docs/adr/0019-pictures-and-debt.md). What is seen corrects it.
    private static readonly (int Quality, double Share)[] Steps =
        [(90, 0.24), (80, 0.16), (70, 0.125), (60, 0.105), (50, 0.09), (40, 0.078), (30, 0.063)];

    /// <summary>In <see cref="Steps"/>: hardly anybody sees what is missing.</summary>
    private const int Good = 1;

    private static readonly Lazy<bool> Usable = new(WritesWhatDecodersExpect);

    private readonly JpegEncoder encoder = new();
    private double correction = 1;

    private PictureWriter()
    {
    }

    /// <summary>Not when this machine has no library for it, or one that surrounds the data with something else than decoders do.</summary>
    public static bool IsUsable => Usable.Value;

    /// <summary>Null when it isn't usable.</summary>
    public static PictureWriter? TryCreate() => IsUsable ? new() : null;

    /// <summary>What the coarsest picture is of its exact size, as far as has been seen.</summary>
    public double LeastShare => Steps[^1].Share * correction;

    /// <summary>What rectangles cost as good pictures, whose exact size is this.</summary>
    public long GoodCost(long exact) => (long)(exact * Steps[Good].Share * correction) + Overhead;

    /// <summary>
    /// Writes a rectangle, so that others of an exact size <paramref name="others"/> fit beside it. False, and nothing written, when it does not fit however coarse;
    /// <paramref name="force"/>: then it is written all the same.
    /// </summary>
    public bool TryWrite(Frame source, PixelRect area, long exact, long others, bool force, UpdateDraft draft)
    {
        if (draft.Parts.DeferredCount >= UpdateDecoder.MaxDeferred)
        {
            return false;
        }

        int step = 0;
        while (step < Steps.Length - 1 && !draft.HasRoom((long)((exact + others) * Steps[step].Share * correction) + Overhead))
        {
            step++;
        }

        for (; ; step = Math.Min(step + 2, Steps.Length - 1))
        {
            int quality = Steps[step].Quality;
            var file = encoder.Encode(source.Pixels[((area.Y * source.Width) + area.X)..], source.Width, area.Width, area.Height, quality);
            if (!JpegFile.TryReadData(file, area.Width, area.Height, quality, out var data))
            {
                throw new InvalidOperationException("The JPEG library writes other files than it did.");
            }

            Learn(data.Length, exact * Steps[step].Share);
            bool isLast = step == Steps.Length - 1;
            if (draft.HasRoom(data.Length + Overhead) || (isLast && force))
            {
                draft.WriteInexact(PictureOp.OperationCode, area, (byte)quality, data);
                return true;
            }

            if (isLast)
            {
                return false;
            }
        }
    }

    public void Dispose() => encoder.Dispose();

    private static bool WritesWhatDecodersExpect()
    {
        try
        {
            using var encoder = new JpegEncoder();
            return JpegFile.TryReadData(encoder.Encode(new uint[64], 8, 8, 8, 75), 8, 8, 75, out _);
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    private void Learn(int length, double expected) => correction += (Math.Clamp(length / Math.Max(1, expected), 0.25, 4) - correction) / 8;
}
