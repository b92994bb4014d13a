namespace Alongside.Rtc.Dtls;

public enum DtlsState
{
    Handshaking,

    /// <summary>The peer has shown the certificate that was expected; data can come and go.</summary>
    Connected,
    Ended,
}

/// <summary>
/// One DTLS session over a way that keeps datagrams apart, as a state machine. After every call, and at <see cref="NextTimeout"/>, its owner polls
/// until there is no more datagram. An interface because DTLS 1.3 will be another library's, and a simulation's is none.
/// </summary>
public interface IDtlsSession : IDisposable
{
    DtlsState State { get; }

    /// <summary>Why there is no session any more; null while there is.</summary>
    string? EndReason { get; }

    /// <summary>When to poll though nothing came, in the caller's microseconds.</summary>
    long NextTimeout { get; }

    /// <summary>What a record adds to what is in it.</summary>
    int Overhead { get; }

    /// <summary>Begins: a client says hello.</summary>
    void Start(long now);

    /// <summary>
    /// Takes a datagram and gives the data of its first record, or 0. A datagram may hold more: ask again with an empty one until it gives 0. What is
    /// forged or comes again gives nothing.
    /// </summary>
    int Receive(long now, ReadOnlySpan<byte> datagram, Span<byte> plaintext);

    /// <summary>Makes one datagram of one record; its length, or 0 when not connected.</summary>
    int Protect(ReadOnlySpan<byte> plaintext, Span<byte> datagram);

    /// <summary>Writes the next datagram of the handshake or the farewell, and gives its length; 0 when there is none now.</summary>
    int Poll(long now, Span<byte> datagram);

    /// <summary>Says farewell to the peer.</summary>
    void Close();
}
