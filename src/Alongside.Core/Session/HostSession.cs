using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Input;
using Alongside.Core.Link;
using Alongside.Core.Pixels;
using Alongside.Core.Secure;
using Alongside.Core.Session.Feed;
using Alongside.Core.Wire;

namespace Alongside.Core.Session;

/// <summary>
/// One viewer from the host's side (docs/protocol/session.md).
/// <code>
/// Handshake ─Secured─> Asking ─grant─> Live ─bye, stop, rules broken─> Ended
///     ^                                 │ break: keys up, picture forgotten, grant kept
///     └──────────── resume ─────────────┘
/// </code>
/// Reads what the viewer says, holds it to its grant and its rates, and hands what remains to the <see cref="ISessionOwner"/>.
/// </summary>
internal sealed partial class HostSession : IDisposable, IAskingGuest
{
    /// <summary>Silence after which the host asks whether the viewer is there, in microseconds.</summary>
    public const long PingTime = 5_000_000;

    /// <summary>Silence that counts as a break, in microseconds.</summary>
    public const long SilenceTime = 20_000_000;

    /// <summary>A viewer who says nothing after the handshake is sent away after this, in microseconds.</summary>
    public const long AskTime = 60_000_000;


    private readonly ISessionOwner owner;
    private readonly Func<SecurePeer> newPeer;
    private readonly IPath path;
    private readonly ArrayBufferWriter<byte> message = new(256);
    private readonly ClipboardMessage?[] clipboards = new ClipboardMessage?[2];
    private readonly HashSet<string> places = [];
    private SecurePeer peer;
    private RateLimit controlRate = new(burst: 100, perSecond: 50);
    private RateLimit inputRate = new(burst: 4_000, perSecond: 2_000);
    private RateLimit clipboardRate = new(burst: 20, perSecond: 5);
    private CursorImage? shape;
    private (int X, int Y)? position;
    private long heardAt;
    private long pingedAt;
    private long pings;
    private long brokenAt;
    private long securedAt;
    private string? resumePlace;

    public HostSession(long now, int number, ushort member, ISessionOwner owner, IPath path, Func<SecurePeer> newPeer)
    {
        Number = number;
        this.owner = owner;
        this.newPeer = newPeer;
        this.path = path;
        peer = newPeer();
        Outbox = new(peer, path) { Member = member };
        Outbox.HasArrived();
        heardAt = Since = PathSince = now;
    }

    /// <summary>The host's own number for this viewer.</summary>
    public int Number { get; private set; }

    public ushort Member => Outbox.Member;

    public SessionPhase Phase { get; private set; }

    /// <summary>When they came in, in microseconds: whoever comes back after a break came then.</summary>
    public long Since { get; private set; }

    /// <summary>When what is sent to them took its path, in microseconds.</summary>
    public long PathSince { get; set; }

    /// <summary>Since when they are away, in microseconds; null: they are here.</summary>
    public long? AwaySince => IsHere || Phase == SessionPhase.Handshake ? null : brokenAt;

    public string Name { get; private set; } = "";

    public Grant Grant { get; private set; }

    public string CheckDigits { get; private set; } = "";

    /// <summary>The path to the viewer is there and a session runs over it.</summary>
    public bool IsHere { get; private set; }

    /// <summary>When they closed their relay for good while they had a direct path, in microseconds: most likely they leave. Null: they have not.</summary>
    public long? ClosedRelayAt { get; set; }

    /// <summary>The question that is open, or what they asked for while another's was; null: none.</summary>
    public Grant? Asked { get; set; }

    /// <summary>Asking again right after a no would be pestering: until then the answer is what they have.</summary>
    public long AskAgainAt { get; set; }

    public bool HasEnded => Phase == SessionPhase.Ended;

    public GuestQuestion Question => new(Number, Name, CheckDigits, Asked!.Value, Grant);

    public void IsBeingAsked(long now) => Say(now, new ControlMessage.Asking());

    public int Monitor { get; set; }

    public Outbox Outbox { get; private set; }

    /// <summary>Their place in the feed while they are live and here.</summary>
    public FeedViewer? Feed { get; set; }

