using System.Buffers;
using Alongside.Core.Wire;

namespace Alongside.Core.Link;

/// <summary>What comes over the way: parts become payloads, payloads wait for the other side's `over`, and are counted.</summary>
internal sealed partial class PathSwitch
{
    /// <exception cref="ProtocolException">Not what a link says.</exception>
    public void HandleDirect(long now, int number, ReadOnlySpan<byte> message)
    {
        if (number != way || way == 0 || saidBack)
        {
            return;
        }

        Opened(now, number);
        heardAt = now;
        hasHeard = true;
        switch (message.IsEmpty ? (byte)0 : message[0])
        {
            case 0x20 or 0x21:
                Require(message.Length <= LinkMessage.MaxOnChannel && wholeLength == 0, "A payload came in the middle of another.");
                Receive(now, message);
                break;
            case LinkMessage.Part:
                Append(message[1..]);
                break;
            case LinkMessage.LastPart:
                Append(message[1..]);
                Require(whole[0] is 0x20 or 0x21, "What came in parts was no record.");
                int length = wholeLength;
                wholeLength = 0;
                Receive(now, whole.AsSpan(0, length));
                break;
            case LinkMessage.Kind:
                HandleWord(now, LinkMessage.Read(message));
                break;
            default:
                throw new ProtocolException("Something came over a way that is no part of a link.");
        }

        Flush(now);
    }

    private void HandleWord(long now, LinkMessage said)
    {
        Require(said.Way == way, "A way said something of another.");
        switch (said.Word)
        {
            case LinkWord.Heard:
                Count(now, said.Count);
                break;
            case LinkWord.Over:
                marks.AwaitOver(now);
                break;
            case LinkWord.Came:
                GiveRest(now, said.Count);
                break;
            case LinkWord.Rest:
                BeginRest(now, said.Count);
                break;
            default:
                throw new ProtocolException("A way said what is said on the relay.");
        }
    }

    private void Receive(long now, ReadOnlySpan<byte> payload)
    {
        if (marks.Rest > 0)
        {
            ReceiveRest(now, payload);
            return;
        }

        int number = way;
        received = checked(received + 1);
        uncountedBytes += payload.Length;
        countAt = Math.Min(countAt, uncountedBytes >= CountBytes ? now : now + CountTime);
        if (takes)
        {
            owner.Deliver(now, member, payload);
        }
        else
        {
            Require(early.Bytes + payload.Length <= Math.Max(fullWindow, MostEarly), "More than a window came before its turn.");
            early.Add(payload);
            marks.AwaitOver(now);
        }

        if (countAt <= now && way == number && !saidBack)
        {
            SayHeard(now);
        }
    }

    private void TheyTookTheWay(long now, int number)
    {
        takes = true;
        while (early.Count > 0 && way == number)
        {
            // Out of the store first: what is delivered may end the session, and the store with it.
            var (buffer, length) = early.TakeFirst();
            owner.Deliver(now, member, buffer.AsSpan(0, length));
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Flush(now);
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        Require(part.Length is > 0 and < LinkMessage.MaxOnChannel && wholeLength + part.Length <= MaxPayload, "A payload in parts was longer than any is.");
        if (whole.Length == 0)
        {
            whole = GC.AllocateUninitializedArray<byte>(MaxPayload);
        }

        part.CopyTo(whole.AsSpan(wholeLength));
        wholeLength += part.Length;
    }

    private void SayHeard(long now)
    {
        saidAt = now;
        uncountedBytes = 0;
        countAt = long.MaxValue;
        if (!TrySayOn(new(LinkWord.Heard, way, received)))
        {
            Fail(now, way, "The channel took no more.");
        }
        else if (takes && marks.Theirs == way && !marks.IsTold)
        {
            SayCame(now);
        }
    }
}
