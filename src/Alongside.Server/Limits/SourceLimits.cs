namespace Alongside.Server.Limits;

/// <summary>
/// What each source may do: connections and sockets at a time, rooms and joins in a minute. What it does counts for the networks around it as well, which may do a few times as much
/// (<see cref="Source.Around"/>). A source that is quiet is forgotten.
/// </summary>
public sealed class SourceLimits(ServerSettings settings, TimeProvider time)
{
    /// <summary>Connections beside its WebSockets: pages, downloads, and those on which nothing is said.</summary>
    private const int OtherConnections = 64;

    private readonly Lock gate = new();
    private readonly Dictionary<Source, Use> uses = [];

    /// <summary>Counts a connection of any kind in; <see cref="CloseConnection"/> counts it out, when this said yes.</summary>
    public bool TryOpenConnection(Source source) =>
        TryAll(source, static use => use.Connections < use.MostConnections, static use => use.Connections++);

    public void CloseConnection(Source source) => All(source, static use => use.Connections--);

    /// <summary>Counts a socket in; <see cref="CloseSocket"/> counts it out, when this said yes.</summary>
    public bool TryOpenSocket(Source source) =>
        TryAll(source, static use => use.Sockets < use.MostSockets, static use => use.Sockets++);

    public void CloseSocket(Source source) => All(source, static use => use.Sockets--);

    /// <summary>A room or a number.</summary>
    public bool TryTakeRoom(Source source) => TryAll(source, use => use.Rooms.Has(time), use => use.Rooms.TryTake(time));

    /// <summary>A try to enter a room.</summary>
    public bool TryTakeJoin(Source source) => TryAll(source, use => use.Joins.Has(time), use => use.Joins.TryTake(time));

    /// <summary>Whether the log may have a line about this source: one a minute, so that nobody can fill it.</summary>
    public bool TryTell(Source source) => TryAll(source, use => use.Told.Has(time), use => use.Told.TryTake(time));

    /// <summary>Forgets sources that have nothing open and have been quiet for a minute.</summary>
    public void Sweep()
    {
        lock (gate)
        {
            foreach (var (source, use) in uses)
            {
                if (use.Sockets == 0 && use.Connections == 0 && use.Rooms.IsFull(time) && use.Joins.IsFull(time) && use.Told.IsFull(time))
                {
                    uses.Remove(source);
                }
            }
        }
    }

    /// <summary>Takes one from the source and all networks around it, or from none.</summary>
    private bool TryAll(Source source, Func<Use, bool> has, Action<Use> take)
    {
        lock (gate)
        {
            Use[] around = [.. source.Around().Select(UseOf)];
            if (!Array.TrueForAll(around, use => has(use)))
            {
                return false;
            }

            Array.ForEach(around, take);
            return true;
        }
    }

    private void All(Source source, Action<Use> change)
    {
        lock (gate)
        {
            Array.ForEach([.. source.Around().Select(UseOf)], change);
        }
    }

    private Use UseOf((Source Source, int Times) of)
    {
        if (!uses.TryGetValue(of.Source, out var use))
        {
            uses[of.Source] = use = new Use(settings, of.Times);
        }

        return use;
    }

    private sealed class Use(ServerSettings settings, int times)
    {
        public Budget Rooms = new(settings.RoomsPerSource * times);
        public Budget Joins = new(settings.JoinsPerSource * times);
        public Budget Told = new(times);

        public int MostSockets { get; } = settings.SocketsPerSource * times;

        public int MostConnections { get; } = (settings.SocketsPerSource + OtherConnections) * times;

        public int Sockets { get; set; }

        public int Connections { get; set; }
    }
}