    public bool UnderstandsClipboard { get; private set; }

    /// <summary>The viewer could be reached by a direct way.</summary>
    public bool UnderstandsDirect { get; private set; }

    /// <summary>The viewer says on the relay how long it takes.</summary>
    public bool AnswersOnRelay { get; private set; }

    /// <summary>What a stalled relay holds back can be given them over a direct way.</summary>
    public bool KnowsMarks { get; private set; }

    /// <summary>What they are told of their direct path.</summary>
    public LineMeter Line { get; } = new();

    /// <summary>When a direct way to them is looked for.</summary>
    public WaySearch Search { get; private set; } = new();

    /// <summary>What they say of it.</summary>
    public WaySignals Signals { get; } = new();

    /// <summary>What of the codec their decoder and our encoder share.</summary>
    public ushort[] Codec { get; private set; } = [];

    /// <summary>Whether a resume of this session comes back to this viewer.</summary>
    public bool WasSessionOf(string place) => places.Contains(place);

    public void Handle(long now, ReadOnlySpan<byte> payload)
    {
        if (Phase == SessionPhase.Ended || payload.IsEmpty)
        {
            return;
        }

        // After a break only a new handshake is heard: what is left of the old session would not open.
        if (!IsHere && payload[0] is 0x20 or 0x21)
        {
            return;
        }

        peer.Handle(now, payload);
        Drain(now);
    }

    public void Tick(long now)
    {
        if (Phase == SessionPhase.Ended)
        {
            return;
        }

        if (peer.NextDeadline is { } due && due <= now)
        {
            peer.Tick(now);
            Drain(now);
        }

        if (Phase == SessionPhase.Asking && Asked is null && IsHere && now - securedAt >= AskTime)
        {
            End(now, ByeReason.Idle, "Nothing was asked for.");
        }
        else if (IsHere && now - heardAt >= SilenceTime)
        {
            Break(now);
        }
        else if (IsHere && now - Math.Max(heardAt, pingedAt) >= PingTime)
        {
            Ping(now);
        }
        else if (!IsHere && Phase is SessionPhase.Live or SessionPhase.Asking && now - brokenAt >= CodeBook.ResumeTime)
        {
            End(now, ByeReason.Left, "They did not come back.");
        }
    }

    public long? NextDeadline
    {
        get
        {
            long? due = peer.NextDeadline;
            long? own = Phase switch
            {
                SessionPhase.Ended => null,
                _ when IsHere => Math.Max(heardAt, pingedAt) + PingTime,
                SessionPhase.Handshake => null,
                _ => brokenAt + CodeBook.ResumeTime,
            };
            return due is null ? own : own is null ? due : Math.Min(due.Value, own.Value);
        }
    }

    public void Say(long now, ControlMessage control) => Outbox.SendSmall(now, ChannelBudgets.Control, ControlJson.Write(control));

    /// <summary>States the grant, which is the whole truth from now on.</summary>
    public void Give(long now, Grant grant)
    {
        var before = Grant;
        Grant = grant.View ? grant : Grant.None;
        Asked = null;
        if (!Grant.View)
        {
            Say(now, ControlMessage.Granted.Of(Grant));
            End(now, before.View ? ByeReason.Stopped : ByeReason.Refused, before.View ? "Stopped." : "Refused.");
            return;
        }

        Phase = SessionPhase.Live;
        Say(now, ControlMessage.Granted.Of(Grant));
        owner.GrantChanged(now, this, before);
    }

    /// <summary>The way to the viewer is gone, or they have been silent for too long. Their grant waits for them for two minutes.</summary>
    public void Break(long now)
    {
        if (Phase == SessionPhase.Ended)
        {
            return;
        }

        if (IsHere || Phase == SessionPhase.Handshake)
        {
            brokenAt = now;
        }

        IsHere = false;
        owner.Unlinked(now, this);
        Outbox.Clear();
        var member = Outbox.Member;
        peer.Dispose();
        peer = newPeer();
        Outbox = new(peer, path) { Member = member };
        if (resumePlace is not null)
        {
            owner.Broken(now, this, resumePlace);
        }

        if (Phase == SessionPhase.Handshake)
        {
            End(now, ByeReason.Left, "They left during the handshake.");
        }
    }

