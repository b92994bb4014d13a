using Alongside.Net.Relay;
using Alongside.Server.Health;
using Alongside.Server.Rooms;

namespace Alongside.Server.Relay;

/// <summary>What all sockets of the relay have in common.</summary>
public sealed class RelayShared(ServerSettings settings, RoomKeeper rooms, RelayCounters counters, TimeProvider time)
{
    private long order;

    public ServerSettings Settings { get; } = settings;

    public RoomKeeper Rooms { get; } = rooms;

    public RelayCounters Counters { get; } = counters;

    public TimeProvider Time { get; } = time;

    /// <summary>Keeps 8 MiB of buffers between busy moments.</summary>
    public BlockPool Pool { get; } = new(keep: 128);

    public long NextOrder() => Interlocked.Increment(ref order);
}
