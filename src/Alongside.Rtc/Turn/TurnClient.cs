using System.Buffers.Binary;
using Alongside.Core.Secure;
using Alongside.Core.Wire;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Turn;

/// <summary>
/// An allocation at a TURN server (RFC 8656): an address of the server that is ours, and what is sent and received there. Pure: the driver brings what comes from the
/// server and the time in microseconds, and after each call drains <see cref="TryPoll"/>, <see cref="TryTakeData"/> and <see cref="TryPollEvent"/>.
/// <code>
/// Allocate ─401─> Allocate, signed ─> Allocated ─> Refresh ...            (TurnClient)
/// Send to a new peer ─> ChannelBind ─> its packets, held until then ─>    (TurnClient.Peers)
/// </code>
/// Each peer gets a channel, which is a permission too: one request opens both, and data costs four bytes. A server is not trusted: what it says is held to what can be, and
/// answers without the proof we both can make are none.
/// </summary>
public sealed partial class TurnClient
{
    private const int MaxRequest = 1536;

    /// <summary>Of the longest request, besides who asks: header, channel, an IPv6 peer, fingerprint.</summary>
    private const int Unsigned = StunMessage.HeaderLength + 8 + 24 + 8;
    private const int MaxQueued = 256 * 1024;
    private const int MaxRedirects = 2;

    /// <summary>A lifetime, in seconds, is believed within these.</summary>
    private const uint LeastLifetime = 30;
    private const uint MostLifetime = 3600;

    private readonly IRandomSource random;
    private readonly LongTermCredential credential;
    private readonly TurnFraming? framing;
    private readonly PacketQueue<byte> output = new(MaxQueued);
    private readonly PacketQueue<TransportAddress> data = new(MaxQueued);
    private readonly Queue<TurnEvent> events = new();
    private readonly byte[] pending = new byte[MaxRequest];
    private Retransmission again = new();
    private TransactionId transaction;
    private StunMethod method;
    private int pendingLength;
    private int challenges;
    private int redirects;
    private bool isSigned;

    /// <summary>Of the credential, when the request was signed.</summary>
    private int signedRound;
    private uint lifetime = 600;
    private long refreshAt = long.MaxValue;
    private Phase phase = Phase.Allocating;

    public TurnClient(long now, TurnServer server, IRandomSource random)
    {
        this.random = random;
        Server = server;
        Address = server.Address;
        credential = new(server.Username, server.Password, MaxRequest - Unsigned);
        framing = server.Transport == TurnTransport.Udp ? null : new();
        Request(now, StunMethod.Allocate);
        UpdateTimeout(now);
    }

    private enum Phase : byte
    {
        Allocating,
        Allocated,
        Closing,
        Over,
    }

    public TurnServer Server { get; }

    /// <summary>Where the server is: another than asked for once it has sent us on.</summary>
    public TransportAddress Address { get; private set; }

    /// <summary>Where peers reach us.</summary>
    public TransportAddress? Relayed { get; private set; }

    public bool IsOver => phase == Phase.Over;

    public long NextTimeout { get; private set; }

    private bool IsStream => framing is not null;

    /// <summary>What is to be sent to the server; valid until the next call.</summary>
    public bool TryPoll(out ReadOnlySpan<byte> packet) => output.TryTake(out _, out packet);

    /// <summary>What a peer has sent; valid until the next call.</summary>
    public bool TryTakeData(out TransportAddress peer, out ReadOnlySpan<byte> packet) => data.TryTake(out peer, out packet);

    public bool TryPollEvent(out TurnEvent e) => events.TryDequeue(out e!);

    /// <summary>A datagram of the server, or a piece of its stream.</summary>
    public void Handle(long now, ReadOnlySpan<byte> bytes)
    {
        if (framing is null)
        {
            HandleMessage(now, bytes);
        }
        else
        {
            try
            {
                while (!IsOver && framing.TryRead(ref bytes, out var message))
                {
                    HandleMessage(now, message);
                }
            }
            catch (ProtocolException)
            {
                Fail(TurnFailure.NotCredible, 0);
            }
        }

        UpdateTimeout(now);
    }

    public void HandleTimeout(long now)
    {
        if (now >= again.Due)
        {
            if (again.Next(now))
            {
                output.Add(0, pending.AsSpan(0, pendingLength));
            }
            else
            {
                Fail(phase == Phase.Closing ? TurnFailure.None : TurnFailure.NoAnswer, 0);
            }
        }

        if (phase == Phase.Allocated && now >= refreshAt)
        {
            refreshAt = long.MaxValue;
            Request(now, StunMethod.Refresh);
        }

        HandlePeerTimeouts(now);
        UpdateTimeout(now);
    }

    /// <summary>The connection to the server broke.</summary>
    public void Disconnected() => Fail(TurnFailure.Disconnected, 0);

    /// <summary>Gives the address back. What is to be said of it is still to be polled; there is no need to wait for the answer.</summary>
    public void Close(long now)
    {
        if (phase == Phase.Allocated)
        {
            phase = Phase.Closing;
            lifetime = 0;
            Request(now, StunMethod.Refresh);
        }
        else
        {
            phase = Phase.Over;
        }

        UpdateTimeout(now);
    }

    private void HandleMessage(long now, ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= 4 && packet[0] is >= 0x40 and < 0x50)
        {
            HandleChannelData(packet);
            return;
        }

        if (!StunMessage.TryParse(packet, out var message))
        {
            return;
        }

