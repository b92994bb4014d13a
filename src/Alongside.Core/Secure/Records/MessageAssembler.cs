using System.Buffers;
using Alongside.Core.Wire;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// Puts one channel's messages together from records. Grows as records arrive, never ahead of them and never beyond the budget. Buffers
/// come from the shared pool; a finished one belongs to whoever took it.
/// </summary>
internal sealed class MessageAssembler(int budget) : IDisposable
{
    private byte[]? buffer;
    private int length;

    /// <summary>Nothing of a message has arrived yet.</summary>
    public bool IsEmpty => length == 0;

    /// <exception cref="ProtocolException">Over the budget, or a record without content that ends nothing.</exception>
    public void CheckBudget(int added, bool end)
    {
        if (added == 0 && !end)
        {
            throw new ProtocolException("A record carried nothing.");
        }

        if (added > budget - length)
        {
            throw new ProtocolException($"A message was longer than the {budget} bytes its channel allows.");
        }
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        var needed = length + content.Length;
        if (buffer is null || buffer.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, (int)Math.Min(2L * length, budget)));
            buffer.AsSpan(0, length).CopyTo(larger);
            Release();
            buffer = larger;
        }

        content.CopyTo(buffer.AsSpan(length));
        length = needed;
    }

    /// <summary>Hands the message over; the receiver returns the array to the shared pool.</summary>
    public byte[] Take(out int messageLength)
    {
        var taken = buffer ?? ArrayPool<byte>.Shared.Rent(1);
        messageLength = length;
        (buffer, length) = (null, 0);
        return taken;
    }

    public void Dispose()
    {
        Release();
        length = 0;
    }

    private void Release()
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = null;
        }
    }
}
