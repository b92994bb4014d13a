using System.Net;
using Alongside.Host.Doctor;
using Alongside.Net.Doctor;
using Alongside.Net.Settings;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Tests.Doctor;

/// <summary>What findings mean, for whoever must act on them.</summary>
public sealed class DiagnosisTests
{
    private static readonly NetworkFindings Fine = new()
    {
        Server = new Uri("https://help.example"), ServerTook = 12, StunPorts = [3478, 3479], AskedStun = true, Nat = NatKind.EndpointIndependent,
    };

    [Fact]
    public void A_server_that_is_not_there_is_all_there_is_to_say()
    {
        var diagnosis = Diagnosis.Of(Fine with { ServerTrouble = "Connection refused", Nat = NatKind.Blocked });
        Assert.False(diagnosis.Works);
        Assert.Contains("no session", diagnosis.Conclusion, StringComparison.Ordinal);
        Assert.Contains("port 443", Assert.Single(diagnosis.Advice), StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_that_stops_web_sockets_is_named()
    {
        var diagnosis = Diagnosis.Of(Fine with { RelayTrouble = "403" });
        Assert.False(diagnosis.Works);
        Assert.Contains("WebSockets", Assert.Single(diagnosis.Advice), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NatKind.None, false, Reach.Everybody, 0)]
    [InlineData(NatKind.EndpointIndependent, false, Reach.Most, 0)]
    [InlineData(NatKind.Symmetric, false, Reach.Few, 2)]
    [InlineData(NatKind.Symmetric, true, Reach.Most, 0)]
    [InlineData(NatKind.Blocked, false, Reach.Nobody, 2)]
    [InlineData(NatKind.OneAnswer, false, Reach.Unknown, 1)]
    internal void The_kind_of_network_says_who_can_be_met(NatKind nat, bool hasMapping, Reach reach, int advice)
    {
        var diagnosis = Diagnosis.Of(Fine with { Nat = nat, HasMapping = hasMapping, Routers = hasMapping ? ["The router opened a port by Pcp."] : [] });
        Assert.True(diagnosis.Works);
        Assert.Equal(reach, diagnosis.Reach);
        Assert.Equal(advice, diagnosis.Advice.Count);
    }

    [Fact]
    public void Without_STUN_nothing_is_claimed()
    {
        var diagnosis = Diagnosis.Of(Fine with { AskedStun = false, StunPorts = [], Nat = NatKind.Unknown });
        Assert.Equal(Reach.Unknown, diagnosis.Reach);
        Assert.Contains("stun-port", Assert.Single(diagnosis.Advice), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.02, true, "2 %", 0)]
    [InlineData(0, true, "nothing of it is lost", 0)]
    [InlineData(0.3, false, "30 %", 1)]
    public void What_was_measured_is_said_and_much_loss_is_bad(double loss, bool isWell, string words, int advice)
    {
        var diagnosis = Diagnosis.Of(Fine with { RelayIs = new(23.4, 84.3e6), UdpIs = new(2.26, loss) });
        Assert.Contains("23 ms there and back, 84.3 Mbit/s", Said(diagnosis, "relay").Words, StringComparison.Ordinal);
        Assert.Contains("2.3 ms", Said(diagnosis, "udp").Words, StringComparison.Ordinal);
        Assert.Contains(words, Said(diagnosis, "udp").Words, StringComparison.Ordinal);
        Assert.Equal(isWell, Said(diagnosis, "udp").IsWell);
        Assert.Equal(advice, diagnosis.Advice.Count);
        Assert.True(diagnosis.Works);
    }

    [Fact]
    public void JSON_says_the_same()
    {
        using var output = new StringWriter();
        var found = Fine with { Nat = NatKind.Symmetric, RelayIs = new(20, 1e6), UdpIs = new(19, 0.02) };
        DoctorCommand.Write(output, json: true, [], found, Diagnosis.Of(found));
        Assert.Contains("\"works\":true,\"serverMs\":12,\"udp\":\"open\",\"nat\":\"symmetric\",\"mapped\":false", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"direct\":\"Few\"", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"relayMs\":20,\"relayRate\":1000000,\"udpMs\":19,\"udpLoss\":0.02,\"hosts\":[]", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_to_compare_with_are_named_with_or_without_a_port()
    {
        var choice = Choose("--server", "https://help.example", "--stun", "stun.example.org, 192.0.2.1:19302", "--no-port-mapping");
        Assert.Equal([new DnsEndPoint("stun.example.org", 3478), new DnsEndPoint("192.0.2.1", 19302)], choice.Probe!.MoreStun);
        Assert.False(choice.Probe.PortMapping);
    }

    [Fact]
    public void Without_a_server_or_when_told_so_only_the_hosts_that_run_here_are_asked()
    {
        Assert.Null(Choose("--json").Probe);
        Assert.Null(Choose("--server", "https://help.example", "--sessions").Probe);
    }

    [Fact]
    public void Hosts_alone_are_one_object_for_programs_and_for_people_none_is_said_with_what_to_do()
    {
        using StringWriter json = new(), words = new();
        DoctorCommand.WriteHosts(json, json: true, [new() { Process = 5, Trouble = "it runs, and does not answer." }]);
        Assert.StartsWith("{\"hosts\":[{\"process\":5,\"trouble\":\"it runs", json.ToString(), StringComparison.Ordinal);
        DoctorCommand.WriteHosts(words, json: false, []);
        Assert.Contains("sudo -u WHO alongside-host doctor", words.ToString(), StringComparison.Ordinal);
        DoctorCommand.WriteHosts(words, json: false, [new() { Process = 6, Name = "Front desk", Server = "https://help.example", HasServer = true }]);
        Assert.Contains("alongside-host doctor --server https://help.example", words.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--stun", "stun.example.org")]
    [InlineData("--server", "help.example")]
    [InlineData("--server", "https://help.example", "--stun", "a b")]
    [InlineData("--server", "https://help.example", "--fingerprint", "x")]
    public void What_makes_no_sense_is_refused(params string[] args) => Assert.Throws<SettingsException>(() => Choose(args));

    private static (string Name, bool? IsWell, string Words) Said(Diagnosis diagnosis, string name) => diagnosis.Checks.Single(check => check.Name == name);

    private static DoctorChoice Choose(params string[] args) => DoctorChoice.From(Settings.Read(DoctorChoice.Table, args, _ => null, _ => null));
}
