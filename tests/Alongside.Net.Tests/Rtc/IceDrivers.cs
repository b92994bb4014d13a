using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Stun;
using Alongside.Rtc.Turn;
using Alongside.Rtc.Wire;
using Alongside.Testing;
using Alongside.Testing.Network;
using Alongside.Testing.Turn;

namespace Alongside.Net.Tests.Rtc;

/// <summary>Two drivers over real sockets of this machine.</summary>
public sealed class IceDrivers
{
    private static readonly IceDriverOptions OnThisMachine = new() { WithLoopback = true };

    [Fact]
    public async Task Two_find_each_other_and_data_goes_both_ways()
    {
        await using var two = await Two.MeetAsync(new Side(true, OnThisMachine), new Side(false, OnThisMachine));
        var (a, b) = two;
        for (int i = 0; i < 50; i++)
        {
            a.Send(0x80, (byte)i);
            b.Send(0x81, (byte)i);
        }

        await Eventually.TrueAsync(() => a.Received.Contains(0x8131) && b.Received.Contains(0x8031));
        Assert.Equal(IceTrouble.None, a.Driver.Report().Trouble);
    }

    /// <summary>Packets of a length leave by one call, which the system cuts apart; a longer one behind them is not cut.</summary>
    [Fact]
    public async Task What_is_sent_together_arrives_apart()
    {
        await using var two = await Two.MeetAsync(new Side(true, OnThisMachine), new Side(false, OnThisMachine));
        var (a, b) = two;
        int[] lengths = [.. Enumerable.Repeat(1000, 40), 500, 1200, 1200, 1200, 100, 1300, 2, 2, 3];
        a.Driver.Do((now, ice) =>
        {
            foreach (int length in lengths)
            {
                var packet = new byte[length];
                packet[0] = 0x80;
                packet[^1] = (byte)length;
                ice.Send(now, packet);
            }
        });
        await Eventually.TrueAsync(() => b.Lengths.Count == lengths.Length);
        Assert.Equal(lengths, b.Lengths);
    }

    /// <summary>As with a browser that has no UDP: its candidate is one that connects.</summary>
    [Fact]
    public async Task A_listener_is_told_as_a_candidate()
    {
        await using var side = new Side(false, OnThisMachine with { TcpPort = 0 });
        side.Driver.Start();
        await Eventually.TrueAsync(() => side.Candidates.Any(candidate => candidate.Transport == CandidateTransport.TcpPassive && candidate.Address.Port != 0));
    }

    [Fact]
    public async Task A_restart_finds_a_path_again_and_data_does_not_stop_meanwhile()
    {
        await using var two = await Two.MeetAsync(new Side(true, OnThisMachine), new Side(false, OnThisMachine));
        var (a, b) = two;
        int selections = a.Selections;
        a.Driver.Restart();
        a.Send(0x80, 99);
        await Eventually.TrueAsync(() => b.Received.Contains(0x8063));
        await Eventually.TrueAsync(() => a.Selections > selections);
        a.Send(0x80, 100);
        await Eventually.TrueAsync(() => b.Received.Contains(0x8064));
    }

    /// <summary>The real coturn lends the only addresses that the two are told.</summary>
    [Theory]
    [InlineData(TurnTransport.Udp)]
    [InlineData(TurnTransport.Tcp)]
    public async Task Two_who_know_only_their_relayed_addresses_talk_by_way_of_them(TurnTransport transport)
    {
        await using var coturn = await Coturn.StartAsync();
        var credentials = TurnCredentials.Issue(Coturn.Secret, DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 600, "test");
        var server = new TurnServer(transport, TransportAddress.From(new(IPAddress.Loopback, coturn.Port)), credentials.Username, credentials.Password);
        var options = OnThisMachine with { Servers = new([], [server]) };
        await using var two = await Two.MeetAsync(
            new Side(true, options, candidate => candidate.Type == CandidateType.Relayed),
            new Side(false, options, candidate => candidate.Type == CandidateType.Relayed));
        var (a, b) = two;
        for (int i = 0; i < 50; i++)
        {
            a.Send(0x80, (byte)i);
            b.Send(0x81, (byte)i);
        }

        await Eventually.TrueAsync(() => a.Received.Contains(0x8131) && b.Received.Contains(0x8031));
        Assert.Equal((IceTrouble.OnlyRelayed, IceTrouble.OnlyRelayed), (a.Driver.Report().Trouble, b.Driver.Report().Trouble));
    }

