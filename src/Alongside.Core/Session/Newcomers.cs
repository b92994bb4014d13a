namespace Alongside.Core.Session;

/// <summary>
/// Members of the room, and whether they have proven that they know its code or link: whoever hits upon a number comes in without. How often each may begin a handshake, which
/// costs the host's one thread a millisecond, and until when somebody has to have finished one. Times are microseconds.
/// </summary>
internal sealed class Newcomers
{
    /// <summary>From arriving to the end of a handshake. Whether the person then allows anything has all the time it takes.</summary>
    public const long ProveTime = 30_000_000;

    /// <summary>More than a room has; who comes beyond is not heard.</summary>
    private const int Most = 1_024;

    private readonly Dictionary<ushort, Newcomer> members = [];

    /// <summary>When <see cref="TryTakeLate"/> has somebody.</summary>
    public long? NextDeadline { get; private set; }

    /// <summary>Somebody came in or came back, which begins nothing anew.</summary>
    public void Arrived(long now, ushort member) => Of(now, member);

    /// <summary>A Hello came. False: it is one too many, and passed by.</summary>
    public bool MayBegin(long now, ushort member) => Of(now, member) is { } known && known.Hellos.TryTake(now);

    /// <summary>They were refused for no fault of theirs: their time begins anew.</summary>
    public void Waits(long now, ushort member)
    {
        if (members.TryGetValue(member, out var known) && known.Until is not null)
        {
            known.Until = now + ProveTime;
            Look();
        }
    }

    public void Proven(ushort member)
    {
        if (members.TryGetValue(member, out var known))
        {
            known.Until = null;
            Look();
        }
    }

    /// <summary>Who may come back is remembered as they were.</summary>
    public void Left(ushort member, bool gone)
    {
        if (gone)
        {
            members.Remove(member);
            Look();
        }
    }

    public void Clear()
    {
        members.Clear();
        Look();
    }

    /// <summary>Somebody whose time is over. Each is told of once.</summary>
    public bool TryTakeLate(long now, out ushort member)
    {
        foreach (var (id, known) in members)
        {
            if (known.Until <= now)
            {
                member = id;
                known.Until = null;
                Look();
                return true;
            }
        }

        member = 0;
        return false;
    }

    private Newcomer? Of(long now, ushort member)
    {
        if (!members.TryGetValue(member, out var known) && members.Count < Most)
        {
            members[member] = known = new() { Until = now + ProveTime };
            Look();
        }

        return known;
    }

    private void Look() => NextDeadline = members.Values.Min(known => known.Until);

    private sealed class Newcomer
    {
        /// <summary>Not read-only: a bucket is a value that changes.</summary>
        public RateLimit Hellos = new(burst: 5, perSecond: 1);

        /// <summary>Null: they have proven it, or have been told of.</summary>
        public long? Until { get; set; }
    }
}
