using System.Text;
using Alongside.Rtc.DataChannels;
using Alongside.Rtc.Sctp;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.DataChannels;

/// <summary>Two sets of channels and the way between them, under virtual time; what happened at the right as lines of text.</summary>
internal sealed class ChannelPair
{
    private readonly byte[] packet = new byte[4096];

    /// <param name="areBothClients">As with a peer that numbers its channels by another rule than ours.</param>
    /// <param name="most">Channels that the right takes.</param>
    public ChannelPair(ulong seed, LinkTerms terms, bool areBothClients = false, int most = ChannelSet.Most)
    {
        var random = new SeededRandomSource(seed);
        var options = new SctpOptions { ZeroChecksum = false };
        (LeftEnd, RightEnd) = (new SctpAssociation(options, random), new SctpAssociation(options, random));
        (Left, Right) = (new ChannelSet(LeftEnd, isDtlsClient: true), new ChannelSet(RightEnd, isDtlsClient: areBothClients, most));
        (ToRight, ToLeft) = (new SimulatedLink(terms, random), new SimulatedLink(terms, random));
        LeftEnd.Connect(Now);
        RightEnd.Connect(Now);
    }

    public SctpAssociation LeftEnd { get; }

    public SctpAssociation RightEnd { get; }

    public ChannelSet Left { get; }

    public ChannelSet Right { get; }

    public SimulatedLink ToRight { get; }

    public SimulatedLink ToLeft { get; }

    public long Now { get; private set; } = 1_000_000;

    public List<string> LeftLog { get; } = [];

    public List<string> RightLog { get; } = [];

    public int LowWaters { get; private set; }

    /// <summary>Sends back what came, as it came.</summary>
    public bool Echoes { get; set; }

    public DataChannel Open(ChannelTerms terms) => Left.Open(Now, terms)!;

    public void Run(long microseconds)
    {
        long end = Now + microseconds;
        while (Now <= end)
        {
            Read(Left, LeftLog, echoes: false);
            Read(Right, RightLog, Echoes);
            Drain(LeftEnd, ToRight);
            Drain(RightEnd, ToLeft);
            Read(Left, LeftLog, echoes: false);
            Now = Math.Max(Now, Math.Min(Math.Min(LeftEnd.NextTimeout, RightEnd.NextTimeout), Math.Min(ToLeft.NextAt, ToRight.NextAt)));
            Arrive(ToRight, RightEnd);
            Arrive(ToLeft, LeftEnd);
        }

        Now = end;
    }

    private static string Describe(in ChannelEvent happened) => happened.Kind switch
    {
        ChannelEventKind.Message when happened.Data.Length > 60 => $"{happened.Channel.Id} {(happened.IsText ? "text" : "binary")} of {happened.Data.Length}",
        ChannelEventKind.Message => $"{happened.Channel.Id} {(happened.IsText ? "text" : "binary")} '{Encoding.UTF8.GetString(happened.Data)}'",
        ChannelEventKind.Arrived => $"{happened.Channel.Id} arrived '{happened.Channel.Terms.Label}'",
        var kind => $"{happened.Channel.Id} {kind}",
    };

    private void Read(ChannelSet set, List<string> log, bool echoes)
    {
        while (set.TryPoll(Now, out var happened))
        {
            if (happened.Kind == ChannelEventKind.BufferedLow)
            {
                LowWaters++;
                continue;
            }

            log.Add(Describe(happened));
            if (echoes && happened.Kind == ChannelEventKind.Message)
            {
                Assert.True(happened.IsText ? set.TrySendText(Now, happened.Channel, happened.Data) : set.TrySend(Now, happened.Channel, happened.Data));
            }
        }
    }

    private void Arrive(SimulatedLink link, SctpAssociation end)
    {
        while (link.Receive(Now, packet) is > 0 and var length)
        {
            end.Handle(Now, packet.AsSpan(0, length));
        }
    }

    private void Drain(SctpAssociation end, SimulatedLink link)
    {
        while (end.Poll(Now, packet) is > 0 and var length)
        {
            link.Send(Now, packet.AsSpan(0, length));
        }
    }
}
