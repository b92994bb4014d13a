// Long because it is the whole order of events of one side: every path into and out of a handshake is to be read in one place. The steps
// themselves (handshakes, key schedule, records, queues) are files of their own.
using System.Buffers;
using Alongside.Core.Secure.Records;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure;

/// <summary>
/// One side of one pair, whole: handshakes, keys, records, messages (docs/protocol/secure.md). Pure: feed it what arrives and the time, and
/// after every call take its payloads and events until there are none. Times are microseconds of one monotonic clock.
/// <para>
/// A new handshake runs beside a running session and replaces it only when it has finished, so that nobody who can write into the path
/// ends a session by starting one. While a viewer's handshake is underway the viewer sends nothing else.
/// </para>
/// <para>What the other side gets wrong never throws; it becomes an event. Not thread-safe.</para>
/// </summary>
public sealed class SecurePeer : IDisposable
{
    private readonly SecureRole role;
    private readonly ushort[] capabilities;
    private readonly IRandomSource random;
    private readonly ICredentialBook? book;
    private readonly HandshakeLimit limit;
    private readonly PathOrder order;
    private readonly RecordLimits recordLimits;
    private readonly Queue<byte[]> handshakePayloads = new();
    private readonly Queue<SecureEvent> events = new();
    private Credential? credential;
    private ViewerHandshake? asViewer;
    private HostHandshake? asHost;
    private PairSession? session;
    private long handshakeDeadline;
    private long now;
    private byte[]? lent;
    private bool resumeUnproven;

    private SecurePeer(
        SecureRole role, ReadOnlySpan<ushort> capabilities, IRandomSource random, Credential? credential, ICredentialBook? book,
        HandshakeLimit? limit, PathOrder order, RecordLimits? recordLimits)
    {
        this.role = role;
        this.capabilities = HelloLists.Sorted(capabilities);
        this.random = random;
        this.credential = credential;
        this.book = book;
        this.limit = limit ?? new HandshakeLimit();
        this.order = order;
        this.recordLimits = recordLimits ?? RecordLimits.Default;
    }

    /// <summary>The versions this side knows, ascending. Less than all only in tests, of peers from before.</summary>
    internal ushort[] Versions { get; set; } = Handshake.Versions;

    /// <summary>A session runs: messages arrive, and can be sent unless a viewer's new handshake is underway.</summary>
    public bool IsSecured => session is not null;

    public bool IsHandshaking => asViewer is not null || asHost is not null;

    /// <summary>Of the running session, or of the last one; null before the first.</summary>
    public SecuredDetails? Details { get; private set; }

    /// <summary>For coming back after a break: of the running session, or of the last one; null before the first.</summary>
    public Credential? ResumeCredential => Details?.ResumeCredential;

    /// <summary>When <see cref="Tick"/> is due; null: nothing is due.</summary>
    public long? NextDeadline => IsHandshaking ? handshakeDeadline : null;

    /// <summary>Bytes of messages that were sent but have not left as payloads.</summary>
    public long PendingBytes => session?.PendingBytes ?? 0;

    /// <summary>Of these, those on the channels of small messages: control, input, feedback, cursor.</summary>
    public long PendingSmallBytes => session?.PendingSmallBytes ?? 0;

    /// <summary>Of these, those of clipboards, which everything else overtakes while they are long.</summary>
    public long PendingClipboardBytes => session?.PendingClipboardBytes ?? 0;

    /// <summary>Whether <see cref="TryPollRecord"/> would give a piece of a clipboard.</summary>
    public bool NextIsClipboard => session is { NextIsClipboard: true };

    /// <summary>How long the record is that <see cref="TryPollRecord"/> would give; 0: none.</summary>
    public int NextLength => MayPollRecord ? session!.NextLength : 0;

    /// <summary>The next payload of a handshake, which waits for no record; empty: none. <see cref="HandshakeHasLeft"/> takes it away.</summary>
    public ReadOnlyMemory<byte> NextHandshake => handshakePayloads.TryPeek(out var handshake) ? handshake : default;

    /// <summary>Nothing of a session leaves before the message that begins it.</summary>
    private bool MayPollRecord => session is not null && asViewer is null && !(handshakePayloads.TryPeek(out var next) && next[0] == PayloadKind.HostFinish);

