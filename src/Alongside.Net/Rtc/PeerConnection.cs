using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sdp;

namespace Alongside.Net.Rtc;

/// <summary>
/// One peer of data channels: ICE finds the path, DTLS and SCTP run over it, all under the driver's one lock. It offers or answers; the other side may be a browser or another of these.
/// <code>
/// Describe ─> [the other side] ─> SetRemote ─> ICE ─path─> DTLS (fingerprint checked) ─> SCTP ─> channels
/// </code>
/// </summary>
public sealed class PeerConnection : IAsyncDisposable, IDatagramMachine
{
    private readonly DtlsIdentity identity = DtlsIdentity.Create(SystemRandomSource.Instance);
    private readonly IceDriver driver;
    private readonly IPeerOwner owner;
    private readonly bool offers;
    private readonly int pacing;
    private readonly int channels;
    private readonly SctpOptions sctp;
    private readonly Queue<ChannelTerms> wanted = new();
    private DataTransport? transport;
    private string mid = "0";
    private bool hasBegun;
    private bool hasOpened;
    private bool hasEnded;
    private bool hasOtherPath;

    /// <param name="channels">Channels there may be, of both ends; one more of the peer's ends the connection.</param>
    /// <param name="sctp">How the association behaves; null: as it does by itself.</param>
    public PeerConnection(bool offers, IceDriverOptions options, TimeProvider time, IPeerOwner owner, int channels = 1, SctpOptions? sctp = null)
    {
        this.channels = channels;
        this.sctp = sctp ?? new();
        this.offers = offers;
        this.owner = owner;
        pacing = (int)(options.Ice.Pacing / 1000);
        driver = new(options with { Ice = options.Ice with { IsControlling = offers } }, time, Happened, this);
    }

    public IceReport Report() => driver.Report();

    public NatKind Nat => driver.Nat();

    /// <summary>What the association has seen; all zeros before there is one.</summary>
    public SctpStatistics Statistics()
    {
        using (driver.Enter(out _))
        {
            return transport?.Statistics ?? default;
        }
    }

    /// <inheritdoc cref="IceDriver.LastRoundTrip"/>
    public long? LastRoundTrip => driver.LastRoundTrip;

    long IDatagramMachine.NextTimeout => transport?.NextTimeout ?? long.MaxValue;

    /// <summary>Begins to look for addresses; candidates are told as they come.</summary>
    public void Start() => driver.Start();

    /// <summary>What the other side is to be told, without candidates: these follow one by one. An answer is made after the offer was set.</summary>
    /// <param name="restarted">What <see cref="IceEvent.Restarted"/> said: each is told once, also when another has followed already. Null: what there is.</param>
    public SessionDescription Describe(IceCredentials? restarted = null) => new(
        mid, restarted ?? driver.Credentials, identity.Fingerprint.Sha256.ToArray(), offers ? DtlsSetup.ActPass : DtlsSetup.Active, MaxMessageSize: 256 * 1024, Pacing: pacing);

    /// <summary>What the other side said, each time it says it, in order. Said again with other credentials it is a restart, or the answer to ours.</summary>
    /// <exception cref="Core.Wire.ProtocolException">It is not what it was: the fingerprint of a session stays.</exception>
    public void SetRemote(SessionDescription remote) => driver.Do((now, ice) =>
    {
        mid = offers ? mid : remote.Mid;
        if (transport is null)
        {
            // Who offered leaves it to the answer; who answers is active.
            bool isClient = !offers || remote.Setup == DtlsSetup.Passive;
            var dtls = new OpenSslDtls(identity, Fingerprint.FromSha256(remote.Fingerprint), isClient);
            transport = new(dtls, new SctpAssociation(sctp with { RemotePort = (ushort)remote.SctpPort }, SystemRandomSource.Instance), isClient, channels);
            identity.Dispose();
        }

        ice.SetRemote(now, remote.Ice, remote.IsLite, remote.Pacing * 1000L);
        foreach (var candidate in remote.Candidates)
        {
            ice.AddRemote(now, candidate);
        }
    });

    public void AddRemote(IceCandidate candidate) => driver.AddRemote(candidate);

    public void Restart() => driver.Restart();

    /// <summary>A channel, opened as soon as there is something to open it over.</summary>
    public void Open(ChannelTerms terms) => driver.Do((now, _) =>
    {
        wanted.Enqueue(terms);
        OpenWanted(now);
    });

    /// <summary>False: the channel is closed, or too much waits already. From the owner's callbacks too.</summary>
    public bool TrySend(DataChannel channel, bool isText, ReadOnlySpan<byte> message)
    {
        using (driver.Enter(out long now))
        {
            return transport is not null && (isText ? transport.Channels.TrySendText(now, channel, message) : transport.Channels.TrySend(now, channel, message));
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            driver.DoAlone(_ => transport?.Close("The peer has left."));
            await driver.DisposeAsync();
        }
        finally
        {
            transport?.Dispose();
            identity.Dispose();
        }
    }

    void IDatagramMachine.Handle(long now, ReadOnlySpan<byte> datagram)
    {
        if (DataTransport.IsForDtls(datagram))
        {
            transport?.Handle(now, datagram);
        }
    }

    int IDatagramMachine.Poll(long now, Span<byte> datagram)
    {
        if (transport is null)
        {
            return 0;
        }

        if (!hasBegun)
        {
            // Polled only when there is a path.
            hasBegun = true;
            transport.Start(now);
        }

        if (hasOtherPath)
        {
            hasOtherPath = false;
            transport.PathChanged(now);
        }

        return transport.Poll(now, datagram);
    }

    void IDatagramMachine.Tell(long now)
    {
        if (transport is null)
        {
            return;
        }

        OpenWanted(now);
        // What is not taken waits at the peer; once the association is over there is only the end to tell.
        while ((!transport.IsOpen || transport.Buffered <= owner.MostBuffered) && transport.Channels.TryPoll(now, out var happened))
        {
            owner.Happened(happened);
        }

        if (transport.IsOpen && !hasOpened)
        {
            hasOpened = true;
            owner.Opened();
        }

        if (transport.EndReason is { } reason && !hasEnded)
        {
            hasEnded = true;
            owner.Ended(reason);
        }
    }

    private void Happened(IceEvent e)
    {
        hasOtherPath |= e is IceEvent.Selected;
        owner.Happened(e);
    }

    private void OpenWanted(long now)
    {
        while (transport is { IsOpen: true } && wanted.TryDequeue(out var terms))
        {
            transport.Channels.Open(now, terms);
        }
    }
}

/// <summary>Whose peer connection it is. Called under its lock: short, and calling back only to send.</summary>
public interface IPeerOwner
{
    /// <summary>Bytes of its messages that may wait to leave before nothing more is read from the peer. The peer waits then, and nothing has to be dropped.</summary>
    long MostBuffered => long.MaxValue;

    /// <summary>Candidates to tell, states, the path.</summary>
    void Happened(IceEvent e);

    /// <summary>Messages pass.</summary>
    void Opened();

    /// <summary>The data is valid during the call.</summary>
    void Happened(in ChannelEvent e);

    void Ended(string reason);
}
