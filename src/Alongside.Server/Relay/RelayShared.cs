using Alongside.Net.Relay;
using Alongside.Server.Health;
using Alongside.Server.Rooms;

namespace Alongside.Server.Relay;

/// <summary>What all sockets of the relay have in common.</summary>
public sealed class RelayShared(ServerSettings settings, RoomKeeper rooms, RelayCounters counters, RelayMemory memory, TimeProvider time)
{
    private long order;

    public ServerSettings Settings { get; } = settings;

    public RoomKeeper Rooms { get; } = rooms;

    public RelayCounters Counters { get; } = counters;

    public TimeProvider Time { get; } = time;

    public RelayMemory Memory { get; } = memory;

    public BlockPool Pool => Memory.Pool;

    public long NextOrder() => Interlocked.Increment(ref order);
}
