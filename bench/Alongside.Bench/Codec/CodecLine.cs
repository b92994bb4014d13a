namespace Alongside.Bench.Codec;

/// <summary>
/// The way to a viewer in mode auto: it takes so many bytes a second, and up to 50 ms of them may stand on it, as the product's pacing allows when
/// nobody types. An update may take what the line carries in 33 ms, where that much is free. Times are microseconds.
/// </summary>
internal sealed class CodecLine(double megabits)
{
    /// <summary>What may stand on the way.</summary>
    private const double Standing = 50_000;

    /// <summary>What one update may take.</summary>
    private const double Largest = 33_000;

    /// <summary>Less than this is not worth an update, in bytes.</summary>
    private const int Least = 3 * 1024;

    private readonly double bytesPerMicrosecond = megabits / 8;
    private double standing;
    private long seen;

    /// <summary>Bytes that the next update may have; 0 when it must wait.</summary>
    public int Budget(long now)
    {
        standing = Math.Max(0, standing - ((now - seen) * bytesPerMicrosecond));
        seen = now;
        double free = (Standing * bytesPerMicrosecond) - standing;
        return standing > 0 && free < Least ? 0 : (int)Math.Clamp(Math.Min(free, Largest * bytesPerMicrosecond), Least, int.MaxValue - 1);
    }

    public void Add(int bytes) => standing += bytes;
}