    /// <summary>A browser's name instead of its address; only who resolves it can find the other, who is told nothing.</summary>
    [Fact]
    public async Task A_name_is_resolved_and_its_address_is_used()
    {
        const string name = "3f7a.local";
        var asked = new ConcurrentBag<string>();
        var options = OnThisMachine with
        {
            ResolveLocal = (asks, _) =>
            {
                asked.Add(asks);
                return Task.FromResult<IPAddress?>(IPAddress.Loopback);
            },
        };
        await using var two = await Two.MeetAsync(
            new Side(true, options, _ => false),
            new Side(
                false, OnThisMachine, candidate => candidate.Address.IsLoopback && candidate.Address.IsV4, candidate => candidate with { HostName = name, Address = new(new byte[4], candidate.Address.Port) }));
        var (a, b) = two;
        Assert.Equal([name], asked);
        a.Send(0x80, 7);
        await Eventually.TrueAsync(() => b.Received.Contains(0x8007));
    }

    /// <summary>A peer that connects (RFC 6544), its packets framed (RFC 4571) and the first of them in pieces: it leads, and data goes both ways.</summary>
    [Fact]
    public async Task A_peer_that_connects_has_a_path_over_its_connection()
    {
        await using var side = new Side(false, OnThisMachine with { TcpPort = 0 });
        var browser = new ScriptedPeer(side.Driver.Credentials);
        side.Driver.SetRemote(browser.Credentials);
        side.Driver.Start();
        await Eventually.TrueAsync(() => side.Candidates.Any(IsOurs));
        var passive = side.Candidates.First(IsOurs).Address;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, passive.Port);
        var stream = tcp.GetStream();
        foreach (byte one in Framed(browser.Check(StunAttribute.IceControlling, 1, nomination: 0)))
        {
            await stream.WriteAsync(new[] { one });
        }

        bool isAnswered = false;
        while (!isAnswered || side.Driver.Report().State != IceState.Connected)
        {
            byte[] packet = await ReadAsync(stream);
            isAnswered |= ScriptedPeer.Parse(packet).Class == StunClass.Success;
            if (ScriptedPeer.Parse(packet).Class == StunClass.Request)
            {
                await stream.WriteAsync(Framed(browser.Answer(packet, passive)));
                await Eventually.TrueAsync(() => side.Driver.Report().State == IceState.Connected);
            }
        }

        await stream.WriteAsync((byte[])[.. Framed([0x80, 1]), .. Framed([0x80, 2])]);
        await Eventually.TrueAsync(() => side.Received.Contains(0x8001) && side.Received.Contains(0x8002));
        side.Send(0x81, 3);
        byte[] data;
        do
        {
            data = await ReadAsync(stream);
        }
        while (StunMessage.IsStun(data));
        Assert.Equal([0x81, 3], data);

        // Its end is the end of the path.
        tcp.Close();
        await Eventually.TrueAsync(() => !side.Driver.Report().Pairs.Any(pair => pair.IsSelected));

