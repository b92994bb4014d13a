using System.Net;
using System.Text.Json;
using Alongside.Core.Session;
using Alongside.Host.Doctor.Running;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Host.Tests.Doctor.Running;

/// <summary>What a running host says of its sessions, and how it reads for whoever must act on it.</summary>
public sealed class RunningReportTests
{
    private const long Second = 1_000_000;

    private static readonly HostFacts Host = new(4711, "0.1.0", "Front desk", new("https://anna:secret@help.example:8443/x"), ":0", null);

    private static readonly SessionReport Direct = new(1, 3, "Anna", new(true, true, false), SessionStage.Live, 725 * Second)
    {
        Direct = DirectStage.InUse, Way = 1, PathAge = 700 * Second, DirectRoundTrip = 3_120, RelayRoundTrip = 24_000, Loss = 0.002, Rate = 10_500_000, Shown = 14_400,
    };

    private static readonly SessionReport Relayed = Direct with { Direct = DirectStage.Resting, Way = 0, DirectRoundTrip = null, Loss = null, LooksAgainIn = 40 * Second };

    [Fact]
    public void A_direct_session_reads_as_one()
    {
        string said = Words(Direct, new(Report(IceTrouble.None, Pair(CandidateType.Host, CandidateType.ServerReflexive, 5, 5, selected: true), Pair(CandidateType.Host, CandidateType.Host, 9, 0)), NatKind.OneAnswer, null));
        Assert.Equal(
            """
            "Front desk" of :0, shared by process 4711 for 3 h
              The server https://help.example:8443 is reached.

              Anna: in for 12 min, may look, control
                path        direct, for 11 min: 10.0.0.5:4000 (its own) to 192.0.2.7:5000 (as the world sees it), UDP
                round trip  3.1 ms; by the server 24 ms
                loss        0.2 %
                rate        84 Mbit/s, as far as it was tried
                to see      14 ms from a key to its picture, without what programs take

            """, said);
    }

    [Fact]
    public void A_relayed_session_says_why_what_was_tried_and_what_would_help()
    {
        var ended = Report(IceTrouble.NothingHeard, Pair(CandidateType.Host, CandidateType.Host, 9, 0), Pair(CandidateType.Host, CandidateType.Relayed, 0, 0));
        string said = Words(Relayed, new(null, NatKind.Blocked, new(1, ended, NatKind.Blocked, "It took too long to find.")));
        Assert.Equal(
            """
            "Front desk" of :0, shared by process 4711 for 3 h
              The server https://help.example:8443 is reached.

              Anna: in for 12 min, may look, control
                path        by the server, for 11 min
                round trip  24 ms
                rate        84 Mbit/s, as far as it was tried
                to see      14 ms from a key to its picture, without what programs take
                not direct  None was found: nothing came from there, UDP may be blocked on either side.
                NAT here    no STUN server answered: UDP may be blocked here
                tried       1 pair of addresses, 0 answered
                            10.0.0.5:4000 (its own) to 192.0.2.7:5000 (its own), UDP: no answer (9 questions)
                next        looked for again in 40 s
                - UDP seems not to get out of this network either, since no STUN server answered: ask whoever runs its firewall to let UDP out, and answers back in.
                - `alongside-host doctor --server https://help.example:8443` tries this side by itself.

            """, said);
    }

    [Theory]
    [InlineData(IceTrouble.NoRemoteCandidates, NatKind.OneAnswer, "Their browser")]
    [InlineData(IceTrouble.NothingToPair, NatKind.OneAnswer, "TURN")]
    [InlineData(IceTrouble.NothingHeard, NatKind.OneAnswer, "From here UDP gets out")]
    [InlineData(IceTrouble.OneWay, NatKind.OneAnswer, "a firewall at their end")]
    [InlineData(IceTrouble.PathDied, NatKind.None, "by itself")]
    internal void Each_trouble_has_something_that_helps(IceTrouble trouble, NatKind nat, string advice)
    {
        var end = new WayEnd(1, Report(trouble, Pair(CandidateType.Host, CandidateType.Host, 9, 0)), nat, "It took too long to find.");
        var guest = Assert.Single(Of(Relayed, new(null, nat, end)).Guests);
        Assert.Contains(advice, guest.Advice[0], StringComparison.Ordinal);
        Assert.NotNull(guest.Why);
    }

    [Fact]
    public void What_stands_in_the_way_for_other_reasons_is_said()
    {
        Assert.Contains("--direct no", Why(Relayed with { Direct = DirectStage.Off }, WayFacts.None, Host with { NoDirect = "This host was told to look for none (--direct no)." }), StringComparison.Ordinal);
        Assert.Contains("WebRTC", Why(Relayed with { Direct = DirectStage.NotUnderstood }), StringComparison.Ordinal);
        Assert.Contains("first picture", Why(Relayed with { Direct = DirectStage.NotYet }), StringComparison.Ordinal);
        Assert.Contains("being looked for", Why(Relayed with { Direct = DirectStage.Looking }), StringComparison.Ordinal);
        Assert.Contains("the server is quicker: 40.0 ms there and back, by the server 24.0", Why(Relayed with { Direct = DirectStage.Untaken, DirectRoundTrip = 40_000 }), StringComparison.Ordinal);
        Assert.Contains("about to move", Why(Relayed with { Direct = DirectStage.Untaken, DirectRoundTrip = 4_000 }), StringComparison.Ordinal);
        Assert.Contains("No socket.", Why(Relayed, new(null, NatKind.Unknown, new(1, null, NatKind.Unknown, "No socket."))), StringComparison.Ordinal);
        Assert.Contains("it is over. Nothing came", Why(Relayed, new(null, NatKind.None, new(1, Report(IceTrouble.PathDied, Pair(CandidateType.Host, CandidateType.Host, 9, 4)), NatKind.None, "Nothing came over it any more."))), StringComparison.Ordinal);
        Assert.Null(Assert.Single(Of(Direct, WayFacts.None).Guests).Why);
    }

