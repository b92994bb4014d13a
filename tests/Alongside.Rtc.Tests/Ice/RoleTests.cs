using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Ice;

/// <summary>Who leads (RFC 8445, 7.3.1.1), and whom a follower follows.</summary>
public sealed class RoleTests
{
    private static readonly TransportAddress Here = new([192, 0, 2, 1], 4000);
    private static readonly TransportAddress There = new([192, 0, 2, 2], 5000);
    private static readonly TransportAddress Elsewhere = new([192, 0, 2, 3], 6000);
    private readonly SeededRandomSource random = new(3);
    private long now = 1_000_000;

    /// <summary>Both lead or both follow: the larger tie-breaker leads. No agent of ours draws 0 or the largest.</summary>
    [Theory]
    [InlineData(true, 0UL, true, false)]
    [InlineData(true, ulong.MaxValue, false, true)]
    [InlineData(false, 0UL, true, true)]
    [InlineData(false, ulong.MaxValue, false, false)]
    public void The_larger_tie_breaker_leads(bool isControlling, ulong theirs, bool leadsAfterwards, bool isAnswered)
    {
        var agent = Make(new() { IsControlling = isControlling }, out var peer);
        agent.Handle(now, 0, There, peer.Check(isControlling ? StunAttribute.IceControlling : StunAttribute.IceControlled, theirs));
        Assert.Equal(leadsAfterwards, agent.IsControlling);
        var answer = ScriptedPeer.Parse(Sent(agent).First(packet => packet[0] == 1));
        Assert.Equal(isAnswered ? StunClass.Success : StunClass.Error, answer.Class);
        Assert.Equal(isAnswered ? 0 : StunError.RoleConflict, answer.TryReadError(out int code) ? code : 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_told_of_a_conflict_takes_the_other_role_and_asks_again(bool isControlling)
    {
        var agent = Make(new() { IsControlling = isControlling }, out var peer);
        byte[] first = Assert.Single(Sent(agent), packet => packet[0] == 0);
        agent.Handle(now += 1000, 0, There, peer.Answer(first, Here, StunError.RoleConflict));
        agent.HandleTimeout(now += 100_000);
        byte[] second = Assert.Single(Sent(agent), packet => packet[0] == 0);
        Assert.Equal(!isControlling, agent.IsControlling);
        Assert.True(ScriptedPeer.Parse(second).Has(isControlling ? StunAttribute.IceControlled : StunAttribute.IceControlling));

        // An old answer of the same kind does not turn it back.
        agent.Handle(now += 1000, 0, There, peer.Answer(first, Here, StunError.RoleConflict));
        Assert.Equal(!isControlling, agent.IsControlling);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Two_who_want_the_same_agree_and_talk(bool isControlling)
    {
        for (ulong seed = 0; seed < 8; seed++)
        {
            var network = new SimulatedNetwork(seed);
            var (a, b) = (Peer(network, new() { IsControlling = isControlling }, 1), Peer(network, new() { IsControlling = isControlling }, 2));
            SimulatedPeer.Introduce(a, b);
            a.Talk(50_000, 100);
            b.Talk(50_000, 100);
            network.Time.RunTo(network.Time.Now + 3_000_000);
            Assert.NotEqual(a.Transport.Agent.IsControlling, b.Transport.Agent.IsControlling);
            Assert.Equal((IceState.Connected, IceState.Connected), (a.State, b.State));
            Assert.True(a.Received > 20 && b.Received > 20, $"seed {seed}");
        }
    }

    /// <summary>A lite agent never asks: it answers, follows, and gives up who is silent.</summary>
    [Fact]
    public void A_lite_agent_answers_follows_and_asks_nothing()
    {
        var network = new SimulatedNetwork(5);
        var full = Peer(network, new() { IsControlling = false }, 1);
        var lite = Peer(network, new() { IsLite = true, IsControlling = true }, 2);
        var asked = new HashSet<TransportAddress>();
        network.Internet.Passes = (from, _, packet) =>
        {
            if (StunMessage.TryParse(packet.Span, out var message) && message.Class == StunClass.Request)
            {
                asked.Add(from.WithPort(0));
            }

            return true;
        };
        SimulatedPeer.Introduce(full, lite);
        full.Talk(50_000, 100);
        lite.Talk(50_000, 100);
        network.Time.RunTo(network.Time.Now + 3_000_000);
        Assert.True(full.Transport.Agent.IsControlling, "who meets a lite agent leads, whatever was agreed");
        Assert.False(lite.Transport.Agent.IsControlling);
        Assert.Equal((IceState.Connected, IceState.Connected), (full.State, lite.State));
        Assert.True(full.Received > 20 && lite.Received > 20);
        Assert.Equal([new TransportAddress([203, 0, 113, 1], 0)], asked);

        network.Internet.Passes = (_, _, _) => false;
        network.Time.RunTo(network.Time.Now + 32_000_000);
        Assert.False(lite.Transport.Agent.HasPath);
        Assert.Equal(IceTrouble.PathDied, lite.Transport.Agent.Trouble);
    }

    /// <summary>A lite agent that is asked by a follower insists: it cannot lead.</summary>
    [Fact]
    public void A_lite_agent_makes_a_follower_lead()
    {
        var agent = Make(new() { IsLite = true }, out var peer);
        agent.Handle(now, 0, There, peer.Check(StunAttribute.IceControlled, 0));
        Assert.False(agent.IsControlling);
        Assert.True(ScriptedPeer.Parse(Assert.Single(Sent(agent))).TryReadError(out int code));
        Assert.Equal(StunError.RoleConflict, code);
    }

    /// <summary>What was named later counts, in the order of the numbers, not of the packets.</summary>
    [Fact]
    public void A_follower_goes_where_it_was_told_last()
    {
        var agent = Make(new(), out var peer);
        agent.AddRemote(now, new("2", CandidateTransport.Udp, 9_000, Elsewhere, CandidateType.Host));
        for (int i = 0; i < 5; i++)
        {
            AnswerAll(agent, peer);
            agent.HandleTimeout(now += 60_000);
        }

        void Name(TransportAddress from, uint number)
        {
            agent.Handle(now += 1000, 0, from, peer.Check(StunAttribute.IceControlling, 1, number));
            AnswerAll(agent, peer);
        }

        Name(There, 4);
        Assert.Equal(There, Path(agent));
        Name(Elsewhere, 5);
        Assert.Equal(Elsewhere, Path(agent));
        Name(There, 4);
        Assert.Equal(Elsewhere, Path(agent));
        Name(There, 6);
        Assert.Equal(There, Path(agent));
    }

    private static SimulatedPeer Peer(SimulatedNetwork network, IceOptions options, byte number)
    {
        var peer = new SimulatedPeer(network, new(10_000), options with { Pacing = 20_000 }, IceServers.None);
        peer.AddInterface(network.Internet, new([203, 0, 113, number], 1));
        return peer;
    }

    /// <summary>An agent that knows its peer at <see cref="There"/>, and has begun.</summary>
    private IceAgent Make(IceOptions options, out ScriptedPeer peer)
    {
        var agent = new IceAgent(now, options, random);
        agent.AddLocal(now, 0, CandidateType.Host, CandidateTransport.Udp, Here, 1);
        peer = new(agent.Credentials);
        agent.SetRemote(now, peer.Credentials);
        agent.AddRemote(now, new("1", CandidateTransport.Udp, 10_000, There, CandidateType.Host));
        return agent;
    }

    private static List<byte[]> Sent(IceAgent agent)
    {
        var sent = new List<byte[]>();
        while (agent.TryPoll(out _, out _, out var packet))
        {
            sent.Add(packet.ToArray());
        }

        return sent;
    }

    private void AnswerAll(IceAgent agent, ScriptedPeer peer)
    {
        var checks = new List<(TransportAddress To, byte[] Check)>();
        while (agent.TryPoll(out _, out var to, out var packet))
        {
            if (ScriptedPeer.Parse(packet).Class == StunClass.Request)
            {
                checks.Add((to, packet.ToArray()));
            }
        }

        foreach (var (to, check) in checks)
        {
            agent.Handle(now += 1000, 0, to, peer.Answer(check, Here));
        }
    }

    private static TransportAddress Path(IceAgent agent) => agent.TryGetPath(out _, out var remote) ? remote : default;
}
