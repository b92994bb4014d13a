using System.Buffers;

namespace Alongside.Core.Secure.Records;

/// <summary>
/// Messages that wait to be cut into records. They leave in the order they were sent, except that short ones need not wait for a long
/// one (over one record) to end: control, input, feedback and cursor overtake a long message of any other channel; desktop overtakes a
/// long clipboard, which leaves in small pieces, so that what overtakes it need not wait for a large one to pass a thin line. A key that
/// pastes does not overtake the clipboard, or it would paste what was copied before; nor does any input after it. Who says something about
/// a snapshot that must follow it sends it when the snapshot has left.
/// Copies of the messages live in the shared pool until they have left.
/// </summary>
/// <param name="cutsClipboard">False where a path keeps no order, so that nothing is cut.</param>
internal sealed class SendQueue(bool cutsClipboard) : IDisposable
{
    /// <summary>A record's content of a long clipboard, in bytes: a thirtieth of a second of 2 Mbit/s.</summary>
    internal const int ClipboardPiece = 8 * 1024;

    private const int LaneCount = 3;
    private const int ClipboardLane = 2;

    private readonly Queue<Waiting>[] lanes = [new(), new(), new()];
    private readonly Waiting?[] spare = new Waiting?[16];
    private int spares;

    /// <summary>Inputs in the lane of clipboards.</summary>
    private int behind;
    private ulong sequence;

    public long Bytes { get; private set; }

    /// <summary>Of <see cref="Bytes"/>, those of control, input, feedback and cursor.</summary>
    public long SmallBytes { get; private set; }

    /// <summary>Of <see cref="Bytes"/>, those of clipboards.</summary>
    public long ClipboardBytes { get; private set; }

    /// <summary>The next record's channel; of no meaning when nothing waits.</summary>
    public byte NextChannel => IsEmpty ? (byte)0 : lanes[PickLane()].Peek().Channel;

    /// <summary>How much of the next record's content there would be; 0 when nothing waits, or only something empty.</summary>
    public int NextLength
    {
        get
        {
            if (IsEmpty)
            {
                return 0;
            }

            var next = lanes[PickLane()].Peek();
            return Math.Min(Piece(next.Channel), next.Length - next.At);
        }
    }

    public bool IsEmpty => Bytes == 0 && lanes[0].Count == 0 && lanes[1].Count == 0 && lanes[2].Count == 0;

    /// <param name="pastes">An input that follows every clipboard that waits.</param>
    public void Add(byte channel, ReadOnlySpan<byte> message, bool pastes = false)
    {
        bool follows = channel == ChannelBudgets.Input && (pastes ? lanes[ClipboardLane].Count > 0 : behind > 0);
        behind += follows ? 1 : 0;
        var waiting = spares > 0 ? spare[--spares]! : new Waiting();
        waiting.Channel = channel;
        waiting.Buffer = ArrayPool<byte>.Shared.Rent(Math.Max(1, message.Length));
        waiting.Length = message.Length;
        waiting.At = 0;
        waiting.Sequence = sequence++;
        message.CopyTo(waiting.Buffer);
        lanes[follows ? ClipboardLane : Lane(channel)].Enqueue(waiting);
        Bytes += message.Length;
        SmallBytes += Lane(channel) == 0 ? message.Length : 0;
        ClipboardBytes += channel == ChannelBudgets.Clipboard ? message.Length : 0;
    }

    /// <summary>Moves the next record's content to <paramref name="content"/>; false: nothing waits.</summary>
    public bool TryTake(Span<byte> content, out byte channel, out int length, out bool end)
    {
        if (IsEmpty)
        {
            (channel, length, end) = (0, 0, false);
            return false;
        }

        var lane = lanes[PickLane()];
        var waiting = lane.Peek();
        channel = waiting.Channel;
        length = Math.Min(Math.Min(content.Length, Piece(channel)), waiting.Length - waiting.At);
        waiting.Buffer.AsSpan(waiting.At, length).CopyTo(content);
        waiting.At += length;
        Bytes -= length;
        SmallBytes -= Lane(channel) == 0 ? length : 0;
        ClipboardBytes -= channel == ChannelBudgets.Clipboard ? length : 0;
        end = waiting.At == waiting.Length;
        if (end)
        {
            lane.Dequeue();
            behind -= channel == ChannelBudgets.Input && lane == lanes[ClipboardLane] ? 1 : 0;
            Release(waiting);
        }

        return true;
    }

    public void Dispose() => Clear();

    /// <summary>Forgets all that waits. Of a message over one record a part may have left.</summary>
    public void Clear()
    {
        foreach (var lane in lanes)
        {
            while (lane.TryDequeue(out var waiting))
            {
                Release(waiting);
            }
        }

        behind = 0;
        Bytes = SmallBytes = ClipboardBytes = 0;
    }

    private static int Lane(byte channel) => channel switch
    {
        ChannelBudgets.Control or ChannelBudgets.Input or ChannelBudgets.Feedback or ChannelBudgets.Cursor => 0,
        ChannelBudgets.Clipboard => ClipboardLane,
        _ => 1,
    };

    private int Piece(byte channel) => cutsClipboard && channel == ChannelBudgets.Clipboard ? ClipboardPiece : PairRecord.MaxContent;

    /// <summary>The oldest message's lane; while that message is a long one, the oldest of the lanes before it.</summary>
    private int PickLane()
    {
        var limit = LaneCount;
        var picked = -1;
        while (true)
        {
            var oldest = -1;
            for (var i = 0; i < limit; i++)
            {
                if (lanes[i].Count > 0 && (oldest < 0 || lanes[i].Peek().Sequence < lanes[oldest].Peek().Sequence))
                {
                    oldest = i;
                }
            }

            if (oldest < 0)
            {
                return picked;
            }

            picked = oldest;
            if (lanes[picked].Peek() is var next && next.Length <= Piece(next.Channel))
            {
                return picked;
            }

            limit = picked;
        }
    }

    private void Release(Waiting waiting)
    {
        ArrayPool<byte>.Shared.Return(waiting.Buffer);
        waiting.Buffer = [];
        if (spares < spare.Length)
        {
            spare[spares++] = waiting;
        }
    }

    private sealed class Waiting
    {
        public byte Channel { get; set; }

        public byte[] Buffer { get; set; } = [];

        public int Length { get; set; }

        public int At { get; set; }

        public ulong Sequence { get; set; }
    }
}
