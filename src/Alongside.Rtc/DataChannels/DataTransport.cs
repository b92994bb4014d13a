using Alongside.Rtc.Dtls;
using Alongside.Rtc.Sctp;

namespace Alongside.Rtc.DataChannels;

/// <summary>
/// Data channels over any way that keeps datagrams apart: channels -> SCTP -> DTLS -> datagrams, and back. Its owner hands it what came and polls it
/// until it has nothing, after every call and at <see cref="NextTimeout"/>. Owns the DTLS session.
/// </summary>
public sealed class DataTransport : IDisposable
{
    private readonly IDtlsSession dtls;
    private readonly SctpAssociation association;
    private readonly byte[] plaintext;
    private bool isAsked;

    /// <param name="channels">Channels there may be, of both ends.</param>
    public DataTransport(IDtlsSession dtls, SctpAssociation association, bool isDtlsClient, int channels = ChannelSet.Most)
    {
        (this.dtls, this.association) = (dtls, association);
        Channels = new ChannelSet(association, isDtlsClient, channels);

        // A peer's packets may be longer than ours, but not than an Ethernet frame.
        plaintext = new byte[2048];
    }

    public ChannelSet Channels { get; }

    public SctpStatistics Statistics => association.Statistics;

    /// <summary>Bytes of all messages that have not left.</summary>
    public long Buffered => association.Buffered;

    /// <summary>Whether messages pass.</summary>
    public bool IsOpen => association.IsOpen && dtls.State == DtlsState.Connected;

    /// <summary>Why nothing passes any more; null while it does, or may yet.</summary>
    public string? EndReason => dtls.EndReason ?? Channels.EndReason;

    public long NextTimeout => Math.Min(dtls.NextTimeout, dtls.State == DtlsState.Connected ? association.NextTimeout : long.MaxValue);

    public void Start(long now) => dtls.Start(now);

    /// <summary>Whether a datagram is for this transport and not for STUN, TURN or media, by its first byte (RFC 7983).</summary>
    public static bool IsForDtls(ReadOnlySpan<byte> datagram) => !datagram.IsEmpty && datagram[0] is >= 20 and <= 63;

    public void Handle(long now, ReadOnlySpan<byte> datagram)
    {
        int length = dtls.Receive(now, datagram, plaintext);
        AskOnce(now);
        while (length > 0)
        {
            association.Handle(now, plaintext.AsSpan(0, length));
            length = dtls.Receive(now, [], plaintext);
        }
    }

    /// <summary>Writes the next datagram and gives its length; 0 when there is none now.</summary>
    public int Poll(long now, Span<byte> datagram)
    {
        if (dtls.Poll(now, datagram) is > 0 and var handshake)
        {
            return handshake;
        }

        AskOnce(now);
        if (dtls.State != DtlsState.Connected)
        {
            return 0;
        }

        int length = association.Poll(now, plaintext.AsSpan(0, Math.Min(plaintext.Length, datagram.Length - dtls.Overhead)));
        return length > 0 ? dtls.Protect(plaintext.AsSpan(0, length), datagram) : 0;
    }

    /// <inheritdoc cref="SctpAssociation.PathChanged"/>
    public void PathChanged(long now) => association.PathChanged(now);

    /// <summary>Ends at once; the peer is told, if what is polled afterwards still reaches it.</summary>
    public void Close(string reason) => association.Abort(reason);

    public void Dispose() => dtls.Dispose();

    /// <summary>Both ends ask for the association; the one that is heard first is answered.</summary>
    private void AskOnce(long now)
    {
        if (!isAsked && dtls.State == DtlsState.Connected)
        {
            isAsked = true;
            association.Connect(now);
        }
    }
}
