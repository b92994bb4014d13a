using Alongside.Core.Session;
using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>
/// Which of two paths the payloads to one member take, and the order of those that come over both (docs/protocol/direct.md, "Link"; ADR 21).
/// <code>
///          opened, heard something              silence, closed
/// relay ──────────────────────────> direct ───────────────────> waiting ──their back──> what they lack, then the relay
///         says over                          says back
/// </code>
/// The receiving half has no states of its own but whether their `over` has come: what the way brings before it waits in <c>early</c>.
/// Pure, symmetric, one a pair. Lost at <see cref="Reset"/>: everything.
/// </summary>
internal sealed partial class PathSwitch(ushort member, IPath relay, IDirectWays? ways, ILinkOwner owner)
{
    /// <summary>A way over which nothing comes for so long is dead, in microseconds.</summary>
    public const long Silence = 1_500_000;

    /// <summary>Each KiB of what is kept may take so much longer, in microseconds: a line of 20 kB a second is slow, not dead.</summary>
    private const long PerKilobyte = 50_000;

    /// <summary>Between two signs of life, in microseconds.</summary>
    private const long Heartbeat = 500_000;

    /// <summary>How long a payload waits to be counted, in microseconds.</summary>
    private const long CountTime = 50_000;

    /// <summary>So many bytes are counted at once.</summary>
    private const int CountBytes = 64 * 1024;

    private const int MaxPayload = 65_536;

    /// <summary>Of what comes before its turn so much is taken at least, in bytes: the relay's window.</summary>
    private const int MostEarly = 1024 * 1024;

    private readonly KeptPayloads kept = new();
    private readonly KeptPayloads early = new();
    private readonly byte[] word = new byte[LinkMessage.MaxLength];
    private byte[] piece = [];
    private byte[] whole = [];
    private int wholeLength;
    private int way;
    private int closedThrough;
    private bool isOpen;
    private bool hasHeard;
    private bool sends;
    private bool takes;
    private bool saidBack;
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

            int window = resends ? 0 : relay.Window(member);
            fullWindow = Math.Max(fullWindow, window);
            return window;
        }
    }

    /// <summary>When <see cref="Tick"/> is due; null: nothing is.</summary>
    public long? NextDeadline => way == 0 || !isOpen || saidBack ? null : Math.Min(Math.Min(countAt, saidAt + Heartbeat), DeadAt);

    private long DeadAt => Math.Min(heardAt + Silence, kept.Count == 0 ? long.MaxValue : progressAt + Silence + (kept.Bytes / 1024 * PerKilobyte));

    /// <summary>A way is being looked for; its number is above all former ones.</summary>
    public void Begin(int number)
    {
        way = number;
        isOpen = hasHeard = sends = takes = saidBack = false;
        sent = counted = received = 0;
        uncountedBytes = 0;
        countAt = long.MaxValue;
        wholeLength = 0;
        early.Clear();
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
        owed = new(LinkWord.Back, way, received);
        why = reason;
        Flush(now);
    }

    /// <summary>Another session, or a path that broke: nothing of before counts.</summary>
    public void Reset(long now)
    {
        int former = way;
        way = 0;
        closedThrough = 0;
        resends = false;
        owed = null;
        kept.Clear();
        Begin(0);
        if (former != 0)
        {
            owner.WayEnded(now, member, former, "The session it belonged to is over.");
        }
    }

    /// <summary>Sends a payload over the way; it has room there.</summary>
    public void SendDirect(long now, ReadOnlySpan<byte> payload)
    {
        if (kept.Count == 0)
        {
            progressAt = now;
        }

        kept.Add(payload);
        sent++;
        if (!TrySendPieces(payload))
        {
            Fail(now, way, "The channel took no more.");
        }
    }

    public void HandleRelay(long now, ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != LinkMessage.Kind)
        {
            owner.Deliver(now, member, payload);
            return;
        }

        var message = LinkMessage.Read(payload);
        switch (message.Word)
        {
            case LinkWord.Over when message.Way == way:
                TheyTookTheWay(now, message.Way);
                break;
            case LinkWord.Back when message.Way == way:
                TheyWentBack(now, message.Count);
                break;
            case LinkWord.Back when message.Way > Math.Max(way, closedThrough):
                // They gave it up before we heard of it.
                closedThrough = message.Way;
                owed ??= new(LinkWord.Back, message.Way, 0);
                Flush(now);
                break;
            case LinkWord.Heard:
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
            }

            if (now >= DeadAt)
            {
                Fail(now, way, "Nothing came over it any more.");
            }
            else
            {
                SayHeard(now);
            }
        }

        Flush(now);
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

        if (isOpen && hasHeard && !sends && !saidBack && !resends && Window > 0 && TrySay(new(LinkWord.Over, way, 0)))
        {
            sends = true;
            owner.PathChanged(now, member, isDirect: true);
        }
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
        resends = kept.Count > 0;
        if (wasDirect)
        {
            owner.PathChanged(now, member, isDirect: false);
        }

        owner.WayEnded(now, member, former, why);
        Flush(now);
    }

    private void Count(long now, uint count)
    {
        Require(count >= counted && count <= sent, "A way was said to have brought what it was not given.");
        if (count > counted)
        {
            progressAt = now;
            Drop(count);
        }
    }

    private void Drop(uint count)
    {
        for (; counted < count; counted++)
        {
            kept.DropFirst();
        }
    }

    private bool TrySendPieces(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= LinkMessage.MaxOnChannel)
        {
            return TrySendOn(payload);
        }

        if (piece.Length == 0)
        {
            piece = GC.AllocateUninitializedArray<byte>(LinkMessage.MaxOnChannel);
        }

        while (!payload.IsEmpty)
        {
            int length = Math.Min(payload.Length, LinkMessage.MaxOnChannel - 1);
            piece[0] = length == payload.Length ? LinkMessage.LastPart : LinkMessage.Part;
            payload[..length].CopyTo(piece.AsSpan(1));
            payload = payload[length..];
            if (!TrySendOn(piece.AsSpan(0, 1 + length)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySendOn(ReadOnlySpan<byte> message) => ways?.TrySend(member, way, message) == true;

    private bool TrySay(LinkMessage message) => relay.TrySend([member], word.AsSpan(0, message.Write(word)));

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ProtocolException(otherwise);
        }
    }
}
