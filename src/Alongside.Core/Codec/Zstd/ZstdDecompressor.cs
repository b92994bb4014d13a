using Alongside.Core.Wire;

namespace Alongside.Core.Codec.Zstd;

/// <summary>The other end of a <see cref="ZstdCompressor"/>; its input is hostile.</summary>
internal sealed class ZstdDecompressor : IDisposable
{
    private const int Portion = 64 * 1024;

    private readonly DecompressorHandle context = Libzstd.CreateDecompressor();

    public ZstdDecompressor()
    {
        if (context.IsInvalid)
        {
            throw new InsufficientMemoryException("No memory for a zstd decompressor.");
        }

        Libzstd.Require(Libzstd.SetParameter(context, Libzstd.DecoderWindowLogMax, ZstdWindow.Log));
    }

    public void Reset() => Libzstd.Require(Libzstd.Reset(context, Libzstd.ResetSession));

    /// <summary>Appends all that one piece holds, at most <paramref name="budget"/> bytes.</summary>
    /// <exception cref="ProtocolException">The piece is malformed, ends the frame, or holds more than the budget.</exception>
    public unsafe void Decompress(ReadOnlySpan<byte> piece, ByteBuffer output, int budget)
    {
        fixed (byte* from = piece)
        {
            var input = new ZstdBuffer { Start = (nint)from, Length = (nuint)piece.Length };
            while (true)
            {
                // One byte more than the budget, to tell a full budget from an exceeded one.
                int room = Math.Min(Math.Max(Portion, output.Room), budget - output.Length + 1);
                fixed (byte* to = output.Reserve(room))
                {
                    var portion = new ZstdBuffer { Start = (nint)to, Length = (nuint)room };
                    nuint hint = Libzstd.Decompress(context, ref portion, ref input);
                    if (Libzstd.IsError(hint))
                    {
                        throw new ProtocolException($"An update's packed part is malformed: {Libzstd.Describe(hint)}.");
                    }

                    output.Advance((int)portion.Position);
                    if (hint == 0)
                    {
                        throw new ProtocolException("An update's packed part ends the stream.");
                    }

                    if (output.Length > budget)
                    {
                        throw new ProtocolException("An update's packed part is larger than its picture allows.");
                    }

                    // All was read and there was room left: nothing is held back.
                    if (input.Position == input.Length && portion.Position < portion.Length)
                    {
                        return;
                    }
                }
            }
        }
    }

    public void Dispose() => context.Dispose();
}
