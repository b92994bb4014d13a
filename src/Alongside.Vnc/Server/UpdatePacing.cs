using System.Buffers.Binary;

namespace Alongside.Vnc.Server;

/// <summary>
/// How much a viewer with continuous updates is sent before it has taken what it got. A fence follows each update, or a few small ones; the time until it comes
/// back, compared with the shortest seen, tells how much waits on the way. Half of what was too much is given up, and what was well used grows again.
/// </summary>
internal sealed class UpdatePacing
{
    public const int PayloadLength = 4;
    private const int MaxUnderway = 32;

    /// <summary>Updates that one fence is enough for, in bytes and in number: so little does not fill a way, and a fence is an eighth of a typed letter.</summary>
    private const int FencedBytes = 1024, FencedUpdates = 8;
    private const long LeastWindow = 32 * 1024, MostWindow = 8 * 1024 * 1024;

    /// <summary>Delay on the way that is nobody's queue: a viewer that paints, a radio that sleeps. In microseconds.</summary>
    private const long Jitter = 25_000;

    /// <summary>The shortest time is forgotten after one to two of these, in microseconds: paths change.</summary>
    private const long Memory = 10_000_000;

    private readonly Queue<(uint Number, long At, int Bytes)> underway = new(MaxUnderway);
    private uint last;
    private long underwayBytes;
    private (int Bytes, int Updates) unfenced;
    private long window = 256 * 1024;
    private long shortest = long.MaxValue;
    private long shortestBefore = long.MaxValue;
    private long memoryUntil;

    public bool IsOpen => underway.Count == 0 || (underwayBytes < window && underway.Count < MaxUnderway);

    /// <summary>An update was written. True: a fence with this payload follows it.</summary>
    public bool HasSent(long now, int bytes, out uint payload)
    {
        unfenced = (unfenced.Bytes + bytes, unfenced.Updates + 1);
        payload = last + 1;
        if (unfenced.Bytes < FencedBytes && unfenced.Updates < FencedUpdates)
        {
            return false;
        }

        underway.Enqueue((++last, now, unfenced.Bytes));
        underwayBytes += unfenced.Bytes;
        unfenced = default;
        return true;
    }

    /// <summary>A fence came back. What is not one of ours is ignored.</summary>
    public void HasReturned(long now, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != PayloadLength)
        {
            return;
        }

        uint number = BinaryPrimitives.ReadUInt32BigEndian(payload);
        if (underway.Count == 0 || number - underway.Peek().Number > last - underway.Peek().Number)
        {
            return;
        }

        long delay = 0, before = underwayBytes;
        while (underway.Count > 0 && underway.Peek().Number != number + 1)
        {
            var sent = underway.Dequeue();
            underwayBytes -= sent.Bytes;
            delay = now - sent.At;
        }

        if (now >= memoryUntil)
        {
            (memoryUntil, shortestBefore, shortest) = (now + Memory, shortest, long.MaxValue);
        }

        shortest = Math.Min(shortest, delay);
        long calm = Math.Min(shortest, shortestBefore);
        if (delay > (2 * calm) + Jitter)
        {
            window = Math.Max(LeastWindow, window / 2);
        }
        else if (before >= window / 2)
        {
            window = Math.Min(MostWindow, window + (window / 4));
        }
    }
}
