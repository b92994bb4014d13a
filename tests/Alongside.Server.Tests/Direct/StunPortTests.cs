using System.Net;
using System.Net.Sockets;
using Alongside.Net;
using Alongside.Net.Settings;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;
using Alongside.Server.Direct;
using Alongside.Server.Tests.Running;

namespace Alongside.Server.Tests.Direct;

/// <summary>The STUN responder on a real socket of the whole server.</summary>
public sealed class StunPortTests
{
    [Fact]
    public async Task Who_asks_is_told_their_address_and_it_is_counted()
    {
        await using var server = await TestServer.StartAsync(settings => settings with { StunPort = 0 });
        int port = server.Get<StunPort>().Port!.Value;
        using var client = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var question = new StunQuestion(new TransportAddress(IPAddress.Loopback, (ushort)port), SystemRandomSource.Instance);
        var packet = new byte[StunQuestion.Length];
        await client.SendAsync(packet.AsMemory(0, question.Poll(0, packet)), new IPEndPoint(IPAddress.Loopback, port));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var answer = await client.ReceiveAsync(patience.Token);
        Read(question, answer);
        Assert.Equal(client.Client.LocalEndPoint, question.Mapped!.Value.ToEndPoint());
        using var http = server.Http();
        Assert.Contains("alongside_stun_answered 1\n", await http.GetStringAsync("/metrics"));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_no_reason_not_to_serve()
    {
        using var taken = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        await using var server = await TestServer.StartAsync(settings => settings with { StunPort = port });
        Assert.Null(server.Get<StunPort>().Port);
        using var http = server.Http();
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
    }

    [Theory]
    [InlineData("3478", 3478)]
    [InlineData("off", null)]
    [InlineData("0", 0)]
    public void The_setting_names_a_port_or_none(string text, int? port) => Assert.Equal(port, Read("--stun-port", text).StunPort);

    [Fact]
    public void Other_words_are_refused() => Assert.Throws<SettingsException>(() => Read("--stun-port", "on"));

    private static void Read(StunQuestion question, UdpReceiveResult answer)
    {
        Assert.True(StunMessage.TryParse(answer.Buffer, out var message));
        Assert.True(question.TryHandle(1, TransportAddress.From(answer.RemoteEndPoint), message));
    }

    private static ServerSettings Read(params string[] args) =>
        ServerSettings.From(Settings.Read(ServerSettings.Table, args, _ => null, _ => null));
}
