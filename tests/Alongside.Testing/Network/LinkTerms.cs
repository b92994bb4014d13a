namespace Alongside.Testing.Network;

/// <summary>What a simulated way does to datagrams. Times in microseconds, chances from 0 to 1.</summary>
public sealed record LinkTerms
{
    /// <summary>One way.</summary>
    public long Delay { get; init; } = 10_000;

    /// <summary>Up to so much more, which lets datagrams overtake each other.</summary>
    public long Jitter { get; init; }

    public double Loss { get; init; }

    public double Duplicates { get; init; }

    /// <summary>One bit turned.</summary>
    public double Corruption { get; init; }

    /// <summary>A longer datagram vanishes; 0 for no limit.</summary>
    public int Longest { get; init; }

    /// <summary>Bytes a second; 0 for no limit.</summary>
    public long Rate { get; init; }

    /// <summary>What may wait for its turn at <see cref="Rate"/>, in bytes.</summary>
    public int Queue { get; init; } = 256 * 1024;
}
