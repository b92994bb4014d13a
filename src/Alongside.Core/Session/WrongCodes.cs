namespace Alongside.Core.Session;

/// <summary>
/// How long whoever shows codes waits before the next one, in microseconds. One or two that were typed wrong cost nothing; somebody who guesses on gets one a minute. Links
/// work meanwhile.
/// </summary>
public struct WrongCodes
{
    private const int Free = 2;
    private const long First = 5_000_000;
    private const long Longest = 60_000_000;

    /// <summary>Whoever guesses does it faster.</summary>
    private const long Forgotten = 600_000_000;

    private int inRow;
    private long last;

    /// <summary>A code was tried and failed. Returns for how long there is none.</summary>
    public long Wrong(long now)
    {
        inRow = now - last > Forgotten ? 1 : inRow + 1;
        last = now;
        return inRow <= Free ? 0 : Math.Min(Longest, First << Math.Min(inRow - Free - 1, 8));
    }

    /// <summary>A code was right.</summary>
    public void Right() => inRow = 0;
}
