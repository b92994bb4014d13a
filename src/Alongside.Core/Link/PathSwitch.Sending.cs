namespace Alongside.Core.Link;

/// <summary>What leaves over the way, kept until it is counted there, and the words on both paths.</summary>
internal sealed partial class PathSwitch
{
    /// <summary>Sends a payload over the way; it has room there.</summary>
    public void SendDirect(long now, ReadOnlySpan<byte> payload)
    {
        if (kept.Count == 0)
        {
            progressAt = Math.Max(progressAt, now);
        }

        kept.Add(payload);
        sent++;
        if (!TrySendPieces(payload))
        {
            Fail(now, way, "The channel took no more.");
        }
    }

    private void Count(long now, uint count)
    {
        Require(count >= counted && count <= sent, "A way was said to have brought what it was not given.");
        if (count > counted)
        {
            progressAt = Math.Max(progressAt, now);
            Drop(count);
        }
    }

    private void Drop(uint count)
    {
        for (; counted < count; counted++)
        {
            kept.DropFirst();
        }
    }

    private bool TrySendPieces(ReadOnlySpan<byte> payload)
    {
        if (payload.Length <= LinkMessage.MaxOnChannel)
        {
            return TrySendOn(payload);
        }

        if (piece.Length == 0)
        {
            piece = GC.AllocateUninitializedArray<byte>(LinkMessage.MaxOnChannel);
        }

        while (!payload.IsEmpty)
        {
            int length = Math.Min(payload.Length, LinkMessage.MaxOnChannel - 1);
            piece[0] = length == payload.Length ? LinkMessage.LastPart : LinkMessage.Part;
            payload[..length].CopyTo(piece.AsSpan(1));
            payload = payload[length..];
            if (!TrySendOn(piece.AsSpan(0, 1 + length)))
            {
                return false;
            }
        }

        return true;
    }

    private bool TrySendOn(ReadOnlySpan<byte> message) => ways?.TrySend(member, way, message) == true;

    private bool TrySayOn(LinkMessage message) => TrySendOn(word.AsSpan(0, message.Write(word)));

    private bool TrySay(LinkMessage message) => relay.TrySend([member], word.AsSpan(0, message.Write(word)));
}
