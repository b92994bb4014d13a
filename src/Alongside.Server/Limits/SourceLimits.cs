namespace Alongside.Server.Limits;

/// <summary>What each source may do: sockets at a time, rooms and joins in a minute. A source that is quiet is forgotten.</summary>
public sealed class SourceLimits(ServerSettings settings, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Source, Use> uses = [];

    /// <summary>Counts a socket in; <see cref="CloseSocket"/> counts it out, when this said yes.</summary>
    public bool TryOpenSocket(Source source)
    {
        lock (gate)
        {
            var use = UseOf(source);
            if (use.Sockets >= settings.SocketsPerSource)
            {
                return false;
            }

            use.Sockets++;
            return true;
        }
    }

    public void CloseSocket(Source source)
    {
        lock (gate)
        {
            UseOf(source).Sockets--;
        }
    }

    /// <summary>A room or a number.</summary>
    public bool TryTakeRoom(Source source)
    {
        lock (gate)
        {
            return UseOf(source).Rooms.TryTake(time);
        }
    }

    /// <summary>A try to enter a room.</summary>
    public bool TryTakeJoin(Source source)
    {
        lock (gate)
        {
            return UseOf(source).Joins.TryTake(time);
        }
    }

    /// <summary>Whether the log may have a line about this source: one a minute, so that nobody can fill it.</summary>
    public bool TryTell(Source source)
    {
        lock (gate)
        {
            return UseOf(source).Told.TryTake(time);
        }
    }

    /// <summary>Forgets sources that have nothing open and have been quiet for a minute.</summary>
    public void Sweep()
    {
        lock (gate)
        {
            foreach (var (source, use) in uses)
            {
                if (use.Sockets == 0 && use.Rooms.IsFull(time) && use.Joins.IsFull(time) && use.Told.IsFull(time))
                {
                    uses.Remove(source);
                }
            }
        }
    }

    private Use UseOf(Source source)
    {
        if (!uses.TryGetValue(source, out var use))
        {
            uses[source] = use = new Use(settings);
        }

        return use;
    }

    private sealed class Use(ServerSettings settings)
    {
        public Budget Rooms = new(settings.RoomsPerSource);
        public Budget Joins = new(settings.JoinsPerSource);
        public Budget Told = new(1);

        public int Sockets { get; set; }
    }
}
