using Alongside.Core.Relay;
using Alongside.Net.Relay;

namespace Alongside.Server.Relay;

/// <summary>
/// What is underway from one sender's socket to one receiver's, in order. Made at the first payload between the two, gone with either
/// socket; guarded by the lock of the receiver's <see cref="Outbox"/>.
///
/// Every receiver has a copy of its own. A buffer shared between receivers would let one byte for a slow one hold a whole buffer that
/// no window counts; a copy costs microseconds. Its window bounds its payload, and <see cref="MostBlocks"/> what that costs; what all flows cost
/// together, entries and half-empty blocks included, is bounded by <see cref="RelayMemory"/>.
/// </summary>
public sealed class Flow(RelaySocket from, RelaySocket to, IBlockSource pool, int limit)
{
    public RelaySocket From { get; } = from;

    public RelaySocket To { get; } = to;

    public ushort Sender { get; } = from.Seat!.Id;

    /// <summary>Payload bytes that may be underway, at most.</summary>
    public int Limit { get; } = limit;

    /// <summary>Blocks that its messages may take up before another is begun: twice its window, so that messages of a bit more than half a block have room, and not the sixteen times of messages
    /// of one byte.</summary>
    public int MostBlocks { get; } = (2 * limit / BlockPool.BlockSize) + 3;

    public MessageQueue Messages { get; } = new(pool);

    /// <summary>Payload bytes taken from the sender and not yet handed to the receiver's socket.</summary>
    public int Underway { get; set; }

    /// <summary>Payload bytes handed over that the sender has not been told of.</summary>
    public int Owed { get; set; }

    /// <summary>One of the two sockets is gone: what still comes is dropped.</summary>
    public bool Closed { get; set; }

    /// <summary>`left` of the sender, to be said after its last payload.</summary>
    public ServerSignal? Epitaph { get; set; }
}
