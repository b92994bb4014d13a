using System.Buffers.Binary;
using Alongside.Rtc.Wire;
using Alongside.Rtc.Sctp.Sending;

namespace Alongside.Rtc.Sctp.Receiving;

/// <summary>Which chunks have come: all up to <see cref="Cumulative"/>, and runs above it, ascending and apart.</summary>
internal sealed class TsnRuns(uint firstTsn)
{
    /// <summary>More gaps than this nobody can report in a few packets.</summary>
    private const int MaxRuns = 2048;

    private TsnRun[] runs = new TsnRun[4];
    private int count;

    public uint Cumulative { get; private set; } = firstTsn - 1;

    public bool HasGaps => count > 0;

    public ReadOnlySpan<TsnRun> Above => runs.AsSpan(0, count);

    public bool Contains(uint tsn)
    {
        if (SerialNumber.IsBeforeOrAt(tsn, Cumulative))
        {
            return true;
        }

        int at = IndexOf(tsn);
        return at < count && SerialNumber.IsBeforeOrAt(runs[at].First, tsn);
    }

    /// <summary>Notes one that was not there. False: one gap too many, it is to be forgotten.</summary>
    public bool TryAdd(uint tsn)
    {
        int at = IndexOf(tsn);
        bool joinsLeft = at > 0 && runs[at - 1].Last + 1 == tsn, joinsRight = at < count && runs[at].First == tsn + 1;
        if (joinsLeft && joinsRight)
        {
            runs[at - 1] = runs[at - 1] with { Last = runs[at].Last };
            RemoveAt(at);
        }
        else if (joinsLeft)
        {
            runs[at - 1] = runs[at - 1] with { Last = tsn };
        }
        else if (joinsRight)
        {
            runs[at] = runs[at] with { First = tsn };
        }
        else if (tsn == Cumulative + 1)
        {
            Cumulative = tsn;
            return true;
        }
        else if (count == MaxRuns)
        {
            return false;
        }
        else
        {
            Insert(at, new TsnRun(tsn, tsn));
        }

        Absorb();
        return true;
    }

    /// <summary>The peer says that nothing more comes up to <paramref name="tsn"/>.</summary>
    public void MoveTo(uint tsn)
    {
        Cumulative = tsn;
        while (count > 0 && SerialNumber.IsBeforeOrAt(runs[0].Last, tsn))
        {
            RemoveAt(0);
        }

        if (count > 0 && SerialNumber.IsBeforeOrAt(runs[0].First, tsn + 1))
        {
            Cumulative = runs[0].Last;
            RemoveAt(0);
        }
    }

    public int WriteGaps(Span<byte> into)
    {
        int written = 0;
        foreach (var run in Above)
        {
            uint first = run.First - Cumulative, last = run.Last - Cumulative;
            if (into.Length < 4 || last > ushort.MaxValue)
            {
                break;
            }

            BinaryPrimitives.WriteUInt16BigEndian(into, (ushort)first);
            BinaryPrimitives.WriteUInt16BigEndian(into[2..], (ushort)last);
            into = into[4..];
            written++;
        }

        return written;
    }

    private void Absorb()
    {
        if (count > 0 && runs[0].First == Cumulative + 1)
        {
            Cumulative = runs[0].Last;
            RemoveAt(0);
        }
    }

    /// <summary>The first run that ends at or behind <paramref name="tsn"/>. Most often the last, or none.</summary>
    private int IndexOf(uint tsn)
    {
        int low = 0, high = count;
        if (count > 0 && SerialNumber.IsBefore(runs[count - 1].Last, tsn))
        {
            return count;
        }

        while (low < high)
        {
            int middle = (low + high) / 2;
            if (SerialNumber.IsBefore(runs[middle].Last, tsn))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private void Insert(int at, TsnRun run)
    {
        if (count == runs.Length)
        {
            Array.Resize(ref runs, count * 2);
        }

        runs.AsSpan(at, count - at).CopyTo(runs.AsSpan(at + 1));
        runs[at] = run;
        count++;
    }

    private void RemoveAt(int at)
    {
        runs.AsSpan(at + 1, count - at - 1).CopyTo(runs.AsSpan(at));
        count--;
    }
}
