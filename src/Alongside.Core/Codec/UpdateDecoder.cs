using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>
/// Applies the updates of one stream to a picture. Not thread-safe. After a <see cref="Wire.ProtocolException"/> the picture may be half
/// painted and the decoder is of no more use, until an update that is full and reset.
/// </summary>
public sealed class UpdateDecoder : IDisposable
{
    /// <summary>The picture after the last update; another object after a change of size.</summary>
    /// <exception cref="InvalidOperationException">No update has been applied yet.</exception>
    public Frame Picture => throw new NotImplementedException();

    /// <summary>What the last update painted; valid until the next. May be merged: never more than painted bounds, never less than painted pixels.</summary>
    public ReadOnlySpan<PixelRect> Dirty => throw new NotImplementedException();

    /// <summary>Applies one update whole.</summary>
    /// <exception cref="Wire.ProtocolException">The update is malformed, out of order or over a budget.</exception>
    public void Apply(ReadOnlySpan<byte> update, out UpdateResult result) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
