namespace Alongside.Core.Codec.Pictures;

/// <summary>How many of a JPEG's colour samples are kept; the numbers are TurboJPEG's.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:4:4, one a pixel: thin coloured lines and letters stay what they are.</summary>
    None = 0,

    /// <summary>4:2:0, one for two by two pixels.</summary>
    Quarter = 2,
}
