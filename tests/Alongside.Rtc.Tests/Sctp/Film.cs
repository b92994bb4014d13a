using System.Buffers.Binary;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>
/// A film as the host sends one, over the left end of a pair: a frame at its time, unless too much is underway that the viewer has not said it has shown. A frame that finds no room is skipped; one that was sent arrives.
/// </summary>
/// <param name="bytes">Of a frame; every other is half as long again, every other half.</param>
/// <param name="allowance">Bytes that may be underway.</param>
internal sealed class Film(SctpPair pair, int framesASecond, int bytes, int allowance)
{
    private readonly Dictionary<int, (long At, int Length)> underway = [];
    private readonly byte[] frame = new byte[2 * bytes];
    private int unshown;

    /// <summary>How old frames were when they were shown, in microseconds.</summary>
    public List<long> Ages { get; } = [];

    /// <summary>Frames a second that were shown.</summary>
    public double Shown { get; private set; }

    public long Age(int percentile)
    {
        Ages.Sort();
        return Ages[(Ages.Count - 1) * percentile / 100];
    }

    public Film Play(int seconds)
    {
        byte[] shown = new byte[4];
        pair.OnMessage = (end, message) =>
        {
            if (end == pair.Right)
            {
                int number = BinaryPrimitives.ReadInt32BigEndian(message.Data);
                Ages.Add(pair.Now - underway[number].At);
                BinaryPrimitives.WriteInt32BigEndian(shown, number);
                Assert.True(end.TrySend(pair.Now, 0, 53, default, shown));
                return;
            }

            Assert.True(underway.Remove(BinaryPrimitives.ReadInt32BigEndian(message.Data), out var sent));
            unshown -= sent.Length;
        };
        int frames = seconds * framesASecond;
        for (int i = 0; i < frames; i++)
        {
            int length = i % 2 == 0 ? bytes * 3 / 2 : bytes / 2;
            if (unshown == 0 || unshown + length <= allowance)
            {
                BinaryPrimitives.WriteInt32BigEndian(frame, i);
                Assert.True(pair.Left.TrySend(pair.Now, 0, 53, default, frame.AsSpan(0, length)));
                underway.Add(i, (pair.Now, length));
                unshown += length;
            }

            pair.Run(1_000_000 / framesASecond);
        }

        Shown = (double)Ages.Count / seconds;
        return this;
    }
}