    [Fact]
    public void Much_loss_is_advised_against()
    {
        Assert.Contains("radio", Assert.Single(Assert.Single(Of(Direct with { Loss = 0.2 }, WayFacts.None).Guests).Advice), StringComparison.Ordinal);
        Assert.Empty(Assert.Single(Of(Direct, WayFacts.None).Guests).Advice);
    }

    [Fact]
    public void Who_waits_is_away_or_comes_by_another_road_reads_as_that()
    {
        Assert.Contains("Anna: waits for an answer here for 12 min", Words(Direct with { Stage = SessionStage.Asking }, WayFacts.None), StringComparison.Ordinal);
        string away = Words(Direct with { Stage = SessionStage.Away, AwayFor = 30 * Second }, WayFacts.None);
        Assert.Contains("Anna: their connection broke 30 s ago", away, StringComparison.Ordinal);
        Assert.DoesNotContain("path", away, StringComparison.Ordinal);
        string vnc = Words(Direct with { Via = "VNC · 10.0.0.9", Direct = DirectStage.Off }, WayFacts.None);
        Assert.Contains("path        VNC · 10.0.0.9", vnc, StringComparison.Ordinal);
        Assert.DoesNotContain("not direct", vnc, StringComparison.Ordinal);
    }

    [Fact]
    public void No_password_of_the_servers_address_and_nothing_that_moves_the_cursor_is_in_it()
    {
        var report = Of(Direct with { Name = "An\u001b[2Jna" }, WayFacts.None);
        Assert.DoesNotContain("secret", JsonSerializer.Serialize(report, RunningJson.Default.HostReport), StringComparison.Ordinal);
        using var output = new StringWriter();
        RunningWords.Write(output, report with { Shares = "\u001b]0;x\u0007" });
        Assert.DoesNotContain('\u001b', output.ToString());
    }

    [Fact]
    public void JSON_says_the_same_and_comes_back_as_it_was()
    {
        var report = Of(Direct, new(Report(IceTrouble.None, Pair(CandidateType.Host, CandidateType.ServerReflexive, 5, 5, selected: true)), NatKind.OneAnswer, null));
        string json = JsonSerializer.Serialize(report, RunningJson.Default.HostReport);
        Assert.Contains("\"path\":\"direct\",\"pathSeconds\":700,\"relayMs\":24,\"directMs\":3.12,\"loss\":0.002,\"rate\":84000000,\"keyToPictureMs\":14.4", json, StringComparison.Ordinal);
        Assert.Contains("\"local\":\"10.0.0.5:4000\",\"localKind\":\"host\",\"remote\":\"192.0.2.7:5000\",\"remoteKind\":\"server-reflexive\",\"tcp\":false,\"state\":\"in-use\"", json, StringComparison.Ordinal);
        using StringWriter before = new(), after = new();
        RunningWords.Write(before, report);
        RunningWords.Write(after, JsonSerializer.Deserialize(json, RunningJson.Default.HostReport)!);
        Assert.Equal(before.ToString(), after.ToString());
    }

    private static HostReport Of(SessionReport session, WayFacts ways, HostFacts? host = null) => RunningReport.Of(11_520 * Second, host ?? Host, hasServer: true, [session], _ => ways);

    private static string Why(SessionReport session, WayFacts? ways = null, HostFacts? host = null) => Assert.Single(Of(session, ways ?? WayFacts.None, host).Guests).Why!;

    private static string Words(SessionReport session, WayFacts ways)
    {
        using var output = new StringWriter();
        RunningWords.Write(output, Of(session, ways));
        return output.ToString();
    }

    private static PairReport Pair(CandidateType local, CandidateType remote, int asked, int answers, bool selected = false) => new(
        Candidate("10.0.0.5", 4000, local), Candidate("192.0.2.7", 5000, remote), answers > 0 ? PairState.Succeeded : asked > 0 ? PairState.Failed : PairState.Waiting,
        answers > 0 || asked == 0 ? PairFailure.None : PairFailure.NoAnswer, selected, 1, answers > 0 ? 3_120 : 0, 0, asked, answers, 0);

    private static IceCandidate Candidate(string address, ushort port, CandidateType type) => new("1", CandidateTransport.Udp, 1, new TransportAddress(IPAddress.Parse(address), port), type);

    private static IceReport Report(IceTrouble trouble, params PairReport[] pairs) => new(IceState.Connected, trouble, true, [], [], pairs, 0);
}
