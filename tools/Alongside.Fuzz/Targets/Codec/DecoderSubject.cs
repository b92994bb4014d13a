using Alongside.Core.Codec;
using Alongside.Core.Wire;

namespace Alongside.Fuzz.Targets.Codec;

/// <summary>A decoder of updates, with the budget that docs/protocol/codec.md states: in terms of the picture that the update is for.</summary>
internal class DecoderSubject : Subject
{
    private readonly UpdateDecoder decoder = new();
    private int width, height;

    /// <summary>
    /// The picture; the packed part of 4 bytes a pixel, in a buffer that grows by doubling; a layer for each of the up to three that it may store in;
    /// 64 KiB and the JPEG files that are put together from the update's own bytes.
    /// </summary>
    public override long MemoryFor(ReadOnlySpan<byte> message)
    {
        long pixels = Pixels(message);
        return (512 * 1024) + (4 * pixels) + (3 * 4 * pixels) + (3 * 4 * pixels) + (16L * message.Length);
    }

    // Up to 65,536 operations, of which each may be as small as one pixel.
    public override long StepsFor(ReadOnlySpan<byte> message) => 100_000 + (1000L * message.Length) + (10 * ((4 * Pixels(message)) + 65536));

    public override void Take(ReadOnlySpan<byte> message)
    {
        decoder.Apply(message, out _);
        (width, height) = (decoder.Picture.Width, decoder.Picture.Height);
    }

    protected override void Dispose(bool disposing) => decoder.Dispose();

    private long Pixels(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new WireReader(message);
            var header = UpdateHeader.Read(ref reader, new(UpdateFlags.None, 0, width, height, 0));
            return Alongside.Core.Pixels.Frame.IsValidSize(header.Width, header.Height) ? (long)header.Width * header.Height : 0;
        }
        catch (ProtocolException)
        {
            return 0;
        }
    }
}
