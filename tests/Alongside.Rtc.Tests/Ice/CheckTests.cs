using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Ice;

/// <summary>What becomes of the tries of one pair.</summary>
public sealed class CheckTests
{
    private static readonly TransportAddress Here = new([192, 0, 2, 1], 4000);
    private static readonly TransportAddress There = new([192, 0, 2, 2], 5000);
    private readonly IceAgent agent;
    private readonly ScriptedPeer peer;
    private long now = 1_000_000;

    public CheckTests()
    {
        agent = new(now, new() { IsControlling = true, Pacing = 20_000 }, new SeededRandomSource(3));
        agent.AddLocal(now, 0, CandidateType.Host, CandidateTransport.Udp, Here, 1);
        peer = new(agent.Credentials);
        agent.SetRemote(now, peer.Credentials);
        agent.AddRemote(now, new("1", CandidateTransport.Udp, 10_000, There, CandidateType.Host));
    }

    /// <summary>As when a network comes up that has an address before it has a route.</summary>
    [Fact]
    public void What_the_system_would_not_send_is_tried_again()
    {
        Assert.NotEmpty(Sent());
        agent.Unreachable(now, 0, There);
        Assert.NotEqual(IceState.Failed, agent.State);
        now = agent.NextTimeout;
        Assert.True(now < 2_000_000);
        agent.HandleTimeout(now);
        byte[] second = Assert.Single(Sent());
        agent.Handle(now += 1000, 0, There, peer.Answer(second, Here));
        Assert.Equal(PairState.Succeeded, Assert.Single(agent.Report().Pairs).State);
    }

    [Fact]
    public void What_the_system_never_sends_fails_in_time_and_it_is_said_why()
    {
        int tries = 0;
        while (agent.Report().Pairs[0].State != PairState.Failed && now < 30_000_000)
        {
            foreach (byte[] check in Sent())
            {
                Assert.Equal(StunClass.Request, ScriptedPeer.Parse(check).Class);
                agent.Unreachable(now, 0, There);
                tries++;
            }

            now = agent.NextTimeout;
            agent.HandleTimeout(now);
        }

        Assert.Equal(9, tries);
        Assert.Equal(PairFailure.Unreachable, agent.Report().Pairs[0].Failure);
    }

    /// <summary>It begins anew, and its description has not come yet.</summary>
    [Fact]
    public void A_peer_by_a_new_name_is_answered_where_it_is_known_and_nowhere_else()
    {
        var elsewhere = There.WithPort(5001);
        Assert.Equal(1, Answers(There, "NEWS"));
        Assert.Equal(0, Answers(elsewhere, "NEWS"));
        Assert.Single(agent.Report().Pairs);
        Assert.Equal(1, Answers(elsewhere, null));

        int Answers(TransportAddress from, string? name)
        {
            Sent();
            agent.Handle(now += 1000, 0, from, peer.Check(StunAttribute.IceControlled, 1, name: name));
            return Sent().Count(packet => ScriptedPeer.Parse(packet).Class == StunClass.Success);
        }
    }

    private List<byte[]> Sent()
    {
        var sent = new List<byte[]>();
        while (agent.TryPoll(out _, out _, out var packet))
        {
            sent.Add(packet.ToArray());
        }

        return sent;
    }
}
