using Alongside.Core.Session;

namespace Alongside.Core.Link;

/// <summary>
/// The path of a session, made of two: the relay, and a direct way to each member that has one. Who sends through it sees windows and one order, as with the relay alone.
/// What many are sent at once leaves once on the relay, for those who are there, and over the ways of the others.
/// </summary>
/// <param name="leads">It is the host's.</param>
internal sealed class SwitchedPath(IPath relay, IDirectWays? ways, ILinkOwner owner, bool leads) : IPath
{
    private readonly Dictionary<ushort, PathSwitch> switches = [];

    /// <summary>The time of what happens now, in microseconds: sending has none of its own.</summary>
    public long Now { get; set; }

    public PathSwitch Of(ushort member)
    {
        if (!switches.TryGetValue(member, out var found))
        {
            switches.Add(member, found = new(member, relay, ways, owner, leads));
        }

        return found;
    }

    public void Forget(ushort member)
    {
        if (switches.Remove(member, out var forgotten))
        {
            forgotten.Reset(Now);
        }
    }

    public int Window(ushort member) => switches.TryGetValue(member, out var found) ? found.Window : relay.Window(member);

    public bool TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload)
    {
        // A handshake is what a path is found by; it stays on the relay.
        if (payload[0] < 0x20)
        {
            return relay.TrySend(to, payload);
        }

        Span<ushort> relayed = stackalloc ushort[to.Length];
        int count = 0;
        foreach (ushort member in to)
        {
            bool isDirect = switches.TryGetValue(member, out var found) && found.Sends;
            if (found is not null && found.Window < payload.Length)
            {
                return false;
            }

            if (!isDirect)
            {
                relayed[count++] = member;
            }
        }

        if (count > 0 && !relay.TrySend(relayed[..count], payload))
        {
            return false;
        }

        foreach (ushort member in relayed[..count])
        {
            if (switches.TryGetValue(member, out var found))
            {
                found.Relayed(payload);
            }
        }

        if (count < to.Length)
        {
            foreach (ushort member in to)
            {
                if (!relayed[..count].Contains(member))
                {
                    switches[member].SendDirect(Now, payload);
                }
            }
        }

        return true;
    }

    public void Tick(long now)
    {
        Now = now;
        foreach (var each in switches.Values)
        {
            each.Tick(now);
        }
    }

    public long? NextDeadline
    {
        get
        {
            long? next = null;
            foreach (var each in switches.Values)
            {
                next = each.NextDeadline is { } due && (next is null || due < next) ? due : next;
            }

            return next;
        }
    }
}
