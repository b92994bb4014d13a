using System.Numerics;

namespace Alongside.Core.Codec.Video.Regions;

/// <summary>In which of the last 64 slots of 16 ms, about a second, something happened: a bit a slot, the newest lowest.</summary>
internal struct ChangeHistory
{
    /// <summary>In microseconds.</summary>
    public const long SlotTime = 1 << 14;

    private ulong bits;
    private long newest;

    /// <summary>The slot of a moment in microseconds.</summary>
    public static long SlotOf(long now) => now >> 14;

    public void Note(long slot)
    {
        bits = At(slot) | 1;
        newest = slot;
    }

    /// <summary>Of the slots from <paramref name="first"/> to <paramref name="last"/> ago, how many something happened in. 0 is this one.</summary>
    public readonly int Count(long slot, int first, int last) => BitOperations.PopCount((At(slot) >> first) & (ulong.MaxValue >> (63 - last + first)));

    private readonly ulong At(long slot) => slot - newest is var age && age is >= 0 and < 64 ? bits << (int)age : age < 0 ? bits : 0;
}
