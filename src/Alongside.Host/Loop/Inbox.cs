using System.Buffers;
using Alongside.Core.Codec;
using Alongside.Core.Pixels;

namespace Alongside.Host.Loop;

/// <summary>
/// Everything that wants the loop's attention, from any thread. What has an order is a queue (payloads, answers); what is state is kept as the newest
/// (damage, cursor). A relay that brings more than the loop takes is made to wait, so that the memory here is bounded.
/// </summary>
internal sealed class Inbox
{
    private const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>More than this between two turns are hints of nothing any more.</summary>
    private const int MaxMotions = 64;

    private readonly object gate = new();
    private readonly Queue<Item> items = new();
    private readonly DamageRegion damage = new();
    private readonly List<Motion> motions = [];
    private CursorImage? cursor;
    private (int X, int Y)? pointer;
    private int bytes;
    private bool rung;
    private bool closed;

    /// <summary>Does this on the loop's thread, in its turn, with the time; never, when the loop has ended.</summary>
    public void Post(Action<long> what)
    {
        lock (gate)
        {
            if (!closed)
            {
                items.Enqueue(new(what, null, 0, 0, 0));
                Ring();
            }
        }
    }

    /// <summary>A payload of a member; copied. Waits while the loop is far behind.</summary>
    public void PostPayload(ushort member, ReadOnlySpan<byte> payload)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        lock (gate)
        {
            while (bytes > MaxBytes && !closed)
            {
                Monitor.Wait(gate);
            }

            if (closed)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return;
            }

            bytes += payload.Length;
            items.Enqueue(new(null, buffer, payload.Length, member, 0));
            Ring();
        }
    }

    /// <summary>A message that came over a direct way; copied. Never waits: who calls holds what the loop sends through.</summary>
    /// <returns>False: the loop is too far behind, and nothing was kept.</returns>
    public bool TryPostDirect(ushort member, int way, ReadOnlySpan<byte> message)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(buffer);
        lock (gate)
        {
            if (bytes > 2 * MaxBytes || closed)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                return false;
            }

            bytes += message.Length;
            items.Enqueue(new(null, buffer, message.Length, member, way));
            Ring();
            return true;
        }
    }

    public void PostDamage(PixelRect area)
    {
        lock (gate)
        {
            damage.Add(area);
            Ring();
        }
    }

    /// <summary>Does not wake the loop: the damage that comes behind it does.</summary>
    public void PostMotion(Motion motion)
    {
        lock (gate)
        {
            if (motions.Count < MaxMotions)
            {
                motions.Add(motion);
            }
        }
    }

    public void PostCursor(CursorImage image)
    {
        lock (gate)
        {
            cursor = image;
            Ring();
        }
    }

    public void PostPointer(int x, int y)
    {
        lock (gate)
        {
            pointer = (x, y);
            Ring();
        }
    }

    /// <summary>Something may have changed that the loop finds by itself: a window has opened.</summary>
    public void Wake()
    {
        lock (gate)
        {
            Ring();
        }
    }

    /// <summary>The loop has ended: nobody waits for it any more, and what comes is dropped.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits until there is something, at most so long; null: for ever.</summary>
    public void Wait(long? micros)
    {
        lock (gate)
        {
            if (!rung)
            {
                // Rounded up: a deadline that is a little late does its work, one a little early does nothing twice.
                Monitor.Wait(gate, micros is { } limit ? (int)Math.Clamp((limit + 999) / 1000, 1, int.MaxValue) : Timeout.Infinite);
            }

            rung = false;
        }
    }

    /// <summary>The next thing in the queue. A payload's buffer goes back by <see cref="Return"/>.</summary>
    public bool TryTake(out Item item)
    {
        lock (gate)
        {
            if (!items.TryDequeue(out item))
            {
                return false;
            }

            bytes -= item.Length;
            if (item.Buffer is not null && bytes <= MaxBytes)
            {
                Monitor.PulseAll(gate);
            }

            return true;
        }
    }

    /// <summary>What the screen and the pointer did since the last call. Damage and motions are moved to <paramref name="into"/> and <paramref name="moved"/>.</summary>
    public void TakeState(DamageRegion into, List<Motion> moved, out CursorImage? image, out (int X, int Y)? at)
    {
        lock (gate)
        {
            into.Clear();
            into.Add(damage);
            damage.Clear();
            moved.Clear();
            moved.AddRange(motions);
            motions.Clear();
            (image, at) = (cursor, pointer);
            (cursor, pointer) = (null, null);
        }
    }

    /// <summary>A layout makes damage and pointer of the one before meaningless.</summary>
    public void ForgetDamage()
    {
        lock (gate)
        {
            damage.Clear();
            motions.Clear();
        }
    }

    public static void Return(Item item) => ArrayPool<byte>.Shared.Return(item.Buffer!);

    private void Ring()
    {
        rung = true;
        Monitor.PulseAll(gate);
    }

    /// <summary>Either something to do, or what came from a member: a payload by the relay, or with a way a message over that.</summary>
    internal readonly record struct Item(Action<long>? Act, byte[]? Buffer, int Length, ushort Member, int Way);
}
