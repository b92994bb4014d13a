using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Rtc.Ice;

// The servers: what they say of us, and what they pass on.
public sealed partial class IceTransport
{
    /// <summary>What the STUN servers say of the way out, for the connection doctor.</summary>
    public NatKind Nat()
    {
        var answered = questions.Where(question => question.Mapped is not null && sockets.ContainsKey(question.Socket)).ToArray();
        if (answered.Length == 0)
        {
            return questions.Count > 0 && questions.TrueForAll(question => question.Asked.HasFailed) ? NatKind.Blocked : NatKind.Unknown;
        }

        if (Array.Exists(answered, question => question.Mapped == sockets[question.Socket]))
        {
            return NatKind.None;
        }

        var several = answered.GroupBy(question => question.Socket).Where(group => group.Count() > 1).ToArray();
        return several.Length == 0 ? NatKind.OneAnswer
            : Array.Exists(several, group => group.Select(question => question.Mapped).Distinct().Count() > 1) ? NatKind.Symmetric
            : NatKind.EndpointIndependent;
    }

    private static bool Reaches(TransportAddress local, TransportAddress server) =>
        local.IsV4 == server.IsV4 && local.IsLoopback == server.IsLoopback && (!local.IsLinkLocal || server.IsLinkLocal);

    private bool TryAllocations(long now, int socket, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        foreach (var (_, at, client) in allocations)
        {
            bool isStream = client.Server.Transport != TurnTransport.Udp;
            if (at == socket && (isStream || (client.Address == from && !IsAnswerToQuestion(socket, from, packet))))
            {
                client.Handle(now, packet);
                return true;
            }
        }

        return false;
    }

    /// <summary>A server may be asked for both: how it sees us, and for an allocation.</summary>
    private bool IsAnswerToQuestion(int socket, TransportAddress from, ReadOnlySpan<byte> packet) =>
        questions.Exists(question => question.Socket == socket && question.Asked.Server == from && !question.Asked.IsOver)
        && StunMessage.TryParse(packet, out var message) && message.Method == StunMethod.Binding;

    private bool TryQuestions(long now, int socket, TransportAddress from, ReadOnlySpan<byte> packet)
    {
        if (!StunMessage.TryParse(packet, out var message) || message.Class is StunClass.Request or StunClass.Indication)
        {
            return false;
        }

        foreach (var (at, question, before) in questions)
        {
            if (at == socket && question.TryHandle(now, from, message))
            {
                if (question.Mapped is { } mapped)
                {
                    if (before is { } old && !questions.Exists(other => other.Socket == socket && other.Mapped == old))
                    {
                        Agent.RemoveReflexive(socket, old);
                    }

                    Agent.AddReflexive(now, socket, mapped);
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>ICE begins anew: how the servers see the sockets that stay may have changed with the way out. What they said counts until they have said it again.</summary>
    private void AskAgain()
    {
        for (int i = 0; i < questions.Count; i++)
        {
            if (questions[i] is { Asked.IsOver: true } question)
            {
                questions[i] = new(question.Socket, new StunQuestion(question.Asked.Server, random), question.Mapped);
            }
        }
    }

    private void Allocate(long now, int socket, TurnServer server)
    {
        bool isStream = server.Transport != TurnTransport.Udp;
        int ofUdp = allocations.Count(allocation => allocation.Client.Server.Transport == TurnTransport.Udp);
        if (allocations.Count < MaxAllocations && (isStream || ofUdp < MaxAllocations - forStreams))
        {
            allocations.Add(new(nextBase--, socket, new TurnClient(now, server, random)));
        }
    }

    private bool DrainAllocation(long now, Allocation allocation)
    {
        var (baseId, socket, client) = allocation;
        bool any = false;
        while (client.TryPollEvent(out var e))
        {
            Happened(now, baseId, socket, client, e);
            any = true;
        }

        while (client.TryTakeData(out var peer, out var packet))
        {
            Take(now, baseId, peer, packet);
            any = true;
        }

        while (client.TryPoll(out var packet))
        {
            if (sockets.ContainsKey(socket))
            {
                output.Add((socket, client.Address), packet);
            }
        }

        return any;
    }

    private void Happened(long now, int baseId, int socket, TurnClient client, TurnEvent e)
    {
        switch (e)
        {
            case TurnEvent.Allocated allocated:
                // The nearer to the network, the better: UDP, TCP, TLS.
                Agent.AddLocal(
                    now, baseId, CandidateType.Relayed, CandidateTransport.Udp, allocated.Relayed, (ushort)(30_000 - (10_000 * (int)client.Server.Transport)), allocated.Mapped);
                if (allocated.Mapped is { } mapped && client.Server.Transport == TurnTransport.Udp)
                {
                    Agent.AddReflexive(now, socket, mapped);
                }

                break;
            case TurnEvent.Failed failed:
                Agent.RemoveBase(now, baseId);
                events.Enqueue(new IceEvent.TurnFailed(client.Server, failed.Why, failed.Code));
                break;
            case TurnEvent.Redirected redirected when client.Server.Transport != TurnTransport.Udp:
                events.Enqueue(new IceEvent.Connect(client.Server with { Address = redirected.Address }));
                break;
        }
    }
}
