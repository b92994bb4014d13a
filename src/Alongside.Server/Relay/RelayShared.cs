using Alongside.Core.Relay;
using Alongside.Net.Relay;
using Alongside.Server.Health;
using Alongside.Server.Rooms;

namespace Alongside.Server.Relay;

/// <summary>What all sockets of the relay have in common.</summary>
public sealed class RelayShared(ServerSettings settings, RoomKeeper rooms, RelayCounters counters, RelayMemory memory, TimeProvider time)
{
    private long order;
    private volatile bool draining;

    public ServerSettings Settings { get; } = settings;

    public RoomKeeper Rooms { get; } = rooms;

    public RelayCounters Counters { get; } = counters;

    public TimeProvider Time { get; } = time;

    public RelayMemory Memory { get; } = memory;

    public BlockPool Pool => Memory.Pool;

    /// <summary>A socket is there. While the server stops it is sent away at once.</summary>
    public void Came(RelaySocket socket)
    {
        Memory.Came(socket);
        if (draining)
        {
            socket.Close(RelayClose.Restart);
        }
    }

    /// <summary>The server stops: everybody is sent away to come back soon, whether they are in a room or not yet.</summary>
    public void Drain()
    {
        draining = true;
        foreach (var socket in Memory.Sockets)
        {
            socket.Close(RelayClose.Restart);
        }
    }

    public long NextOrder() => Interlocked.Increment(ref order);
}
