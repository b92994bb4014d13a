using System.Net;
using Alongside.Core.Wire;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;
using Alongside.Testing;

namespace Alongside.Rtc.Tests.Ice;

/// <summary>Names that browsers give instead of addresses (RFC 6762): the question, the answer, and what the agent does with it.</summary>
public sealed class MdnsTests
{
    private const string Name = "3f7a.local";

    /// <summary>An answer as Avahi gives it: the name once, and from then on by a pointer.</summary>
    private static readonly byte[] Answer =
    [
        0, 0, 0x84, 0, 0, 0, 0, 2, 0, 0, 0, 0,
        4, .. "3f7a"u8, 5, .. "local"u8, 0, 0, 16, 0x80, 1, 0, 0, 0, 120, 0, 1, 0,
        0xC0, 12, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 9,
    ];

    [Fact]
    public void The_question_asks_for_both_kinds_of_address_and_for_an_answer_to_us_alone()
    {
        byte[] name = [4, .. "3f7a"u8, 5, .. "local"u8, 0];
        Assert.Equal((byte[])[0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, .. name, 0, 1, 0x80, 1, .. name, 0, 28, 0x80, 1], MdnsMessage.Ask(Name));
    }

    [Fact]
    public void The_address_of_the_name_is_read_and_of_no_other()
    {
        Assert.Equal(IPAddress.Parse("192.0.2.9"), MdnsMessage.ReadAnswer(Answer, "3F7A.local"));
        Assert.Null(MdnsMessage.ReadAnswer(Answer, "other.local"));
        Assert.Null(MdnsMessage.ReadAnswer(MdnsMessage.Ask(Name), Name));
    }

    [Fact]
    public void An_answer_cut_short_or_that_points_at_itself_is_refused()
    {
        for (int length = 0; length < Answer.Length; length++)
        {
            Assert.Throws<ProtocolException>(() => MdnsMessage.ReadAnswer(Answer.AsSpan(0, length), Name));
        }

        byte[] loop = [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0xC0, 12, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 0, 2, 9];
        Assert.Throws<ProtocolException>(() => MdnsMessage.ReadAnswer(loop, Name));
    }

    [Fact]
    public void A_named_candidate_is_asked_for_once_and_checked_at_the_port_it_had()
    {
        var agent = new IceAgent(1, new() { IsControlling = true }, new SeededRandomSource(1));
        agent.AddLocal(1, 0, CandidateType.Host, CandidateTransport.Udp, new([192, 0, 2, 1], 4000), 1);
        agent.SetRemote(1, new("PEER", "PEERPEERPEERPEERPEERPEER"));
        var named = new IceCandidate("1", CandidateTransport.Udp, 100, new([0, 0, 0, 0], 7000), CandidateType.Host, HostName: Name);
        agent.AddRemote(1, named);
        agent.AddRemote(1, named);
        var asked = new List<string>();
        while (agent.TryPollEvent(out var e))
        {
            if (e is IceEvent.Resolve resolve)
            {
                asked.Add(resolve.HostName);
            }
        }

        Assert.Equal([Name], asked);
        Assert.False(agent.TryPoll(out _, out _, out _));
        agent.Resolved(2, "other.local", new([192, 0, 2, 8], 0));
        Assert.False(agent.TryPoll(out _, out _, out _));
        agent.Resolved(2, Name, new([192, 0, 2, 9], 0));
        Assert.True(agent.TryPoll(out _, out var to, out _));
        Assert.Equal(new TransportAddress([192, 0, 2, 9], 7000), to);
    }
}
