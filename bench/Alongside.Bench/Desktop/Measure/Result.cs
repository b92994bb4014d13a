namespace Alongside.Bench.Desktop.Measure;

/// <summary>What one workload measured with one product over one link, once. Null is what the workload does not measure.</summary>
internal sealed record Result(string Link, string Peer, string Workload, int Run)
{
    /// <summary>Length of the measurement, with the wait until the viewer's picture was exact.</summary>
    public double Seconds { get; set; }

    /// <summary>Received by the viewer.</summary>
    public long? Bytes { get; set; }

    public double ServerCpuMs { get; set; }

    public double ViewerCpuMs { get; set; }

    /// <summary>Key pressed at the viewer to its effect at the viewer, milliseconds.</summary>
    public Percentiles? ClickToPixel { get; set; }

    /// <summary>Keys that changed nothing in time.</summary>
    public int? Lost { get; set; }

    /// <summary>Different frames of the film that the shared display and the viewer showed in a second.</summary>
    public double? SourceFps { get; set; }

    public double? ShownFps { get; set; }

    /// <summary>Frames of which parts were seen beside parts of another one.</summary>
    public int? Torn { get; set; }

    /// <summary>From a frame on the shared display to the same frame at the viewer, milliseconds.</summary>
    public Percentiles? FrameAge { get; set; }

    /// <summary>Of the frames of a film at the viewer against the same ones on the shared display, dB; 99 is exact.</summary>
    public double? Psnr { get; set; }

    /// <summary>From the last change on the shared display until every pixel was the same at the viewer, milliseconds; -1 is never.</summary>
    public double? ExactMs { get; set; }

    /// <summary>Pixels that were still different when <see cref="ExactMs"/> is never.</summary>
    public int? Differing { get; set; }

    /// <summary>What went wrong, when the measurement could not be made.</summary>
    public string? Failed { get; set; }
}