        static bool IsOurs(IceCandidate candidate) => candidate is { Transport: CandidateTransport.TcpPassive, Address: { IsLoopback: true, IsV4: true } };
    }

    private static byte[] Framed(byte[] packet) => [(byte)(packet.Length >> 8), (byte)packet.Length, .. packet];

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var head = new byte[2];
        await stream.ReadExactlyAsync(head, patience.Token);
        var packet = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
        await stream.ReadExactlyAsync(packet, patience.Token);
        return packet;
    }

    /// <summary>Two sides that have met.</summary>
    private sealed class Two : IAsyncDisposable
    {
        private readonly Side a;
        private readonly Side b;

        private Two(Side a, Side b) => (this.a, this.b) = (a, b);

        public static async Task<Two> MeetAsync(Side a, Side b)
        {
            var two = new Two(a, b);
            Side.Introduce(a, b);
            try
            {
                await a.ConnectedAsync();
                await b.ConnectedAsync();
                return two;
            }
            catch
            {
                await two.DisposeAsync();
                throw;
            }
        }

        public void Deconstruct(out Side one, out Side other) => (one, other) = (a, b);

        public async ValueTask DisposeAsync()
        {
            await a.DisposeAsync();
            await b.DisposeAsync();
        }
    }

    private sealed class Side : IAsyncDisposable, IDatagramMachine
    {
        private readonly Func<IceCandidate, bool> tells;
        private readonly Func<IceCandidate, IceCandidate> says;
        private Side? other;
        private int selections;

        /// <param name="tells">Which candidates the other side is told; null: all.</param>
        /// <param name="says">As what.</param>
        public Side(bool isControlling, IceDriverOptions options, Func<IceCandidate, bool>? tells = null, Func<IceCandidate, IceCandidate>? says = null)
        {
            this.tells = tells ?? (_ => true);
            this.says = says ?? (candidate => candidate);
            Driver = new(options with { Ice = new IceOptions { IsControlling = isControlling, Pacing = 20_000 } }, TimeProvider.System, Happened, this);
        }

        public IceDriver Driver { get; }

        long IDatagramMachine.NextTimeout => long.MaxValue;

        public ConcurrentBag<int> Received { get; } = [];

        /// <summary>Of the datagrams that end as they should.</summary>
        public ConcurrentQueue<int> Lengths { get; } = [];

        public ConcurrentBag<IceCandidate> Candidates { get; } = [];

        public int Selections => Volatile.Read(ref selections);

        public static void Introduce(Side a, Side b)
        {
            (a.other, b.other) = (b, a);
            a.Driver.SetRemote(b.Driver.Credentials, pacing: 20_000);
            b.Driver.SetRemote(a.Driver.Credentials, pacing: 20_000);
            a.Driver.Start();
            b.Driver.Start();
        }

        public Task ConnectedAsync() => Eventually.TrueAsync(() => Driver.Report() is { State: IceState.Connected });

        public void Send(byte first, byte second) => Driver.Do((now, ice) => ice.Send(now, [first, second]));

        void IDatagramMachine.Handle(long now, ReadOnlySpan<byte> datagram)
        {
            Received.Add((datagram[0] << 8) | datagram[1]);
            if (datagram[^1] == (byte)datagram.Length)
            {
                Lengths.Enqueue(datagram.Length);
            }
        }

        int IDatagramMachine.Poll(long now, Span<byte> datagram) => 0;

        void IDatagramMachine.Tell(long now)
        {
        }

        public ValueTask DisposeAsync() => Driver.DisposeAsync();

        /// <summary>Signalling: on a thread of its own, as a callback must not call back.</summary>
        private void Happened(IceEvent e)
        {
            switch (e)
            {
                case IceEvent.LocalCandidate local:
                    Candidates.Add(local.Candidate);
                    if (tells(local.Candidate))
                    {
                        Tell(side => side.AddRemote(says(local.Candidate)));
                    }

                    break;
                case IceEvent.Restarted restarted:
                    Tell(side => side.SetRemote(restarted.Credentials, pacing: 20_000));
                    break;
                case IceEvent.Selected:
                    Interlocked.Increment(ref selections);
                    break;
            }
        }

        private readonly Lock order = new();
        private Task told = Task.CompletedTask;

        private void Tell(Action<IceDriver> what)
        {
            lock (order)
            {
                told = told.ContinueWith(_ =>
                {
                    if (other is { } peer)
                    {
                        what(peer.Driver);
                    }
                }, TaskScheduler.Default);
            }
        }
    }
}
