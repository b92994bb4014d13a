using System.Collections.Concurrent;
using Alongside.Net.Relay;
using Alongside.Server.Health;

namespace Alongside.Server.Relay;

/// <summary>
/// What waits in all outboxes together, and what happens when that is too much. A window bounds one pair, but a source with many sockets
/// has thousands of pairs. So over <see cref="ServerSettings.RelayMemory"/> whoever answers for most (<see cref="Outbox.Charge"/>) loses its connection and with it
/// all that waits for it, and of it; its member may come back. It is looked for at the source that answers for most: somebody who opens many
/// sockets and reads none of them, or floods somebody with all of them, pays before a slow reader elsewhere.
///
/// Blocks are counted, not bytes of payload: they are what is allocated, with every entry and every half-empty end.
/// </summary>
public sealed class RelayMemory(ServerSettings settings, RelayCounters counters, ILogger<RelayMemory> log)
{
    private readonly long most = settings.RelayMemory / BlockPool.BlockSize;
    private readonly ConcurrentDictionary<RelaySocket, byte> sockets = new();
    private readonly Lock relieving = new();
    private long blocks;

    /// <summary>Keeps 8 MiB of buffers between busy moments.</summary>
    public BlockPool Pool { get; } = new(keep: 128);

    /// <summary>Bytes that are taken up.</summary>
    public long Bytes => Volatile.Read(ref blocks) * BlockPool.BlockSize;

    public bool IsOver => Volatile.Read(ref blocks) > most;

    /// <summary>All there are, but for those that were dropped.</summary>
    public IEnumerable<RelaySocket> Sockets => sockets.Keys;

    public void Came(RelaySocket socket) => sockets.TryAdd(socket, 0);

    public void Went(RelaySocket socket) => sockets.TryRemove(socket, out _);

    public void Count(int more) => Interlocked.Add(ref blocks, more);

    /// <summary>Drops one after the other until there is room. Called with no lock held; when somebody is at it already, that is enough.</summary>
    public void Relieve()
    {
        if (!relieving.TryEnter())
        {
            return;
        }

        try
        {
            while (IsOver && Heaviest() is { } socket)
            {
                Went(socket);
                counters.DroppedFull();
                log.DroppedFull(settings.RelayMemory >> 20, socket.Blocks * BlockPool.BlockSize >> 10);
                socket.Drop();
            }
        }
        finally
        {
            relieving.Exit();
        }
    }

    private RelaySocket? Heaviest()
    {
        RelaySocket[] all = [.. sockets.Keys];
        var charged = all.ToDictionary(socket => socket, _ => 0);
        foreach (var socket in all)
        {
            socket.Outbox.Charge(socket, charged);
        }

        return charged
            .Where(pair => pair.Value > 0)
            .GroupBy(pair => pair.Key.Source)
            .MaxBy(source => source.Sum(pair => pair.Value))?
            .MaxBy(pair => pair.Value).Key;
    }
}

/// <summary>The blocks of one outbox, counted there and for all. Changed under the outbox's lock, read without.</summary>
public sealed class Holding(RelayMemory memory) : IBlockSource
{
    private volatile int blocks;
    private bool forgotten;

    public int Blocks => blocks;

    public Block Rent()
    {
        Add(1);
        return memory.Pool.Rent();
    }

    public void Return(Block block)
    {
        Add(-1);
        memory.Pool.Return(block);
    }

    /// <summary>The socket is gone. One block may still be with it for a moment; it does not count any more.</summary>
    public void Forget()
    {
        Add(-blocks);
        forgotten = true;
    }

    private void Add(int more)
    {
        if (!forgotten)
        {
            blocks += more;
            memory.Count(more);
        }
    }
}
