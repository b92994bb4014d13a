namespace Alongside.Core.Codec.Zstd;

/// <summary>One endless zstd frame in flushed pieces: what was compressed before stays in the window until <see cref="Reset"/>.</summary>
internal sealed class ZstdCompressor : IDisposable
{
    // Measured (docs/adr/0002-tiles-and-window.md): level 3 saves a few percent and costs twice the time; the table of level 1 is too
    // small to remember a window of text.
    private const int Level = 1;
    private const int HashLog = 17;

    private readonly CompressorHandle context = Libzstd.CreateCompressor();

    public ZstdCompressor()
    {
        if (context.IsInvalid)
        {
            throw new InsufficientMemoryException("No memory for a zstd compressor.");
        }

        Libzstd.Require(Libzstd.SetParameter(context, Libzstd.CompressionLevel, Level));
        Libzstd.Require(Libzstd.SetParameter(context, Libzstd.WindowLog, ZstdWindow.Log));
        Libzstd.Require(Libzstd.SetParameter(context, Libzstd.HashLog, HashLog));
    }

    /// <summary>Forgets the window; the next piece begins a new frame.</summary>
    public void Reset() => Libzstd.Require(Libzstd.Reset(context, Libzstd.ResetSession));

    /// <summary>Appends one piece from which everything in <paramref name="source"/> can be decompressed.</summary>
    public unsafe void Compress(ReadOnlySpan<byte> source, ByteBuffer output)
    {
        fixed (byte* from = source)
        {
            var input = new ZstdBuffer { Start = (nint)from, Length = (nuint)source.Length };
            nuint left;
            do
            {
                int room = Math.Max(1024, (source.Length - (int)input.Position) + ((source.Length - (int)input.Position) >> 7));
                fixed (byte* to = output.Reserve(room))
                {
                    var piece = new ZstdBuffer { Start = (nint)to, Length = (nuint)room };
                    left = Libzstd.Compress(context, ref piece, ref input, Libzstd.Flush);
                    Libzstd.Require(left);
                    output.Advance((int)piece.Position);
                }
            }
            while (left != 0);
        }
    }

    public void Dispose() => context.Dispose();
}