    public static SecurePeer Viewer(
        Credential credential, ReadOnlySpan<ushort> capabilities, IRandomSource random, PathOrder order = PathOrder.Ordered) =>
        new(SecureRole.Viewer, capabilities, random, credential, null, null, order, null);

    /// <param name="book">Where the credential that the viewer names is looked up.</param>
    /// <param name="capabilities">What this side understands.</param>
    /// <param name="random">For nonces and scalars.</param>
    /// <param name="limit">Shared by all peers of a host; null: this peer is alone.</param>
    /// <param name="order">What the path promises.</param>
    public static SecurePeer Host(
        ICredentialBook book, ReadOnlySpan<ushort> capabilities, IRandomSource random, HandshakeLimit? limit = null,
        PathOrder order = PathOrder.Ordered) =>
        new(SecureRole.Host, capabilities, random, null, book, limit, order, null);

    /// <summary>With small limits, for tests of what happens at their ends.</summary>
    internal static SecurePeer Viewer(
        Credential credential, ReadOnlySpan<ushort> capabilities, IRandomSource random, PathOrder order, RecordLimits limits) =>
        new(SecureRole.Viewer, capabilities, random, credential, null, null, order, limits);

    /// <inheritdoc cref="Viewer(Credential, ReadOnlySpan{ushort}, IRandomSource, PathOrder, RecordLimits)"/>
    internal static SecurePeer Host(
        ICredentialBook book, ReadOnlySpan<ushort> capabilities, IRandomSource random, PathOrder order, RecordLimits limits) =>
        new(SecureRole.Host, capabilities, random, null, book, null, order, limits);

    /// <summary>The 0x14 message, for an owner that turns somebody away before there is a peer.</summary>
    public static byte[] RefusePayload(RefuseReason reason) => [PayloadKind.Refuse, (byte)reason];

    /// <summary>
    /// Viewer only: says Hello, in place of a handshake that is underway. With the credential given, else with the resume credential if
    /// there has been a session, else with the one from the beginning.
    /// </summary>
    /// <exception cref="InvalidOperationException">A host, or the only credential is a code that has had its one attempt.</exception>
    public void Start(long now, Credential? credential = null)
    {
        if (role != SecureRole.Viewer)
        {
            throw new InvalidOperationException("The viewer speaks first.");
        }

        this.now = now;
        ForgetHandshake();
        this.credential = credential ?? ResumeCredential ?? this.credential
            ?? throw new InvalidOperationException("The code has had its one attempt.");
        asViewer = new ViewerHandshake(this.credential, Versions, capabilities, random);
        handshakeDeadline = now + Handshake.Patience;
        handshakePayloads.Enqueue(asViewer.Hello);
    }

    /// <summary>Takes one payload that arrived.</summary>
    public void Handle(long now, ReadOnlySpan<byte> payload)
    {
        this.now = now;
        var isRecord = payload.Length > 0 && payload[0] == PayloadKind.PairRecord;
        try
        {
            if (isRecord)
            {
                OnRecord(payload);
            }
            else if (role == SecureRole.Viewer)
            {
                OnHostSays(payload);
            }
            else
            {
                OnViewerSays(payload);
            }
        }
        catch (ProtocolException e) when (isRecord)
        {
            EndSession(e.Message);
        }
        catch (ProtocolException e)
        {
            FailHandshake(e.Message);
        }
    }

    /// <summary>Tells the time; due at <see cref="NextDeadline"/>.</summary>
    public void Tick(long now)
    {
        this.now = now;
        if (IsHandshaking && now >= handshakeDeadline)
        {
            FailHandshake("The other side did not answer.");
        }
    }

    /// <summary>
    /// Queues a message; it is copied. False: there is no session, or a viewer's handshake is underway; nothing was kept. Between channels
    /// short messages may overtake long ones: see <see cref="SendQueue"/>.
    /// </summary>
    /// <param name="now">Microseconds of one monotonic clock.</param>
    /// <param name="channel">One of <see cref="ChannelBudgets"/>.</param>
    /// <param name="message">At most its budget.</param>
    /// <param name="pastes">An input that follows the clipboards before it, however long they are.</param>
    /// <exception cref="ArgumentException">The channel does not lead there, or the message is over its budget.</exception>
    public bool Send(long now, byte channel, ReadOnlySpan<byte> message, bool pastes = false)
    {
        this.now = now;
        if (session is null || asViewer is not null)
        {
            return false;
        }

        session.Send(channel, message, pastes);
        return true;
    }

