using Alongside.Core.Wire;

namespace Alongside.Vnc.Wire;

/// <summary>
/// Bytes of a stream that came in pieces of any size and are not read yet. A parser looks at <see cref="Unread"/>, and when a message is
/// whole consumes it; when it is not, waits for more. Owns its memory; the span is valid until the next call.
/// </summary>
/// <param name="limit">More unread bytes than this are the peer's mistake.</param>
/// <param name="kept">Memory that is not given back when all has been read.</param>
internal sealed class DripBuffer(int limit, int kept = 64 * 1024)
{
    private byte[] bytes = new byte[4096];
    private int start;
    private int end;

    public int Count => end - start;

    public ReadOnlySpan<byte> Unread => bytes.AsSpan(start, Count);

    /// <exception cref="ProtocolException">There would be more than the limit.</exception>
    public void Append(ReadOnlySpan<byte> more)
    {
        if (more.Length > limit - Count)
        {
            throw new ProtocolException($"A message of more than {limit} bytes came.");
        }

        if (more.Length > bytes.Length - end)
        {
            MakeRoom(more.Length);
        }

        more.CopyTo(bytes.AsSpan(end));
        end += more.Length;
    }

    public void Consume(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        start += count;
        if (start == end)
        {
            start = end = 0;

            // One large message must not keep its memory for the rest of a session.
            if (bytes.Length > kept)
            {
                bytes = new byte[kept];
            }
        }
    }

    private void MakeRoom(int more)
    {
        int needed = Count + more;
        var into = needed <= bytes.Length ? bytes : new byte[Math.Max(needed, Math.Min(bytes.Length * 2, limit))];
        Unread.CopyTo(into);
        (end, start, bytes) = (Count, 0, into);
    }
}