    /// <summary>The member's connection is there (again), with a full window.</summary>
    public void Arrived() => Outbox.HasArrived();

    /// <summary>Goes on with what another session of the same viewer had: they came back as another member of the room.</summary>
    public void TakeOver(HostSession before)
    {
        Number = before.Number;
        Since = before.Since;
        Name = before.Name;
        Grant = before.Grant;
        Monitor = before.Monitor;
        Phase = before.Phase;
        Asked = before.Asked;
        AskAgainAt = before.AskAgainAt;
        places.UnionWith(before.places);
        before.Phase = SessionPhase.Ended;
    }

    /// <summary>Ends it in order, if the viewer can still hear it. What waits for them is lost but for the bye.</summary>
    public void End(long now, string byeReason, string why)
    {
        if (Phase == SessionPhase.Ended)
        {
            return;
        }

        if (IsHere && byeReason == ByeReason.TooSlow)
        {
            Outbox.SendLast(now, ControlJson.Write(new ControlMessage.Bye(byeReason)));
        }
        else if (IsHere)
        {
            Say(now, new ControlMessage.Bye(byeReason));
            Outbox.Pump(now);
        }

        Phase = SessionPhase.Ended;
        Grant = Grant.None;
        owner.Ended(now, this, why, brokeRules: byeReason == ByeReason.Protocol);
    }

    public IReadOnlyCollection<string> Places => places;

    /// <summary>Nothing comes back to what was before the last handshake. Returns what is forgotten.</summary>
    public string[] ForgetFormerPlaces()
    {
        string[] former = [.. places.Where(place => place != resumePlace)];
        places.ExceptWith(former);
        return former;
    }

    public void Dispose()
    {
        Outbox.Clear();
        peer.Dispose();
    }

    private void Drain(long now)
    {
        while (Phase != SessionPhase.Ended && peer.TryPollEvent(out var e))
        {
            switch (e.Kind)
            {
                case SecureEventKind.Secured:
                    HandleSecured(now, e.Details!);
                    break;
                case SecureEventKind.Message:
                    heardAt = now;
                    HandleMessage(now, e.Channel, e.Bytes.Span);
                    break;
                case SecureEventKind.Ended when !peer.IsSecured && IsHere:
                    End(now, ByeReason.Protocol, e.Reason ?? "The channel ended.");
                    break;
                case SecureEventKind.Ended or SecureEventKind.Refused:
                    Outbox.Pump(now);
                    owner.HandshakeFailed(now, this, e.Reason ?? $"A handshake was refused: {e.Refusal}.", e.Refusal == RefuseReason.Busy);
                    break;
            }
        }
    }

    private void HandleSecured(long now, SecuredDetails details)
    {
        heardAt = securedAt = pingedAt = PathSince = now;
        IsHere = true;
        owner.Unlinked(now, this);
        Outbox.Clear();
        Search = new();
        CheckDigits = details.CheckDigits;
        UnderstandsClipboard = details.PeerCapabilities.Contains(Capability.ClipboardText);
        UnderstandsDirect = details.PeerCapabilities.Contains(Capability.Direct);
        AnswersOnRelay = details.PeerCapabilities.Contains(Capability.AnswersOnRelay);
        KnowsMarks = details.PeerCapabilities.Contains(Capability.Marks);
        Codec = UpdateEncoder.Shared(details.PeerCapabilities);
        resumePlace = details.ResumeCredential.Place;
        places.Add(resumePlace);
        if (!details.Resumed)
        {
            // Somebody else, or the same one anew: nothing of before counts.
            Grant = Grant.None;
            Asked = null;
            Monitor = 0;
            Since = now;
            Phase = SessionPhase.Asking;
        }

        owner.Secured(now, this, details);
        if (!details.PeerCapabilities.Contains(Capability.Tiles))
        {
            End(now, ByeReason.Protocol, "The viewer cannot decode what this host sends.");
        }
    }
}
