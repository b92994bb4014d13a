using Alongside.Core.Relay;
using Alongside.Server.Limits;
using Alongside.Server.Relay;

namespace Alongside.Server.Rooms;

/// <summary>
/// One room in memory. Changed by the <see cref="RoomKeeper"/> under its lock; <see cref="Find"/> and <see cref="WasMember"/> are read by
/// the relay without one, from a list that is replaced and never changed.
/// </summary>
public sealed class Room(string id, ushort opener, Budget joins)
{
    /// <summary>Guarded by the keeper's lock.</summary>
    public Budget Joins = joins;
    private volatile Seat[] seats = [];
    private volatile int nextMember = 1;

    public string Id { get; } = id;

    /// <summary>The member that made it. Its seat may be gone; its id is not used again.</summary>
    public ushort Opener { get; } = opener;

    public int NextMember
    {
        get => nextMember;
        set => nextMember = value;
    }

    public string? Number { get; set; }

    /// <summary>When its number was given to it; times are since the process began.</summary>
    public TimeSpan NumberSince { get; set; }

    public TimeSpan NumberLapses { get; set; }

    /// <summary>Somebody came, or wanted to come, by its number.</summary>
    public bool NumberWasUsed { get; set; }

    /// <summary>The number lapsed while its opener was away, who is to be told.</summary>
    public bool LapsedUntold { get; set; }

    /// <summary>A new number is wanted, and not told yet.</summary>
    public bool WantsNumber { get; set; }

    /// <summary>One is being looked for.</summary>
    public bool IsRenewing { get; set; }

    /// <summary>Since when the opener is not here; null while it is.</summary>
    public TimeSpan? OpenerAway { get; set; }

    public bool Ended { get; set; }

    public IReadOnlyList<Seat> Seats => seats;

    public Seat? Find(ushort member)
    {
        foreach (var seat in seats)
        {
            if (seat.Id == member)
            {
                return seat;
            }
        }

        return null;
    }

    /// <summary>
    /// A helper opened it, and no host is here. Anybody who hits upon a number may call themselves a host; in a host's own room they are none, nor beside
    /// one that is here. One that is away keeps its place, and does not keep out the same program started anew.
    /// </summary>
    public bool LacksHost => Find(Opener) is { Role: MemberRole.Viewer } && !Array.Exists(seats, seat => seat is { Role: MemberRole.Host, Socket: not null });

    public bool WasMember(ushort member) => member != 0 && member < nextMember;

    public void Add(Seat seat) => seats = [.. seats, seat];

    public void Remove(Seat seat) => seats = [.. seats.Where(other => other != seat)];
}

/// <summary>A member's place in a room.</summary>
public sealed class Seat(ushort id, MemberRole role, byte[] tokenHash)
{
    private volatile RelaySocket? socket;

    public ushort Id { get; } = id;

    public MemberRole Role { get; } = role;

    public byte[] TokenHash { get; } = tokenHash;

    /// <summary>The socket it is here with; null while it is away.</summary>
    public RelaySocket? Socket
    {
        get => socket;
        set => socket = value;
    }

    /// <summary>Since when it is away. No meaning while it is here.</summary>
    public TimeSpan AwaySince { get; set; }

    /// <summary>When it was last told of TURN servers, if there are any. No meaning while it is away.</summary>
    public TimeSpan LentAt { get; set; }
}
