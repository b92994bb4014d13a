using System.IO.Compression;
using Alongside.Core.Codec;

namespace Alongside.Vnc.Encodings;

/// <summary>
/// A zlib stream that lives as long as its connection: each call's output ends at a byte and can be read at once, and what came before helps
/// to compress what follows.
/// </summary>
internal sealed class ZlibCompressor : IDisposable
{
    private readonly BufferStream target = new();
    private readonly ZLibStream zlib;

    /// <param name="level">1 (fast) to 9 (small).</param>
    public ZlibCompressor(int level) => zlib = new(target, new ZLibCompressionOptions { CompressionLevel = level });

    /// <summary>Appends what <paramref name="data"/> compresses to.</summary>
    public void Compress(ReadOnlySpan<byte> data, ByteBuffer output)
    {
        target.Output = output;
        zlib.Write(data);
        zlib.Flush();
    }

    public void Dispose()
    {
        // Its last bytes go nowhere: the stream ends with its connection.
        target.Output = null;
        zlib.Dispose();
    }
}
