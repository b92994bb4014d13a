using Alongside.Core.Secure;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Stun;

/// <summary>
/// Asks one STUN server how it sees one of our sockets. Pure: <see cref="Poll"/> when <see cref="Due"/>, <see cref="TryHandle"/> for what comes from the server.
/// The question is padded (RFC 8489 lets SOFTWARE say anything) so that a server that never answers with more than it got can answer at once.
/// </summary>
public sealed class StunQuestion
{
    /// <summary>Bytes of the question: as many as its longest answer, one with an IPv6 address, has.</summary>
    public const int Length = 44;

    private readonly TransactionId id;
    private Retransmission again = new();
    private bool hasBegun;
    private long sentAt;

    public StunQuestion(TransportAddress server, IRandomSource random)
    {
        Server = server;
        id = TransactionId.New(random);
    }

    public TransportAddress Server { get; }

    /// <summary>How the server sees the socket.</summary>
    public TransportAddress? Mapped { get; private set; }

    /// <summary>Whether it will not answer.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Microseconds from the last question to its answer.</summary>
    public long RoundTrip { get; private set; }

    public bool IsOver => HasFailed || Mapped is not null;

    public long Due => IsOver ? long.MaxValue : hasBegun ? again.Due : 0;

    /// <summary>Called when due.</summary>
    /// <param name="packet">Room for <see cref="Length"/> bytes.</param>
    /// <returns>Bytes to send; 0: none, it has failed.</returns>
    public int Poll(long now, Span<byte> packet)
    {
        if (!hasBegun)
        {
            hasBegun = true;
            again.Begin(now, isStream: false, rto: 250_000);
        }
        else if (!again.Next(now))
        {
            HasFailed = true;
            return 0;
        }

        sentAt = now;
        var writer = new StunWriter(packet, StunMethod.Binding, StunClass.Request, id);
        writer.Write(StunAttribute.Software, "Alongside.......");
        writer.Write(StunAttribute.Software, []);
        return writer.Length;
    }

    /// <returns>Whether the message was this question's answer.</returns>
    public bool TryHandle(long now, TransportAddress from, in StunMessage message)
    {
        if (from != Server || message.TransactionId != id || IsOver || message.Method != StunMethod.Binding)
        {
            return false;
        }

        if (message.Class == StunClass.Success
            && (message.TryReadXorAddress(StunAttribute.XorMappedAddress, out var mapped) || message.TryReadAddress(StunAttribute.MappedAddress, out mapped)))
        {
            Mapped = mapped;
            RoundTrip = now - sentAt;
        }
        else if (message.Class == StunClass.Error)
        {
            HasFailed = true;
        }
        else
        {
            return false;
        }

        again.Stop();
        return true;
    }
}
