using Alongside.Core.Pixels;

namespace Alongside.Core.Codec;

/// <summary>What an encoder wrote.</summary>
/// <param name="Sequence">The update's number in its stream.</param>
/// <param name="Bytes">The length of the whole update.</param>
/// <param name="IsFull">The picture began anew: first update, or another size.</param>
/// <param name="IsReset">Window and caches began anew.</param>
/// <param name="Bounds">Around everything that changed.</param>
/// <param name="Pixels">How many pixels the update paints.</param>
public readonly record struct UpdateInfo(uint Sequence, int Bytes, bool IsFull, bool IsReset, PixelRect Bounds, long Pixels);
