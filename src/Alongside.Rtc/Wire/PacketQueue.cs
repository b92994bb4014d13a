namespace Alongside.Rtc.Wire;

/// <summary>
/// Packets that wait to be sent, in order, each with where it goes. They lie one after another in one buffer that grows to its limit and is used
/// again: nothing is allocated once it has the size it needs. What comes over the limit is dropped, as a full network would do.
/// </summary>
/// <typeparam name="T">Where a packet goes.</typeparam>
internal sealed class PacketQueue<T>(int maxBytes)
    where T : IEquatable<T>
{
    private readonly Queue<(T To, int Length)> entries = new();
    private byte[] buffer = [];
    private int begin;
    private int end;

    public bool IsEmpty => entries.Count == 0;

    /// <summary>Packets that found no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>Room for a packet of at most <paramref name="most"/> bytes, to be filled and given to <see cref="Commit"/>; empty when there is none.</summary>
    public Span<byte> Reserve(int most)
    {
        if (entries.Count == 0)
        {
            begin = end = 0;
        }

        if (end + most > buffer.Length)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            end -= begin;
            begin = 0;
            if (end + most > buffer.Length)
            {
                if (end + most > maxBytes)
                {
                    Dropped++;
                    return default;
                }

                Array.Resize(ref buffer, Math.Min(maxBytes, Math.Max(buffer.Length * 2, end + most)));
            }
        }

        return buffer.AsSpan(end, most);
    }

    /// <summary>The packet begun with <see cref="Reserve"/> has <paramref name="length"/> bytes.</summary>
    public void Commit(T to, int length)
    {
        end += length;
        entries.Enqueue((to, length));
    }

    public void Add(T to, ReadOnlySpan<byte> packet)
    {
        var room = Reserve(packet.Length);
        if (room.Length == packet.Length)
        {
            packet.CopyTo(room);
            Commit(to, packet.Length);
        }
    }

    /// <summary>
    /// The next packet and those behind it that go to the same place and are as long, the last of them perhaps shorter: they lie one after another.
    /// </summary>
    /// <param name="most">So many of them, at least one.</param>
    /// <param name="packets">Valid until the queue is added to.</param>
    /// <param name="each">How long each is, but for the last.</param>
    public bool TryTakeRun(int most, out T to, out ReadOnlySpan<byte> packets, out int each)
    {
        int start = begin;
        if (!TryTake(out to, out packets))
        {
            each = 0;
            return false;
        }

        each = packets.Length;
        int length = each;
        while (--most > 0 && entries.TryPeek(out var next) && next.Length <= each && next.To.Equals(to))
        {
            entries.Dequeue();
            length += next.Length;
            if (next.Length < each)
            {
                break;
            }
        }

        begin = start + length;
        packets = buffer.AsSpan(start, length);
        return true;
    }

    /// <param name="packet">Valid until the queue is added to.</param>
    public bool TryTake(out T to, out ReadOnlySpan<byte> packet)
    {
        if (!entries.TryDequeue(out var entry))
        {
            to = default!;
            packet = default;
            return false;
        }

        to = entry.To;
        packet = buffer.AsSpan(begin, entry.Length);
        begin += entry.Length;
        return true;
    }
}
