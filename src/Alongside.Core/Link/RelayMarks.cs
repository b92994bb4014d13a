using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>
/// What passes on the relay while a way is looked for and taken, counted by both sides from a mark on: what a stalled relay holds back then comes over the way as well, and whichever brings a payload
/// first delivers it. Nothing is numbered on the wire. Owns what we have sent on the relay since our mark; lost with the way, when the relay is all that is left to bring it.
/// <code>
/// relay:   mark p1 p2 p3 over ...                     p2, p3 and `over` stand somewhere
/// way:     over q1 q2 &lt;── came 1 ── rest 2 p2 p3      p2 p3 q1 q2 are delivered; the relay's p2 and p3 are not, when they come
/// </code>
/// </summary>
/// <param name="most">So many bytes are kept; of more the newest.</param>
internal sealed class RelayMarks(int most)
{
    /// <summary>So long their `over` is waited for before it is missed, in microseconds. A packet that TCP has to send again costs less.</summary>
    public const long Patience = 500_000;

    private readonly KeptPayloads sent = new();
    private uint sentCount;
    private bool hasGiven;

    /// <summary>Since their mark: what the relay brought, and what was delivered of it, whatever brought it.</summary>
    private uint came, taken;
    private bool hasBegunRest;
    private uint restAt;

    /// <summary>Our mark is said.</summary>
    public bool HasMarked { get; private set; }

    /// <summary>The way that theirs was for; 0: none.</summary>
    public int Theirs { get; private set; }

    /// <summary>When their `over` will be missed; <see cref="long.MaxValue"/>: nothing waits for it.</summary>
    public long MissedAt { get; private set; } = long.MaxValue;

    /// <summary>They were told what has come: once a way.</summary>
    public bool IsTold { get; private set; }

    /// <summary>So many payloads that the way brings next are the relay's.</summary>
    public uint Rest { get; private set; }

    /// <summary>Another way, or none. Their mark is said before the way is: it stays when it is for this one.</summary>
    public void Begin(int way)
    {
        if (Theirs != way)
        {
            Theirs = 0;
            came = taken = 0;
        }

        sent.Clear();
        sentCount = Rest = 0;
        HasMarked = hasGiven = IsTold = hasBegunRest = false;
        MissedAt = long.MaxValue;
    }

    public void Mark() => HasMarked = true;

    /// <summary>A payload of ours left by the relay.</summary>
    public void Sent(ReadOnlySpan<byte> payload)
    {
        if (!HasMarked)
        {
            return;
        }

        sentCount++;
        sent.Add(payload);
        while (sent.Bytes > most)
        {
            sent.DropFirst();
        }
    }

    /// <summary>They lack what was sent after so many. Gives what is to be given them; null: only the relay can bring it.</summary>
    public KeptPayloads? Missing(uint theyHave)
    {
        if (!HasMarked || hasGiven || theyHave > sentCount)
        {
            throw new ProtocolException("What the relay brought was counted wrongly.");
        }

        hasGiven = true;
        uint missing = sentCount - theyHave;
        if (missing > sent.Count)
        {
            sent.Clear();
            return null;
        }

        while (sent.Count > missing)
        {
            sent.DropFirst();
        }

        return sent;
    }

    public void TheyMarked(int way)
    {
        if (Theirs == way)
        {
            throw new ProtocolException("A way was marked twice.");
        }

        Theirs = way;
        came = taken = 0;
    }

    /// <summary>Counts a payload that the relay brought. False: the way has brought it already.</summary>
    public bool IsNewFromRelay()
    {
        if (Theirs == 0)
        {
            return true;
        }

        bool isNew = ++came > taken;
        taken = isNew ? came : taken;
        return isNew;
    }

    /// <summary>Their `over` is waited for from now on.</summary>
    public void AwaitOver(long now) => MissedAt = Math.Min(MissedAt, now + Patience);

    /// <summary>Their `over` has come on the relay, behind everything else there.</summary>
    public void TheyAreOver()
    {
        if (came < taken)
        {
            throw new ProtocolException("A way brought more of what was on the relay than there was.");
        }
    }

    /// <summary>The relay broke: what the way brought in its place it will not bring any more.</summary>
    public void RelayBroke() => came = taken;

    /// <summary>How much of what was on the relay is delivered, to be told to them.</summary>
    public uint Tell()
    {
        IsTold = true;
        return restAt = taken;
    }

    /// <summary>So many that were on the relay, behind those that we told of, come over the way now.</summary>
    public void BeginRest(uint count)
    {
        if (!IsTold || hasBegunRest)
        {
            throw new ProtocolException("What was not asked for was given.");
        }

        hasBegunRest = true;
        Rest = count;
    }

    /// <summary>Counts one of them. False: the relay has brought it already.</summary>
    public bool IsNewFromWay()
    {
        Rest--;
        bool isNew = ++restAt > taken;
        taken = isNew ? restAt : taken;
        return isNew;
    }
}