    /// <summary>Forgets messages that have not left as payloads, so that last words come first.</summary>
    public void ForgetPending() => session?.ForgetPending();

    /// <summary>
    /// The next payload for the other side. The memory is the peer's and valid until its next call of any kind. Records are sealed here and not
    /// before, so a caller that polls only what its path takes lets short messages overtake long ones.
    /// </summary>
    public bool TryPollPayload(out ReadOnlyMemory<byte> payload)
    {
        if (handshakePayloads.TryDequeue(out var handshake))
        {
            payload = handshake;
            return true;
        }

        return TryPollRecord(out payload);
    }

    /// <summary><see cref="NextHandshake"/> has left.</summary>
    public void HandshakeHasLeft() => handshakePayloads.Dequeue();

    /// <inheritdoc cref="TryPollPayload"/>
    public bool TryPollRecord(out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!MayPollRecord)
        {
            return false;
        }

        try
        {
            return session!.TrySeal(now, out payload);
        }
        catch (ProtocolException e)
        {
            EndSession(e.Message);
            return false;
        }
    }

    /// <summary>The next thing that happened. A message's memory is the peer's and valid until the next call of this method.</summary>
    public bool TryPollEvent(out SecureEvent e)
    {
        if (lent is not null)
        {
            ArrayPool<byte>.Shared.Return(lent);
            lent = null;
        }

        if (!events.TryDequeue(out e))
        {
            return false;
        }

        lent = e.Lent;
        return true;
    }

    /// <summary>Forgets all keys. A handshake that is underway counts as failed.</summary>
    public void Dispose()
    {
        ForgetHandshake();
        session?.Dispose();
        session = null;
        handshakePayloads.Clear();
        while (TryPollEvent(out _))
        {
        }
    }

    private void OnHostSays(ReadOnlySpan<byte> payload)
    {
        if (asViewer is null)
        {
            // Left over from a handshake that is no more, or forged: in the clear, so it can't be held against the session.
            return;
        }

        byte kind = KindOf(payload);
        if (asViewer.IsLate(payload))
        {
            return;
        }

        switch (kind)
        {
            case PayloadKind.HostHello:
                handshakePayloads.Enqueue(asViewer.Answer(payload));
                handshakeDeadline = now + Handshake.Patience;
                break;
            case PayloadKind.HostFinish when asViewer.Finish(payload) is { } keys:
                var (used, hostCapabilities) = (asViewer.Credential, asViewer.HostCapabilities);
                ForgetHandshake();
                Replace(keys, used.Kind, used.Place, hostCapabilities);
                break;
            case PayloadKind.HostFinish:
                ForgetHandshake();
                events.Enqueue(SecureEvent.Refused(RefuseReason.Confirmation));
                break;
            case PayloadKind.Refuse:
                var reason = Handshake.ReadRefuse(payload);
                ForgetHandshake();
                events.Enqueue(SecureEvent.Refused(reason));
                break;
            default:
                throw new ProtocolException("The host sent something that hosts don't send.");
        }
    }

    private void OnViewerSays(ReadOnlySpan<byte> payload)
    {
        switch (KindOf(payload))
        {
            case PayloadKind.ViewerHello:
                OnViewerHello(payload);
                break;
            case PayloadKind.ViewerFinish when asHost is not null:
                OnViewerFinish(payload);
                break;
            case PayloadKind.ViewerFinish:
                // Its handshake is no more: it took too long, or another came after it.
                break;
            default:
                throw new ProtocolException("The viewer sent something that viewers don't send.");
        }
    }

    private void OnViewerHello(ReadOnlySpan<byte> payload)
    {
        var hello = ViewerHello.Read(payload);

        // Who begins anew has no use for an answer that is still here: one waits, however often somebody begins who takes nothing.
        handshakePayloads.Clear();
        byte[] answered = hello.Versions.Contains(Handshake.BoundVersion) && Versions.Contains(Handshake.BoundVersion) ? hello.Nonce : [];
        if (Handshake.Choose(hello.Versions, Versions) is not { } version)
        {
            Refuse(RefuseReason.Version, answered);
        }
        else if (book!.Find(hello.Credential, hello.Place) is not { } known)
        {
            Refuse(RefuseReason.Credential, answered);
        }
        else
        {
            ForgetHandshake();
            if (!limit.TryEnter(hello.Credential))
            {
                Refuse(RefuseReason.Busy, answered);
                return;
            }

            book.Attempted(hello.Credential, hello.Place);
            asHost = new HostHandshake(version, payload, hello, known, capabilities, random);
            handshakeDeadline = now + Handshake.Patience;
            handshakePayloads.Enqueue(asHost.Answer);
        }
    }

    private void OnViewerFinish(ReadOnlySpan<byte> payload)
    {
        var finished = asHost!;
        if (finished.Finish(payload) is not { } keys)
        {
            ForgetHandshake();
            Refuse(RefuseReason.Confirmation, finished.Answered);
            return;
        }

        asHost = null;
        limit.Leave(finished.Kind);
        handshakePayloads.Enqueue([PayloadKind.HostFinish, .. finished.Answered, .. keys.HostConfirm()]);
        Replace(keys, finished.Kind, finished.Place, finished.ViewerCapabilities);
        resumeUnproven = finished.Kind == CredentialKind.Resume;
        if (!resumeUnproven)
        {
            book!.Finished(finished.Kind, finished.Place, good: true);
        }
    }

    private void OnRecord(ReadOnlySpan<byte> payload)
    {
        if (session is null)
        {
            // Underway when the session ended, or for a session that was before this peer.
            return;
        }

        var whole = session.TryOpen(now, payload, out var channel, out var message, out var length);
        if (resumeUnproven && session.HasHeard)
        {
            resumeUnproven = false;
            book!.Finished(session.Details.CredentialKind, session.Details.Place, good: true);
        }

        if (whole)
        {
            events.Enqueue(SecureEvent.Message(channel, message, length));
        }
    }

    private void Replace(KeySchedule keys, CredentialKind kind, string place, ushort[] peerCapabilities)
    {
        session?.Dispose();
        Details = new SecuredDetails(keys.CheckDigits(), peerCapabilities, kind, place, keys.Resume());
        session = new PairSession(role, order, keys, Details, now, recordLimits);
        keys.Forget();
        events.Enqueue(SecureEvent.Secured(Details));
    }

    private void Refuse(RefuseReason reason, byte[] answered)
    {
        handshakePayloads.Enqueue([.. RefusePayload(reason), .. answered]);
        events.Enqueue(SecureEvent.Refused(reason));
    }

    /// <summary>The handshake came to nothing. With a session beside it only a viewer is told: it asked, a host did not.</summary>
    private void FailHandshake(string reason)
    {
        var underway = IsHandshaking;
        ForgetHandshake();
        if (session is null || (underway && role == SecureRole.Viewer))
        {
            events.Enqueue(SecureEvent.Ended(reason));
        }
    }

    private void ForgetHandshake()
    {
        if (asViewer is not null)
        {
            if (asViewer.HasConfirmed && asViewer.Credential == credential && credential.Kind == CredentialKind.Code)
            {
                // Whoever answered has had their guess: the code must not be tried against a second one.
                credential = null;
            }

            asViewer = null;
        }

        if (asHost is { } attempt)
        {
            asHost = null;
            limit.Leave(attempt.Kind);
            book!.Finished(attempt.Kind, attempt.Place, good: false);
        }
    }

    /// <summary>The session is over; a handshake beside it goes on. A viewer that has asked for a new session is not told of the old one's end.</summary>
    private void EndSession(string reason)
    {
        session!.Dispose();
        session = null;
        if (asViewer is null)
        {
            events.Enqueue(SecureEvent.Ended(reason));
        }
    }

    private static byte KindOf(ReadOnlySpan<byte> payload) =>
        payload.Length > 0 ? payload[0] : throw new ProtocolException("A payload was empty.");
}
