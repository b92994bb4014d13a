using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>What an update did to a decoder's picture.</summary>
/// <param name="Sequence">The update's number in its stream; a viewer acknowledges it after painting.</param>
/// <param name="IsFull">The picture began anew, perhaps with another size: <see cref="UpdateDecoder.Picture"/> may be another object.</param>
/// <param name="Bounds">Around everything that was painted; the parts are in <see cref="UpdateDecoder.Dirty"/>.</param>
public readonly record struct UpdateResult(uint Sequence, bool IsFull, PixelRect Bounds);
