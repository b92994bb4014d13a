using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>
/// Which of two paths the payloads to one member take, and the order of those that come over both (docs/protocol/direct.md, "Link"; ADR 21).
/// <code>
///          opened, heard something              silence, closed, slower than the relay
/// relay ──────────────────────────> direct ───────────────────> waiting ──their back──> what they lack, then the relay
///         says over                    │     says back             │ no answer, or no relay to say it on
///                                 relay breaks: goes on alone      └──────> stranded: another handshake
/// </code>
/// Who leads moves first, when the way is worth it (<see cref="PathChoice"/>); who follows moves when it has heard their `over`.
/// The receiving half has no states of its own but whether their `over` has come: what the way brings before it waits in <c>early</c>; a relay that stalls just then is gone round (<see cref="RelayMarks"/>).
/// Pure, but for that symmetric, one a pair. Lost at <see cref="Reset"/>: everything.
/// </summary>
/// <param name="leads">It is the host's, which begins ways.</param>
internal sealed partial class PathSwitch(ushort member, IPath relay, IDirectWays? ways, ILinkOwner owner, bool leads)
{
    /// <summary>A way over which nothing comes for so long is dead, in microseconds.</summary>
    public const long Silence = 1_500_000;

    /// <summary>So long their `back` is waited for once ours is said, in microseconds, by who follows: they can begin anew. Who leads hears of that.</summary>
    public const long BackPatience = 2_000_000;

    /// <summary>Each KiB of what is kept may take so much longer, in microseconds: a line of 20 kB a second is slow, not dead.</summary>
    private const long PerKilobyte = 50_000;

    /// <summary>Between two signs of life, in microseconds.</summary>
    private const long Heartbeat = 500_000;

    /// <summary>How long a payload waits to be counted, in microseconds.</summary>
    private const long CountTime = 50_000;

    /// <summary>So many bytes are counted at once.</summary>
    private const int CountBytes = 64 * 1024;

    private const int MaxPayload = 65_536;

    /// <summary>With more than so many bytes kept round trips are not compared.</summary>
    private const int MostCompared = 16 * 1024;

    /// <summary>Of what comes before its turn so much is taken at least, in bytes: the relay's window.</summary>
    private const int MostEarly = 1024 * 1024;

    private readonly KeptPayloads kept = new();
    private readonly KeptPayloads early = new();
    private readonly PathChoice choice = new();
    private readonly byte[] word = new byte[LinkMessage.MaxLength];
    private byte[] piece = [];
    private byte[] whole = [];
    private int wholeLength;
    private int way;

    /// <summary>Ways up to this one are over, and not answered for. Before a session there is none to answer for at all.</summary>
    private int closedThrough = ushort.MaxValue;
    private bool isOpen;
    private bool hasHeard;
    private bool sends;
    private bool takes;
    private bool saidBack;
    private bool hasRelay = true;
    private long givenUpAt;
    private LinkMessage? owed;
    private bool resends;
    private uint sent;
    private uint counted;
    private uint received;
    private int uncountedBytes;
    private long countAt = long.MaxValue;
    private long heardAt;
    private long saidAt;
    private long progressAt;
    private int fullWindow;
    private string why = "";

    /// <summary>The way there is, open or not yet; 0: none.</summary>
    public int Way => way;

    /// <summary>Both directions take the way.</summary>
    public bool IsDirect => sends && takes && !saidBack;

    /// <summary>What leaves now leaves by the way.</summary>
    public bool Sends => sends;

    /// <summary>Our `back` is said; theirs is not heard.</summary>
    public bool IsGivenUp => saidBack;

    /// <summary>The relay broke and is not back: the way is all there is.</summary>
    public bool IsAlone => !hasRelay && way != 0;

    /// <summary>Nothing of a former way is left, so that another may begin.</summary>
    public bool IsIdle => way == 0 && !resends && owed is null;

