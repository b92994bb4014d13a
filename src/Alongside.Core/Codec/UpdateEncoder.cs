using System.Buffers;
using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Turns frames into the updates of one stream. Owns the reference: the picture that every decoder has after the last update.
/// Not thread-safe. What has been encoded must be delivered; a frame that was not encoded may be skipped, its damage kept.
/// </summary>
public sealed class UpdateEncoder : IDisposable
{
    /// <param name="capabilities">What every decoder of the stream names (docs/protocol/session.md); must hold 1, codec tiles.</param>
    /// <exception cref="Wire.ProtocolException">The decoders name no codec that this encoder speaks.</exception>
    public UpdateEncoder(ReadOnlySpan<ushort> capabilities) => throw new NotImplementedException();

    /// <summary>What decoders have on their screens after the last update.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been encoded yet.</exception>
    public Frame Reference => throw new NotImplementedException();

    /// <summary>Of the last update; 0 before the first.</summary>
    public uint Sequence => throw new NotImplementedException();

    /// <summary>
    /// Compares the damaged parts of <paramref name="source"/> with the reference and writes one update with what differs. False, and
    /// nothing written, when nothing does. The first frame and one of another size are compared whole. Reads neither frame nor damage
    /// after it returns and changes neither: the caller clears the damage.
    /// </summary>
    public bool TryEncode(Frame source, DamageRegion damage, uint captureMicros, IBufferWriter<byte> output, out UpdateInfo info) =>
        throw new NotImplementedException();

    /// <summary>
    /// The next update forgets the window and the caches, so that a decoder with the same picture (from a snapshot) can join there.
    /// </summary>
    public void Reset() => throw new NotImplementedException();

    /// <summary>
    /// Writes the reference as one update that needs nothing before it, with the sequence of the last update: for a late joiner alone.
    /// The stream is not disturbed. The joiner continues at the next update that has the reset flag.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing has been encoded yet.</exception>
    public UpdateInfo Snapshot(uint captureMicros, IBufferWriter<byte> output) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
