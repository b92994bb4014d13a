using System.Text;
using System.Text.Json;
using Alongside.Core.Relay;
using Alongside.Core.Wire;

namespace Alongside.Core.Tests.Relay;

/// <summary>TURN servers that the relay names: <c>tests/vectors/turn-offers.json</c>, which the browser's tests read too.</summary>
public sealed class TurnOffers
{
    public static TheoryData<string> Good => Read("good");

    public static TheoryData<string> Bad => Read("bad");

    [Theory]
    [MemberData(nameof(Good))]
    public void Is_taken(string json)
    {
        var opened = Assert.IsType<ServerSignal.Opened>(Hear("opened", json));
        Assert.StartsWith("turn:", opened.Turn!.Urls[0], StringComparison.Ordinal);
        var joined = Assert.IsType<ServerSignal.Joined>(SignalJson.ReadServer(SignalJson.Write(Hear("joined", json))));
        Assert.Equal(opened.Turn.Credential, joined.Turn!.Credential);
        Assert.Equal(opened.Turn.Urls, joined.Turn.Urls);
        var lent = Assert.IsType<ServerSignal.Lent>(SignalJson.ReadServer(SignalJson.Write(Hear("turn", json))));
        Assert.Equal(opened.Turn.Credential, lent.Offer.Credential);
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void Is_refused(string json)
    {
        Assert.Throws<ProtocolException>(() => Hear("opened", json));
        Assert.Throws<ProtocolException>(() => Hear("joined", json));
        Assert.Throws<ProtocolException>(() => Hear("turn", json));
    }

    [Fact]
    public void One_without_servers_is_refused() => Assert.Throws<ProtocolException>(() => SignalJson.ReadServer("{\"t\":\"turn\"}"u8));

    private static ServerSignal Hear(string kind, string turn) => SignalJson.ReadServer(Encoding.UTF8.GetBytes(
        $$"""{"t":"{{kind}}","room":"RRRRRRRRRRRRRRRRRRRRRR","member":1,"token":"TTTTTTTTTTTTTTTTTTTTTT","window":131072,"members":[],"turn":{{turn}}}"""))!;

    private static TheoryData<string> Read(string list)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Alongside.slnx")))
        {
            folder = folder.Parent;
        }

        using var vectors = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.FullName, "tests", "vectors", "turn-offers.json")));
        return [.. vectors.RootElement.GetProperty(list).EnumerateArray().Select(vector => vector.GetProperty("json").GetString()!)];
    }
}
