using System.Buffers.Binary;
using Alongside.Rtc.Sctp.Wire;

namespace Alongside.Rtc.Sctp.Receiving;

// When and what to acknowledge (RFC 9260 6.2): at once when there is a gap, a duplicate or a second packet; else after a short wait for company. "At
// once" means with the next packet the driver asks for: a driver that hands over all its socket held before it asks sends one SACK for all of them.
internal sealed partial class Receiver
{
    private const int MaxDuplicates = 16;

    private readonly uint[] duplicates = new uint[MaxDuplicates];
    private int duplicateCount;
    private bool isSackDue;
    private int packetsUnanswered;
    private bool isPacketCounted;
    private long sackAt = long.MaxValue;
    private long announced = options.ReceiveWindow;

    public long NextTimeout => sackAt;

    public bool IsSackDue => isSackDue;

    /// <summary>A new packet begins: its chunks count as one.</summary>
    public void OnPacket() => isPacketCounted = false;

    public void OnTimeout(long now)
    {
        if (now >= sackAt)
        {
            isSackDue = true;
        }
    }

    public void AskForSack() => isSackDue = true;

    /// <remarks><code>cumulative TSN:u32  window:u32  gaps:u16  duplicates:u16  (start:u16 end:u16)*  duplicate TSN:u32*</code></remarks>
    public void WriteSack(ref PacketWriter packet)
    {
        const int Fixed = 12;
        Span<byte> gaps = stackalloc byte[1024];
        int room = packet.Room - Fixed - (4 * duplicateCount);
        if (room < 0)
        {
            return;
        }

        int count = tsns.WriteGaps(gaps[..Math.Min(gaps.Length, room & ~3)]);
        announced = Math.Max(0, options.ReceiveWindow - Held);
        var value = packet.Add(ChunkType.Sack, 0, Fixed + (4 * (count + duplicateCount)));
        BinaryPrimitives.WriteUInt32BigEndian(value, tsns.Cumulative);
        BinaryPrimitives.WriteUInt32BigEndian(value[4..], (uint)announced);
        BinaryPrimitives.WriteUInt16BigEndian(value[8..], (ushort)count);
        BinaryPrimitives.WriteUInt16BigEndian(value[10..], (ushort)duplicateCount);
        gaps[..(4 * count)].CopyTo(value[Fixed..]);
        value = value[(Fixed + (4 * count))..];
        for (int i = 0; i < duplicateCount; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(value[(4 * i)..], duplicates[i]);
        }

        duplicateCount = 0;
        isSackDue = false;
        packetsUnanswered = 0;
        sackAt = long.MaxValue;
    }

    private void OnArrival(long now, bool immediate)
    {
        if (isPacketCounted)
        {
            isSackDue |= immediate;
            return;
        }

        isPacketCounted = true;
        packetsUnanswered++;
        if (immediate || packetsUnanswered >= 2)
        {
            isSackDue = true;
        }
        else if (sackAt == long.MaxValue)
        {
            sackAt = now + options.SackDelay;
        }
    }

    private void NoteDuplicate(uint tsn)
    {
        isSackDue = true;
        if (duplicateCount < MaxDuplicates)
        {
            duplicates[duplicateCount++] = tsn;
        }
    }

    /// <summary>A peer that was told to stop is told when there is room again.</summary>
    private void OnRead()
    {
        long room = options.ReceiveWindow - Held;
        if (announced < options.ReceiveWindow / 4 && room - announced >= options.ReceiveWindow / 4)
        {
            isSackDue = true;
        }
    }
}
