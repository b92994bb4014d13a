namespace Alongside.Core.Secure.Records;

/// <summary>Which of the last 1,024 counters have been seen. A ring of bits; what falls out of it is too old.</summary>
internal sealed class ReplayWindow
{
    public const int Size = 1024;

    private readonly ulong[] bits = new ulong[Size / 64];

    /// <summary>The counter after the highest one seen.</summary>
    private ulong end;

    /// <summary>False: seen before, or too old to know.</summary>
    public bool IsFresh(ulong counter)
    {
        if (counter >= end)
        {
            return true;
        }

        return end - counter <= Size && (bits[Word(counter)] & Bit(counter)) == 0;
    }

    /// <summary>To be called only for a record that has opened: a forged one must not move the window.</summary>
    public void Mark(ulong counter)
    {
        if (counter >= end)
        {
            if (counter - end >= Size)
            {
                Array.Clear(bits);
            }
            else
            {
                for (; end < counter; end++)
                {
                    bits[Word(end)] &= ~Bit(end);
                }
            }

            end = counter + 1;
        }

        bits[Word(counter)] |= Bit(counter);
    }

    private static int Word(ulong counter) => (int)((counter / 64) % (Size / 64));

    private static ulong Bit(ulong counter) => 1UL << (int)(counter % 64);
}
