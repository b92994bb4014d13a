using System.Buffers;

namespace Alongside.Core.Link;

/// <summary>Payloads in their order, copied: those that were sent over a way and not counted by the other side yet, or that came before their turn. Buffers come from the shared pool.</summary>
internal sealed class KeptPayloads
{
    private readonly Queue<(byte[] Buffer, int Length)> payloads = new();

    public int Count => payloads.Count;

    public int Bytes { get; private set; }

    public void Add(ReadOnlySpan<byte> payload)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        payloads.Enqueue((buffer, payload.Length));
        Bytes += payload.Length;
    }

    /// <summary>The oldest; there is one.</summary>
    public ReadOnlySpan<byte> First => payloads.Peek() is var (buffer, length) ? buffer.AsSpan(0, length) : default;

    public void DropFirst()
    {
        var (buffer, length) = payloads.Dequeue();
        Bytes -= length;
        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>The oldest, whose buffer the caller gives back.</summary>
    public (byte[] Buffer, int Length) TakeFirst()
    {
        var first = payloads.Dequeue();
        Bytes -= first.Length;
        return first;
    }

    public void Clear()
    {
        while (payloads.Count > 0)
        {
            DropFirst();
        }
    }
}
