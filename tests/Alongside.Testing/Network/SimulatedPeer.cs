using System.Buffers.Binary;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;

namespace Alongside.Testing.Network;

/// <summary>
/// A machine with an agent: it drives <see cref="IceTransport"/> as production does, over sockets of the simulated network, signals to the other side over a relay that
/// works from the first moment, and sends numbered data once there is a path, which the other side checks.
/// </summary>
public sealed class SimulatedPeer : IStation
{
    private readonly SimulatedNetwork network;
    private readonly List<(TransportAddress Address, Realm Realm)> sockets = [];
    private readonly HashSet<int> closed = [];
    private readonly StunTurnServer? turnOverTcp;
    private readonly HashSet<uint> seen = [];
    private long upFree;
    private long downFree;
    private long timerAt = long.MaxValue;
    private uint sent;
    private ushort nextPort = 10_000;

    public SimulatedPeer(SimulatedNetwork network, Line line, IceOptions options, IceServers servers, StunTurnServer? turnOverTcp = null)
    {
        this.network = network;
        Line = line;
        this.turnOverTcp = turnOverTcp;
        Transport = new(network.Time.Now, options, servers, network.Random);
        Options = options;
    }

    public IceOptions Options { get; }

    public Line Line { get; }

    public IceTransport Transport { get; }

    public SimulatedPeer Other { get; private set; } = null!;

    public IceState State => Transport.Agent.State;

    public List<(long At, PairReport Pair)> Selections { get; } = [];

    public List<(long At, IceState State)> States { get; } = [];

    public long Received { get; private set; }

    public long Wrong { get; private set; }

    public long Repeated { get; private set; }

    public long LastReceivedAt { get; private set; }

    /// <summary>How often the other side was told our credentials.</summary>
    public int Described { get; private set; }

    /// <summary>Microseconds from one side to the other over the signalling relay.</summary>
    public long SignalDelay { get; set; } = 40_000;

    /// <summary>Both are told of each other.</summary>
    public static void Introduce(SimulatedPeer a, SimulatedPeer b)
    {
        (a.Other, b.Other) = (b, a);
        a.Describe(a.Transport.Agent.Credentials);
        b.Describe(b.Transport.Agent.Credentials);
        a.Drain();
        b.Drain();
    }

    public void AddInterface(Realm realm, TransportAddress address, ushort preference = 1000)
    {
        int socket = sockets.Count;
        var bound = address.WithPort(nextPort++);
        sockets.Add((bound, realm));
        realm.Attach(bound, this);
        Transport.AddSocket(network.Time.Now, socket, bound, preference);
        Drain();
    }

    /// <summary>The machine is elsewhere: what it had is gone, it has another address, and starts its checks anew.</summary>
    public void Roam(Realm realm, TransportAddress address)
    {
        for (int i = 0; i < sockets.Count; i++)
        {
            if (closed.Add(i))
            {
                sockets[i].Realm.Detach(sockets[i].Address);
                Transport.RemoveSocket(network.Time.Now, i);
            }
        }

        AddInterface(realm, address);
        Restart();
    }

    public void Restart()
    {
        Transport.Restart(network.Time.Now);
        Drain();
    }

