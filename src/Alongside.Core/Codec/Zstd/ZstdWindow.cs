namespace Alongside.Core.Codec.Zstd;

/// <summary>What both ends of a stream agree on: how far back a match may reach, as a power of two.</summary>
internal static class ZstdWindow
{
    public const int Log = 20;
}
