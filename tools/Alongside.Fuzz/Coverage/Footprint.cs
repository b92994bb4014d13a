using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Alongside.Fuzz.Coverage;

/// <summary>
/// Where the code under test has been. <see cref="Instrumenter"/> puts calls of <see cref="Edge"/> at the beginning of each block and of
/// <see cref="Compare"/> before each comparison. One thread. Larger maps no longer fit the fastest cache and cost half the speed.
/// </summary>
public static class Footprint
{
    public const int Size = 16 * 1024;

    /// <summary>How often each edge was passed, up to 255; hashes may meet.</summary>
    internal static readonly byte[] Edges = new byte[Size];

    /// <summary>How near the sides of each comparison have come, as the number of bits in which they differ.</summary>
    internal static readonly byte[] Nearness = new byte[Size];

    /// <summary>Sides of comparisons that were not equal: who wants to pass replaces one by the other.</summary>
    internal static readonly (int Left, int Right)[] Pairs = new (int Left, int Right)[256];

    private static int previous;
    private static long left = long.MaxValue;
    private static int pairs;

    internal static int PairCount => Math.Min(pairs, Pairs.Length);

    internal static void Clear()
    {
        Array.Clear(Edges);
        Array.Clear(Nearness);
        previous = 0;
        pairs = 0;
    }

    /// <summary>From now on so many edges may be passed; where there is no instrumentation none is counted.</summary>
    internal static void Allow(long steps) => left = steps;

    public static void Edge(int id)
    {
        ref byte count = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Edges), (id ^ previous) & (Size - 1));
        if (count != 255)
        {
            count++;
        }

        previous = id >> 1;
        if (--left < 0)
        {
            Stop();
        }
    }

    public static void Compare(int a, int b, int id)
    {
        int distance = BitOperations.PopCount((uint)(a ^ b));
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(Nearness), ((id * 33) + distance) & (Size - 1)) = 1;
        if (distance != 0)
        {
            Pairs[pairs++ & (Pairs.Length - 1)] = (a, b);
        }
    }

    private static void Stop()
    {
        // What is done on the way out is not counted.
        left = long.MaxValue;
        throw new TooManyStepsException();
    }
}

/// <summary>A message kept its decoder busy for longer than its target allows.</summary>
public sealed class TooManyStepsException() : Exception("More steps than the target allows for a message of this length.");