        if (message.Class == StunClass.Indication)
        {
            HandleIndication(message);
        }
        else if (message.Class != StunClass.Request)
        {
            if (again.IsRunning && message.TransactionId == transaction && message.Method == method)
            {
                HandleAnswer(now, message);
            }
            else
            {
                HandleBindAnswer(now, message);
            }
        }
    }

    private void HandleAnswer(long now, in StunMessage message)
    {
        if (message.Class == StunClass.Error)
        {
            HandleError(now, message);
            return;
        }

        // Only who knows the password can have said so.
        if (!isSigned || !credential.IsIntact(message))
        {
            return;
        }

        again.Stop();
        challenges = 0;
        if (phase == Phase.Closing)
        {
            phase = Phase.Over;
            return;
        }

        lifetime = Math.Clamp(message.TryReadU32(StunAttribute.Lifetime, out uint seconds) ? seconds : 600, LeastLifetime, MostLifetime);
        refreshAt = now + (Math.Max(lifetime - 60, lifetime / 2) * 1_000_000L);
        if (phase == Phase.Allocating)
        {
            TakeAddress(message);
        }
    }

    private void TakeAddress(in StunMessage message)
    {
        if (!message.TryReadXorAddress(StunAttribute.XorRelayedAddress, out var relayed) || relayed.Port == 0 || relayed.IsUnspecified || relayed.IsMulticast
            || (relayed.IsLoopback && !Address.IsLoopback))
        {
            Fail(TurnFailure.NotCredible, 0);
            return;
        }

        phase = Phase.Allocated;
        Relayed = relayed;
        events.Enqueue(new TurnEvent.Allocated(relayed, message.TryReadXorAddress(StunAttribute.XorMappedAddress, out var mapped) ? mapped : null));
    }

    private void HandleError(long now, in StunMessage message)
    {
        _ = message.TryReadError(out int code);
        if (code is StunError.Unauthenticated or StunError.StaleNonce)
        {
            // A stale nonce may come at any time, wrong credentials only once: a server that challenges for ever is left. The new nonce may be known already, from the answer to another request.
            var challenge = credential.Take(message);
            bool isNew = challenge == Challenged.Taken || (challenge == Challenged.Known && code == StunError.StaleNonce && signedRound != credential.Round);
            if (challenge == Challenged.TooLong)
            {
                Fail(TurnFailure.NotCredible, code);
            }
            else if (isNew && ++challenges <= 3 && (code == StunError.StaleNonce || challenges == 1))
            {
                Request(now, method);
            }
            else if (isSigned || !isNew)
            {
                Fail(TurnFailure.Unauthorised, code);
            }

            return;
        }

        // Any other error to a signed request is proven like an answer; to an unsigned one nothing can be.
        if (isSigned && message.Has(StunAttribute.MessageIntegrity) && !credential.IsIntact(message))
        {
            return;
        }

        if (code == StunError.TryAlternate && phase == Phase.Allocating)
        {
            Redirect(now, message);
            return;
        }

        Fail(
            code switch
            {
                StunError.AllocationQuotaReached => TurnFailure.QuotaReached,
                StunError.InsufficientCapacity => TurnFailure.NoCapacity,
                StunError.AllocationMismatch => TurnFailure.Mismatch,
                StunError.WrongCredentials => TurnFailure.Unauthorised,
                _ => TurnFailure.Refused,
            },
            code);
    }

    /// <summary>RFC 8489, 10. Not into a private network from a public one, and not for ever.</summary>
    private void Redirect(long now, in StunMessage message)
    {
        if (!message.TryReadAddress(StunAttribute.AlternateServer, out var other) || other.Port == 0 || other == Address || other.IsV4 != Address.IsV4 || other.IsMulticast
            || other.IsUnspecified || (other.IsLoopback && !Address.IsLoopback) || (other.IsPrivate && !Address.IsPrivate) || ++redirects > MaxRedirects)
        {
            Fail(TurnFailure.NotCredible, StunError.TryAlternate);
            return;
        }

        events.Enqueue(new TurnEvent.Redirected(other));
        if (IsStream)
        {
            again.Stop();
            phase = Phase.Over;
            return;
        }

        Address = other;
        Request(now, StunMethod.Allocate);
    }

    private void Request(long now, StunMethod what)
    {
        method = what;
        transaction = TransactionId.New(random);
        var writer = new StunWriter(pending, what, StunClass.Request, transaction);
        if (what == StunMethod.Allocate)
        {
            writer.Write(StunAttribute.RequestedTransport, [17, 0, 0, 0]);
            if (!Address.IsV4)
            {
                writer.Write(StunAttribute.RequestedAddressFamily, [2, 0, 0, 0]);
            }
        }
        else
        {
            writer.WriteU32(StunAttribute.Lifetime, lifetime);
        }

        isSigned = credential.IsReady;
        signedRound = credential.Round;
        if (isSigned)
        {
            credential.Sign(ref writer);
        }

        writer.WriteFingerprint();
        pendingLength = writer.Length;
        output.Add(0, writer.Written);
        again.Begin(now, IsStream);
    }

    private void Fail(TurnFailure why, int code)
    {
        if (IsOver)
        {
            return;
        }

        phase = Phase.Over;
        again.Stop();
        Relayed = null;
        if (why != TurnFailure.None)
        {
            events.Enqueue(new TurnEvent.Failed(why, code));
        }
    }

    private void UpdateTimeout(long now) =>
        NextTimeout = IsOver ? long.MaxValue : Math.Max(now, Math.Min(again.Due, Math.Min(phase == Phase.Allocated ? refreshAt : long.MaxValue, NextPeerTimeout())));
}
