using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Sctp.Sending;

/// <summary>Runs of TSNs acknowledged above a gap, ascending and apart. What a SACK changed is the difference of two of these, so a SACK costs what is new in it, not what is under way.</summary>
internal sealed class GapAcks
{
    private TsnRun[] runs = new TsnRun[8];

    public int Count { get; private set; }

    public ReadOnlySpan<TsnRun> Runs => runs.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(uint first, uint last)
    {
        if (Count == runs.Length)
        {
            Array.Resize(ref runs, runs.Length * 2);
        }

        runs[Count++] = new TsnRun(first, last);
    }

    /// <summary>Writes into <paramref name="into"/> what is in <paramref name="of"/> and not in <paramref name="without"/>, counted as steps from <paramref name="from"/>.</summary>
    public static void Subtract(GapAcks of, GapAcks without, uint from, GapAcks into)
    {
        into.Clear();
        int other = 0;
        foreach (var run in of.Runs)
        {
            uint first = run.First - from, last = run.Last - from;
            while (other < without.Count && without.runs[other].Last - from < first)
            {
                other++;
            }

            for (int i = other; first <= last && i < without.Count && without.runs[i].First - from <= last; i++)
            {
                uint cutFirst = without.runs[i].First - from, cutLast = without.runs[i].Last - from;
                if (cutFirst > first)
                {
                    into.Add(from + first, from + cutFirst - 1);
                }

                first = Math.Max(first, cutLast + 1);
            }

            if (first <= last)
            {
                into.Add(from + first, from + last);
            }
        }
    }

    /// <summary>Forgets all up to <paramref name="tsn"/>.</summary>
    public void DropUpTo(uint tsn)
    {
        int kept = 0;
        foreach (var run in Runs)
        {
            if (SerialNumber.IsBefore(tsn, run.Last))
            {
                runs[kept++] = run with { First = SerialNumber.IsBefore(tsn, run.First) ? run.First : tsn + 1 };
            }
        }

        Count = kept;
    }
}

/// <summary>TSNs from the first to the last, both in it.</summary>
internal readonly record struct TsnRun(uint First, uint Last);
