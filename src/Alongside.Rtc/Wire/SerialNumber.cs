namespace Alongside.Rtc.Wire;

/// <summary>
/// Serial number arithmetic (RFC 1982) on 32 bits: numbers that begin again at 0 after the largest, and are compared by the shorter way around. Two
/// that are exactly half the range apart have no order: neither is before the other.
/// </summary>
internal static class SerialNumber
{
    /// <summary>Whether <paramref name="a"/> comes before <paramref name="b"/>.</summary>
    public static bool IsBefore(uint a, uint b) => Distance(a, b) is > 0;

    /// <summary>Whether <paramref name="a"/> comes before <paramref name="b"/>, or is it.</summary>
    public static bool IsBeforeOrAt(uint a, uint b) => a == b || IsBefore(a, b);

    /// <summary>How many steps lead from <paramref name="from"/> to <paramref name="to"/>; negative when they lead back.</summary>
    public static int Distance(uint from, uint to) => unchecked((int)(to - from));
}
