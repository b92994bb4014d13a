using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Dtls;
using Alongside.Rtc.Dtls.OpenSsl;
using Alongside.Rtc.Sctp;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.DataChannels;

/// <summary>The whole stack but ICE: over the stand-in for DTLS under virtual time with loss, and over OpenSSL on a way that is perfect.</summary>
public sealed class DataTransportTests
{
    private static readonly Fingerprint LeftPrint = Fingerprint.OfCertificate("left"u8), RightPrint = Fingerprint.OfCertificate("right"u8);

    [Fact]
    public void Over_bad_ways_under_virtual_time()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var random = new SeededRandomSource(seed);
            using var left = new DataTransport(new SimulatedDtls(LeftPrint, RightPrint, isClient: true), new SctpAssociation(new SctpOptions(), random), isDtlsClient: true);
            using var right = new DataTransport(new SimulatedDtls(RightPrint, LeftPrint, isClient: false), new SctpAssociation(new SctpOptions(), random), isDtlsClient: false);
            var terms = new LinkTerms { Delay = 5_000 + random.Next(50_000), Jitter = random.Next(20_000), Loss = random.Next(150) / 1000.0, Corruption = 0.02, Duplicates = 0.02 };
            Assert.True(Echo(left, right, terms, random, 60_000_000), $"Seed {seed}: {left.EndReason ?? right.EndReason ?? "stuck"}.");
        }
    }

    [Fact]
    public void Over_OpenSSL()
    {
        var random = new SeededRandomSource(1);
        using var leftIdentity = DtlsIdentity.Create(random);
        using var rightIdentity = DtlsIdentity.Create(random);
        using var left = new DataTransport(new OpenSslDtls(leftIdentity, rightIdentity.Fingerprint, isClient: true), new SctpAssociation(new SctpOptions(), random), isDtlsClient: true);
        using var right = new DataTransport(new OpenSslDtls(rightIdentity, leftIdentity.Fingerprint, isClient: false), new SctpAssociation(new SctpOptions(), random), isDtlsClient: false);
        Assert.True(Echo(left, right, new LinkTerms { Delay = 1000 }, random, 10_000_000), left.EndReason ?? right.EndReason ?? "stuck");
    }

    /// <summary>A message of every kind of size there and back.</summary>
    private static bool Echo(DataTransport left, DataTransport right, LinkTerms terms, SeededRandomSource random, long limit)
    {
        int[] sizes = [1, 100, 1200, 20_000, 256 * 1024];
        byte[] data = new byte[256 * 1024], datagram = new byte[4096];
        random.Fill(data);
        var (toRight, toLeft) = (new SimulatedLink(terms, random), new SimulatedLink(terms, random));
        int next = 0;
        long now = 1, end = limit;
        var channel = left.Channels.Open(now, new ChannelTerms { Label = "echo" })!;
        left.Start(now);
        right.Start(now);
        foreach (int size in sizes)
        {
            Assert.True(left.Channels.TrySend(now, channel, data.AsSpan(0, size)));
        }

        while (now < end && next < sizes.Length)
        {
            Pass(right, toLeft);
            Pass(left, toRight);
            while (right.Channels.TryPoll(now, out var happened))
            {
                if (happened.Kind == ChannelEventKind.Message)
                {
                    Assert.True(right.Channels.TrySend(now, happened.Channel, happened.Data));
                }
            }

            while (left.Channels.TryPoll(now, out var happened))
            {
                if (happened.Kind == ChannelEventKind.Message)
                {
                    Assert.True(happened.Data.SequenceEqual(data.AsSpan(0, sizes[next++])));
                }
            }

            Pass(right, toLeft);
            Pass(left, toRight);
            now = Math.Max(now, Math.Min(Math.Min(left.NextTimeout, right.NextTimeout), Math.Min(toLeft.NextAt, toRight.NextAt)));
            Arrive(toRight, right);
            Arrive(toLeft, left);
        }

        return next == sizes.Length;

        void Pass(DataTransport from, SimulatedLink link)
        {
            while (from.Poll(now, datagram) is > 0 and var length)
            {
                link.Send(now, datagram.AsSpan(0, length));
            }
        }

        void Arrive(SimulatedLink link, DataTransport to)
        {
            while (link.Receive(now, datagram) is > 0 and var length)
            {
                to.Handle(now, datagram.AsSpan(0, length));
            }
        }
    }
}
