namespace Alongside.Bench.Compare;

/// <summary>One recorded clip through both encoders: means a changed frame.</summary>
/// <param name="Mode">exact, or auto: ours lossy while it moves, X0tigervnc with JPEG.</param>
/// <param name="CpuMs">Of our encoder.</param>
/// <param name="TightCpuMs">Of X0tigervnc's process, with its capture and socket.</param>
/// <param name="Decibels">Mode auto: ours against the source, over the pixels that change.</param>
internal sealed record Comparison(string Clip, string Mode, string Size, int Frames, double Bytes, double TightBytes, double CpuMs, double TightCpuMs, double? Decibels)
{
    public double BytesRatio => Bytes / TightBytes;

    public double CpuRatio => CpuMs / TightCpuMs;
}