    /// <summary>Payload bytes that may be sent now.</summary>
    public int Window
    {
        get
        {
            if (sends)
            {
                return saidBack ? 0 : Math.Max(0, fullWindow - kept.Bytes);
            }

            int window = resends || owed is not null ? 0 : relay.Window(member);
            fullWindow = Math.Max(fullWindow, window);
            return window;
        }
    }

    /// <summary>When <see cref="Tick"/> is due; null: nothing is.</summary>
    public long? NextDeadline => way == 0 ? null
        : saidBack ? !hasRelay ? givenUpAt : leads || !(sends || takes) ? null : givenUpAt + BackPatience
        : isOpen ? Math.Min(Math.Min(countAt, saidAt + Heartbeat), Math.Min(OverDueAt, DeadAt)) : null;

    private long DeadAt => Math.Min(heardAt + Silence, kept.Count == 0 || !sends ? long.MaxValue : progressAt + Silence + (kept.Bytes / 1024 * PerKilobyte));

    /// <summary>A way is being looked for; its number is above all former ones.</summary>
    public void Begin(int number)
    {
        way = number;
        isOpen = hasHeard = sends = takes = saidBack = false;
        hasRelay = true;
        choice.Begin();
        ForgetRelay();
        sent = counted = received = 0;
        progressAt = 0;
        uncountedBytes = 0;
        countAt = long.MaxValue;
        wholeLength = 0;
        early.Clear();
        marks.Begin(number);
        Mark();
    }

    /// <summary>The way's channel is open.</summary>
    public void Opened(long now, int number)
    {
        if (number == way && !isOpen && !saidBack)
        {
            isOpen = true;
            heardAt = now;
            SayHeard(now);
        }
    }

    /// <summary>The way is dead, or not to be had.</summary>
    public void Fail(long now, int number, string reason)
    {
        if (number != way || way == 0 || saidBack)
        {
            return;
        }

        saidBack = true;
        givenUpAt = now;
        owed = new(LinkWord.Back, way, received);
        why = reason;
        Flush(now);
    }

    /// <summary>
    /// What was on the relay between the two is lost: either's connection to it broke. Nothing of ours was, when both directions had moved over; then the session goes on by the way alone.
    /// Whether that is so for the other side too is theirs to know: if not, they end the way.
    /// </summary>
    /// <returns>False: the session is broken, and this is to be reset.</returns>
    public bool TryGoOnAlone()
    {
        if (!IsDirect)
        {
            return false;
        }

        marks.RelayBroke();
        hasRelay = false;
        return true;
    }

    /// <summary>The relay carries again what is sent to the other side.</summary>
    public void RelayIsBack() => hasRelay = true;

    /// <summary>A session begins: ways are counted from wherever the host counts now.</summary>
    public void Renew(long now)
    {
        Reset(now);
        closedThrough = 0;
    }

    /// <summary>The session is over or broken: nothing of before counts, and what the other side may still say of its way is not answered.</summary>
    public void Reset(long now)
    {
        int former = way;
        way = 0;
        closedThrough = ushort.MaxValue;
        resends = false;
        owed = null;
        kept.Clear();
        Begin(0);
        if (former != 0)
        {
            owner.WayEnded(now, member, former, "The session it belonged to is over.");
        }
    }

    public void HandleRelay(long now, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != LinkMessage.Kind)
        {
            if (payload is not [0x20 or 0x21, ..] || marks.IsNewFromRelay())
            {
                owner.Deliver(now, member, payload);
            }

            return;
        }

