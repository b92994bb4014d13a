using System.Buffers.Binary;
using Alongside.Core.Secure;

namespace Alongside.Testing;

/// <summary>The same bytes for the same seed on every machine (SplitMix64). For simulations and vectors, never for keys that matter.</summary>
public sealed class SeededRandomSource(ulong seed) : IRandomSource
{
    private ulong state = seed;

    public void Fill(Span<byte> bytes)
    {
        Span<byte> block = stackalloc byte[8];
        while (!bytes.IsEmpty)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(block, NextU64());
            var taken = Math.Min(8, bytes.Length);
            block[..taken].CopyTo(bytes);
            bytes = bytes[taken..];
        }
    }

    /// <summary>0 up to <paramref name="limit"/>, without it.</summary>
    public int Next(int limit) => (int)(NextU64() % (ulong)limit);

    public ulong NextU64()
    {
        state += 0x9E3779B97F4A7C15;
        var z = state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
