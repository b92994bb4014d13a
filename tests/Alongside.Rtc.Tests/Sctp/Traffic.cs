using System.Buffers.Binary;
using Alongside.Rtc.Sctp;
using Alongside.Rtc.Sctp.Sending;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>
/// Messages whose every byte follows from stream and number, sent by one end and checked at the other: whole, in order where promised, once.
/// </summary>
internal sealed class Traffic
{
    private readonly SctpPair pair;
    private readonly SctpAssociation from;
    private readonly SeededRandomSource random;
    private readonly Dictionary<ushort, int> nextOrdered = [];
    private readonly HashSet<(ushort, int)> seen = [];
    private readonly List<(ushort Stream, int Number, int Length, SendTerms Terms)> plan = [];
    private readonly Dictionary<(ushort Stream, int Number), (int Length, SendTerms Terms)> byName = [];
    private readonly int mustArrive;
    private int sent;

    public Traffic(SctpPair pair, SctpAssociation from, ulong seed, int messages, int largest, bool partial = false)
    {
        (this.pair, this.from) = (pair, from);
        random = new SeededRandomSource(seed);
        var numbers = new Dictionary<ushort, int>();
        for (int i = 0; i < messages; i++)
        {
            ushort stream = (ushort)random.Next(4);
            int number = numbers.GetValueOrDefault(stream);
            numbers[stream] = number + 1;
            int length = 8 + (random.Next(4) == 0 ? random.Next(largest) : random.Next(Math.Min(largest, 400)));
            var terms = stream switch
            {
                1 => new SendTerms(Unordered: true),
                2 when partial => new SendTerms(Unordered: false, MaxRetransmits: random.Next(3)),
                3 when partial => new SendTerms(Unordered: true, Lifetime: 1 + random.Next(200_000)),
                _ => new SendTerms(Unordered: false),
            };
            plan.Add((stream, number, length, terms));
            byName.Add((stream, number), (length, terms));
        }

        mustArrive = Reliable;
    }

    public int Received => seen.Count;

    /// <summary>Of the messages that must arrive, those that have.</summary>
    public int ReceivedReliable { get; private set; }

    /// <summary>How many must arrive.</summary>
    public int Reliable => byName.Values.Count(planned => IsReliable(planned.Terms));

    public bool HasArrived => sent == plan.Count && ReceivedReliable == mustArrive;

    private static bool IsReliable(SendTerms terms) => terms.MaxRetransmits is null && terms.Lifetime is null;

    /// <summary>Sends as much as is taken.</summary>
    public void Offer(int most = int.MaxValue)
    {
        for (; sent < plan.Count && most > 0; sent++, most--)
        {
            var (stream, number, length, terms) = plan[sent];
            if (!from.TrySend(pair.Now, stream, 51, terms, Make(stream, number, length)))
            {
                return;
            }
        }
    }

    public void Check(ushort stream, ReadOnlySpan<byte> data)
    {
        int number = BinaryPrimitives.ReadInt32BigEndian(data);
        Assert.True(data.SequenceEqual(Make(stream, number, data.Length)), $"Wrong bytes: stream {stream}, message {number}.");
        Assert.True(seen.Add((stream, number)), $"Twice: stream {stream}, message {number}.");
        var planned = byName[(stream, number)];
        ReceivedReliable += IsReliable(planned.Terms) ? 1 : 0;
        Assert.Equal(planned.Length, data.Length);
        if (!planned.Terms.Unordered)
        {
            int expected = nextOrdered.GetValueOrDefault(stream);
            Assert.True(IsReliable(planned.Terms) ? number == expected : number >= expected, $"Out of order: stream {stream}, message {number}, not {expected}.");
            nextOrdered[stream] = number + 1;
        }
    }

    private static byte[] Make(ushort stream, int number, int length)
    {
        byte[] data = new byte[length];
        new SeededRandomSource(((ulong)stream << 32) | (uint)number).Fill(data);
        BinaryPrimitives.WriteInt32BigEndian(data, number);
        return data;
    }
}
