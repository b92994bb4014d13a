namespace Alongside.Net.Rtc;

/// <summary>
/// What runs over a path and is pure itself: datagrams in, datagrams out, times in microseconds of the driver's clock. The driver calls it under its lock, after everything that
/// happens, and polls it until it has nothing: one lock and one timer for the path and what runs over it.
/// </summary>
public interface IDatagramMachine
{
    long NextTimeout { get; }

    void Handle(long now, ReadOnlySpan<byte> datagram);

    /// <summary>Writes the next datagram and gives its length; 0 when there is none now.</summary>
    int Poll(long now, Span<byte> datagram);

    /// <summary>All datagrams of the moment have been handled: what came of them can be told.</summary>
    void Tell(long now);
}