        var message = LinkMessage.Read(payload);
        switch (message.Word)
        {
            case LinkWord.Mark when message.Way == way || IsNew(message.Way):
                marks.TheyMarked(message.Way);
                break;
            case LinkWord.Over when message.Way == way:
                marks.TheyAreOver();
                TheyTookTheWay(now, message.Way);
                break;
            case LinkWord.Back when message.Way == way:
                TheyWentBack(now, message.Count);
                break;
            case LinkWord.Back when IsNew(message.Way) && !leads:
                // They gave it up before we heard of it.
                closedThrough = message.Way;
                owed ??= new(LinkWord.Back, message.Way, 0);
                Flush(now);
                break;
            case LinkWord.Ask when message.Way == way && !leads:
                TrySay(message with { Word = LinkWord.Answer });
                break;
            case LinkWord.Answer when message.Way == way && leads && isAsked && message.Count == asks:
                Answered(now - askedAt);
                break;
            case LinkWord.Heard or LinkWord.Came or LinkWord.Rest:
                throw new ProtocolException("What a way brought was counted on the relay.");
        }
    }

    /// <summary>Whether a way of this number may still begin.</summary>
    public bool IsNew(int number) => number > Math.Max(way, closedThrough);

    public void Tick(long now)
    {
        if (NextDeadline is { } due && due <= now)
        {
            if (now - due >= Heartbeat)
            {
                // It was us who stood still: what came meanwhile may still wait to be handed over.
                heardAt = Math.Max(heardAt, now - Silence + Heartbeat);
                progressAt = Math.Max(progressAt, heardAt);
                givenUpAt = Math.Max(givenUpAt, now - BackPatience + Heartbeat);
            }

            if (saidBack)
            {
                if (NextDeadline <= now)
                {
                    owner.Stranded(now, member, why);
                    return;
                }
            }
            else if (now >= DeadAt)
            {
                Fail(now, way, "Nothing came over it any more.");
            }
            else
            {
                if (now >= OverDueAt)
                {
                    SayCame(now);
                }

                SayHeard(now);
                Compare(now);
                Ask(now);
            }
        }

        Flush(now);
    }

    /// <summary>What stands on the way because of us says nothing about its length.</summary>
    private void Compare(long now)
    {
        if (!leads || kept.Bytes > MostCompared)
        {
            return;
        }

        if (ways?.RoundTrip(member, way) is { } direct)
        {
            choice.WayTook(now, direct);
        }

        if (!sends)
        {
            choice.RelayTook(owner.RelayRoundTrip(member));
        }
        else if (choice.IsTooSlow && !saidBack && hasRelay)
        {
            Fail(now, way, "The server is quicker.");
        }
    }

    /// <summary>Says and sends what found no room on the relay before, and moves over when that can be.</summary>
    public void Flush(long now)
    {
        if (owed is { } message && TrySay(message))
        {
            owed = null;
        }

        while (resends && owed is null && relay.TrySend([member], kept.First))
        {
            kept.DropFirst();
            resends = kept.Count > 0;
        }

        Mark();
        if (isOpen && hasHeard && !sends && !saidBack && !resends && Window > 0 && MayMove(now) && TrySay(new(LinkWord.Over, way, 0)))
        {
            sends = true;
            if (marks.HasMarked)
            {
                // They can miss what the relay holds back. Should the channel take no more, the next that is sent finds it out.
                TrySayOn(new(LinkWord.Over, way, 0));
            }

            askAt = MayAsk ? now + FirstAsk : long.MaxValue;
            owner.PathChanged(now, member, isDirect: true);
        }
    }

    private bool MayMove(long now)
    {
        if (!leads)
        {
            return takes;
        }

        Compare(now);
        return choice.IsWorthTaking;
    }

    private void TheyWentBack(long now, uint count)
    {
        Require(count >= counted && count <= sent, "A way was said to have brought what it was not given.");
        Require(early.Count == 0, "A way brought what was never to come over it.");
        Drop(count);
        if (!saidBack)
        {
            Fail(now, way, "The other side gave it up.");
        }

        bool wasDirect = sends;
        int former = way;
        closedThrough = way;
        way = 0;
        sends = takes = isOpen = false;
        marks.Begin(0);
        resends = kept.Count > 0;
        if (wasDirect)
        {
            owner.PathChanged(now, member, isDirect: false);
        }

        owner.WayEnded(now, member, former, why);
        Flush(now);
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}
