using System.Net;
using Alongside.Host.Room;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Host.Tests;

public sealed class WayWordsTests
{
    [Fact]
    public void A_way_that_never_was_says_what_was_tried_and_what_may_be_in_between()
    {
        string said = WayWords.Ended(3, Report(IceTrouble.NothingHeard, (5, 0), (9, 0), (0, 0)), "It took too long to find.");
        Assert.Equal("Guest 3: no direct path. It took too long to find. Pairs of addresses: 2 tried, 0 answered; nothing came from there, UDP may be blocked on either side.", said);
    }

    [Fact]
    public void A_way_that_was_says_why_it_is_over()
    {
        string said = WayWords.Ended(3, Report(IceTrouble.None, (5, 4), (9, 0)), "Nothing came over it any more.");
        Assert.Equal("Guest 3: the direct path is over. Nothing came over it any more. Pairs of addresses: 2 tried, 1 answered.", said);
        Assert.DoesNotContain("192.0.2", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_sockets_there_is_only_the_reason()
    {
        Assert.Equal("Guest 1: no direct path. No socket.", WayWords.Ended(1, null, "No socket."));
    }

    [Fact]
    public void A_way_that_opens_says_how_long_it_is()
    {
        Assert.Equal("Guest 2: there is a direct path, 1.5 ms there and back.", WayWords.Opened(2, Report(IceTrouble.None, (2, 2))));
        Assert.Equal("Guest 2: there is a direct path.", WayWords.Opened(2, null));
    }

    private static IceReport Report(IceTrouble trouble, params (int Asked, int Answers)[] pairs)
    {
        var here = new IceCandidate("1", CandidateTransport.Udp, 1, new TransportAddress(IPAddress.Parse("192.0.2.1"), 1), CandidateType.Host);
        var there = new IceCandidate("1", CandidateTransport.Udp, 1, new TransportAddress(IPAddress.Parse("192.0.2.2"), 1), CandidateType.Host);
        return new(
            IceState.Connected, trouble, true, [here], [there],
            [.. pairs.Select((pair, i) => new PairReport(here, there, PairState.Succeeded, PairFailure.None, i == 0, 1, 1_500, 0, pair.Asked, pair.Answers, 0))], 0);
    }
}
