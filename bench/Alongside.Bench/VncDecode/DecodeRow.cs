namespace Alongside.Bench.VncDecode;

/// <summary>One recorded session through both decoders; processor time in milliseconds.</summary>
internal sealed record DecodeRow(string Server, string Encoding, string Size, double Megapixels, double Megabytes, double CpuMs, double TigerCpuMs)
{
    /// <summary>Megapixels in a second of processor time.</summary>
    public double Rate => Megapixels / CpuMs * 1000;

    public double TigerRate => Megapixels / TigerCpuMs * 1000;

    public double TimeRatio => CpuMs / TigerCpuMs;
}
