using System.Security.Cryptography;
using Alongside.Rtc.Sctp;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Sctp;

/// <summary>Short runs over ways that lose, reorder, double and spoil, by seed: no wrong byte, nothing stuck, the same seed the same run.</summary>
public sealed class LossyRuns
{
    private const long Long = 120_000_000;

    [Fact]
    public void Everything_arrives_over_any_way()
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            Run(seed, partial: false, out var pair, out var traffic, out _);
            Assert.True(traffic.HasArrived, $"Seed {seed}: {traffic.Received} messages after {Long / 1_000_000} s, {pair.Left.State}, {pair.Right.State}.");
        }
    }

    [Fact]
    public void What_must_arrive_does_beside_what_may_be_given_up()
    {
        for (ulong seed = 1001; seed <= 1150; seed++)
        {
            Run(seed, partial: true, out var pair, out var traffic, out _);
            Assert.True(traffic.HasArrived, $"Seed {seed}: {traffic.ReceivedReliable} of {traffic.Reliable}, {pair.Left.State}, {pair.Right.State}.");
            Assert.Equal(0, pair.Left.Buffered);
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_run()
    {
        Run(77, partial: true, out _, out _, out byte[] first);
        Run(77, partial: true, out _, out _, out byte[] second);
        Run(78, partial: true, out _, out _, out byte[] other);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    private static void Run(ulong seed, bool partial, out SctpPair pair, out Traffic traffic, out byte[] trace)
    {
        var dice = new Alongside.Testing.SeededRandomSource(seed * 7919);
        var terms = new LinkTerms
        {
            Delay = 1 + dice.Next(60_000),
            Jitter = dice.Next(3) == 0 ? dice.Next(20_000) : 0,
            Loss = dice.Next(2) == 0 ? dice.Next(200) / 1000.0 : 0,
            Duplicates = dice.Next(3) == 0 ? dice.Next(100) / 1000.0 : 0,
            Corruption = dice.Next(3) == 0 ? dice.Next(50) / 1000.0 : 0,
            Rate = dice.Next(2) == 0 ? 100_000 + dice.Next(5_000_000) : 0,
            Queue = 16_000 + dice.Next(200_000),
        };
        var options = SctpPair.Options with
        {
            Congestion = dice.Next(2) == 0 ? CongestionPolicy.Cubic : CongestionPolicy.Reno,
            MaxPacket = dice.Next(2) == 0 ? 1191 : 300 + dice.Next(1200),
            ReceiveWindow = dice.Next(3) == 0 ? 40_000 + dice.Next(100_000) : 6 * 1024 * 1024,
        };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var run = pair = new SctpPair(seed, terms, options);
        pair.OnPacket = (_, packet) =>
        {
            hash.AppendData(BitConverter.GetBytes(run.Now));
            hash.AppendData(packet.Span);
            return true;
        };
        var messages = traffic = new Traffic(pair, pair.Left, seed, 10 + dice.Next(60), dice.Next(3) == 0 ? 60_000 : 3_000, partial);
        pair.OnMessage = (end, message) => messages.Check(message.Stream, message.Data);
        pair.OnEvent = (_, happened) => Assert.NotEqual(SctpEventKind.Closed, happened.Kind);
        pair.Connect();
        pair.RunUntil(
            () =>
            {
                messages.Offer(1 + dice.Next(3));
                return messages.HasArrived && run.Left.Buffered == 0;
            },
            Long);
        trace = hash.GetHashAndReset();
    }
}