    /// <summary>Sends numbered data every so often until the end of the run.</summary>
    public void Talk(long every, int length)
    {
        network.Time.After(every, () =>
        {
            var packet = new byte[length];
            packet[0] = 0x80;
            BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(1), sent);
            for (int i = 5; i < length; i++)
            {
                packet[i] = (byte)(sent * 31 + i);
            }

            if (Transport.Agent.HasPath)
            {
                sent++;
                Transport.Send(network.Time.Now, packet);
                Drain();
            }

            Talk(every, length);
        });
    }

    public void Deliver(TransportAddress from, TransportAddress to, ReadOnlyMemory<byte> packet) =>
        network.Travel(Line, ref downFree, packet.Length, () =>
        {
            int socket = sockets.FindIndex(socket => socket.Address == to);
            if (socket >= 0 && !closed.Contains(socket))
            {
                network.Note(from, to, packet.Span);
                Transport.Handle(network.Time.Now, socket, from, packet.Span);
                Drain();
            }
        });

    private void Drain()
    {
        while (Transport.TryPoll(out int socket, out var to, out var packet))
        {
            Leave(socket, to, packet.ToArray());
        }

        while (Transport.TryTakeData(out var data))
        {
            Check(data);
        }

        while (Transport.TryPollEvent(out var e))
        {
            Happened(e);
        }

        long due = Transport.NextTimeout;
        if (due < timerAt)
        {
            timerAt = due;
            network.Time.At(due, () =>
            {
                if (timerAt != due)
                {
                    return;
                }

                timerAt = long.MaxValue;
                if (Transport.NextTimeout <= network.Time.Now)
                {
                    Transport.HandleTimeout(network.Time.Now);
                }

                Drain();
            });
        }
    }

    private void Leave(int socket, TransportAddress to, byte[] packet)
    {
        if (closed.Contains(socket))
        {
            return;
        }

        var (from, realm) = sockets[socket];
        if (to.Port == 443)
        {
            // The connection to the TURN server: nothing is lost on it, and it keeps its order.
            network.Time.After(Line.Delay, () => turnOverTcp!.HandleClient(from, packet, answer => network.Time.After(Line.Delay, () =>
            {
                if (!closed.Contains(socket))
                {
                    Transport.Handle(network.Time.Now, socket, to, Padded(answer));
                    Drain();
                }
            })));
            return;
        }

        network.Travel(Line, ref upFree, packet.Length, () => realm.Send(from, to, packet));
    }

    /// <summary>ChannelData on a stream ends at four bytes.</summary>
    private static byte[] Padded(byte[] message) => [.. message, .. new byte[-message.Length & 3]];

    private void Happened(IceEvent e)
    {
        switch (e)
        {
            case IceEvent.LocalCandidate local:
                Signal(other => other.Transport.AddRemote(network.Time.Now, local.Candidate));
                break;
            case IceEvent.Restarted restarted:
                Describe(restarted.Credentials);
                break;
            case IceEvent.Selected selected:
                Selections.Add((network.Time.Now, selected.Pair));
                break;
            case IceEvent.StateChanged changed:
                States.Add((network.Time.Now, changed.State));
                break;
            case IceEvent.Connect connect:
                Connect(connect.Server);
                break;
        }
    }

    private void Connect(TurnServer server)
    {
        if (turnOverTcp is null)
        {
            Transport.TurnUnreachable(server);
            return;
        }

        network.Time.After(Line.Delay * 2, () =>
        {
            // Of the machine's own realm: the server sees something else, which changes nothing.
            int socket = sockets.Count;
            sockets.Add((new([198, 51, 100, (byte)socket], (ushort)(30_000 + network.Random.Next(10_000))), network.Internet));
            Transport.AddTurnConnection(network.Time.Now, socket, sockets[socket].Address, server);
            Drain();
        });
    }

    private void Describe(IceCredentials credentials)
    {
        Described++;
        Signal(other => other.Transport.SetRemote(network.Time.Now, credentials, Options.IsLite, Options.Pacing));
    }

    private void Signal(Action<SimulatedPeer> arrives)
    {
        var other = Other;
        if (other is null)
        {
            network.Time.After(0, () => Signal(arrives));
            return;
        }

        network.Time.After(SignalDelay, () =>
        {
            arrives(other);
            other.Drain();
        });
    }

    private void Check(ReadOnlySpan<byte> packet)
    {
        uint number = packet.Length >= 5 ? BinaryPrimitives.ReadUInt32BigEndian(packet[1..]) : uint.MaxValue;
        bool isRight = packet.Length >= 5 && packet[0] == 0x80;
        for (int i = 5; i < packet.Length; i++)
        {
            isRight &= packet[i] == (byte)(number * 31 + i);
        }

        Received++;
        LastReceivedAt = network.Time.Now;
        Wrong += isRight ? 0 : 1;
        Repeated += seen.Add(number) ? 0 : 1;
    }
}
