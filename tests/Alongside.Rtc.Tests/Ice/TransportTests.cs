using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;

namespace Alongside.Rtc.Tests.Ice;

/// <summary>What a transport asks of its servers, for which of its sockets, and for how long.</summary>
public sealed class TransportTests
{
    private static readonly TransportAddress Server = new([198, 18, 0, 1], 3478);
    private static readonly TurnServer Udp = new(TurnTransport.Udp, Server, StunTurnServer.Username, StunTurnServer.Password);
    private static readonly TurnServer Tcp = Udp with { Transport = TurnTransport.Tcp };
    private long now = 1_000_000;

    [Fact]
    public void An_allocation_whose_socket_is_gone_makes_room_for_another()
    {
        var transport = Make(new([], [Udp]));
        for (int socket = 0; socket < 30; socket++)
        {
            transport.AddSocket(now, socket, At(socket), 1000);
            Assert.Equal(1, Allocations(transport));
            transport.RemoveSocket(now, socket);
        }
    }

    /// <summary>A laptop that is carried about all day: each time its socket is another, and only the server's address leads to it.</summary>
    [Fact]
    public void Who_roams_again_and_again_has_a_relayed_path_each_time()
    {
        var network = new SimulatedNetwork(7);
        var turn = new StunTurnServer(network, Server);
        network.Internet.Passes = (from, to, _) => from.SameHost(Server) || to.SameHost(Server);
        var (host, viewer) = (Peer(true), Peer(false));
        host.AddInterface(network.Internet, new([203, 0, 113, 1], 1));
        viewer.AddInterface(network.Internet, new([203, 0, 114, 1], 1));
        SimulatedPeer.Introduce(host, viewer);
        host.Talk(50_000, 100);
        viewer.Talk(50_000, 100);
        network.Time.RunTo(network.Time.Now + 5_000_000);
        var seen = new HashSet<string>();
        for (byte i = 2; i < 14; i++)
        {
            host.Roam(network.Internet, new([203, 0, 113, i], 1));
            long began = network.Time.Now;
            network.Time.RunTo(began + 10_000_000);
            Assert.Equal((IceState.Connected, IceState.Connected), (host.State, viewer.State));
            Assert.True(host.Selections[^1].At > began && host.LastReceivedAt > began + 9_000_000, $"place {i}");
            string foundation = Assert.Single(host.Transport.Agent.Report().Local, candidate => candidate.Type == CandidateType.Relayed).Foundation;
            Assert.True(seen.Add(foundation), "an allocation's number was used before");
        }

        SimulatedPeer Peer(bool isControlling) => new(network, new(2_000), new() { IsControlling = isControlling, Pacing = 20_000 }, new([], [Udp]), turn);
    }

    [Fact]
    public void Servers_over_TCP_find_room_however_many_sockets_there_are()
    {
        var transport = Make(new([], [Udp, Tcp, Tcp]));
        for (int socket = 0; socket < 12; socket++)
        {
            transport.AddSocket(now, socket, At(socket), 1000);
        }

        Assert.Equal(6, Allocations(transport));
        transport.AddTurnConnection(now, 20, At(20), Tcp);
        transport.AddTurnConnection(now, 21, At(21), Tcp);
        Assert.Equal(2, Allocations(transport));
    }

    [Fact]
    public void A_bridge_of_the_machine_s_own_borrows_no_address()
    {
        var transport = Make(new([], [Udp]));
        transport.AddSocket(now, 0, At(0), 1000, borrows: false);
        Assert.Equal(0, Allocations(transport));
    }

    /// <summary>The way out may be another than before: how the socket that stays is seen is asked again, and what was said before is told until then.</summary>
    [Fact]
    public void A_restart_asks_again_how_sockets_are_seen()
    {
        TransportAddress first = new([192, 0, 2, 10], 1), second = new([192, 0, 2, 20], 2);
        var transport = Make(new([Server], []));
        transport.AddSocket(now, 0, At(0), 1000);
        Answer(transport, first);
        Assert.Equal([At(0), first], Told(transport));

        transport.Restart(now);
        Assert.Equal([At(0), first], Told(transport));
        Answer(transport, second);
        Assert.Equal([second], Told(transport));
        Assert.Equal(NatKind.OneAnswer, transport.Nat());

        // Nobody answers: what is known stays.
        transport.Restart(now);
        Assert.Equal([At(0), second], Told(transport));
        transport.HandleTimeout(now += 1000);
        transport.Restart(now);
        Assert.Equal([At(0), second], Told(transport));
        Assert.Equal(NatKind.OneAnswer, transport.Nat());
    }

    private static TransportAddress At(int socket) => new([203, 0, 113, (byte)(socket + 1)], 4000);

    private static List<TransportAddress> Told(IceTransport transport)
    {
        var told = new List<TransportAddress>();
        while (transport.TryPollEvent(out var e))
        {
            if (e is IceEvent.LocalCandidate local)
            {
                told.Add(local.Candidate.Address);
            }
        }

        return told;
    }

    /// <summary>Requests for an allocation that have left since it was asked last.</summary>
    private static int Allocations(IceTransport transport)
    {
        int count = 0;
        while (transport.TryPoll(out _, out _, out var packet))
        {
            count += ScriptedPeer.Parse(packet).Method == StunMethod.Allocate ? 1 : 0;
        }

        return count;
    }

    private IceTransport Make(IceServers servers) => new(now, new(), servers, new SeededRandomSource(9));

    /// <summary>Answers the question that is due.</summary>
    private void Answer(IceTransport transport, TransportAddress mapped)
    {
        transport.HandleTimeout(now += 1000);
        Assert.True(transport.TryPoll(out int socket, out var to, out var question));
        Assert.Equal(Server, to);
        var writer = new StunWriter(new byte[128], StunMethod.Binding, StunClass.Success, ScriptedPeer.Parse(question).TransactionId);
        writer.WriteXorAddress(StunAttribute.XorMappedAddress, mapped);
        transport.Handle(now += 1000, socket, Server, writer.Written);
    }
}
