using System.Collections.Concurrent;
using Alongside.Net.Rtc;
using Alongside.Rtc.Ice;
using Alongside.Testing;

namespace Alongside.Net.Tests.Rtc;

/// <summary>Two drivers over real sockets of this machine.</summary>
public sealed class IceDrivers
{
    [Fact]
    public async Task Two_find_each_other_and_data_goes_both_ways()
    {
        await using var a = new Side(true, null);
        await using var b = new Side(false, null);
        Side.Introduce(a, b);
        await a.ConnectedAsync();
        await b.ConnectedAsync();
        for (int i = 0; i < 50; i++)
        {
            a.Send(0x80, (byte)i);
            b.Send(0x81, (byte)i);
        }

        await Eventually.TrueAsync(() => a.Received.Contains(0x8131) && b.Received.Contains(0x8031));
        Assert.Equal(IceTrouble.None, a.Driver.Report().Trouble);
    }

    /// <summary>As with a browser that has no UDP: its candidate is one that connects.</summary>
    [Fact]
    public async Task A_listener_is_told_as_a_candidate()
    {
        await using var side = new Side(false, 0);
        side.Driver.Start();
        await Eventually.TrueAsync(() => side.Candidates.Any(candidate => candidate.Transport == CandidateTransport.TcpPassive && candidate.Address.Port != 0));
    }

    [Fact]
    public async Task A_restart_finds_a_path_again_and_data_does_not_stop_meanwhile()
    {
        await using var a = new Side(true, null);
        await using var b = new Side(false, null);
        Side.Introduce(a, b);
        await a.ConnectedAsync();
        await b.ConnectedAsync();
        int selections = a.Selections;
        a.Driver.Restart();
        a.Send(0x80, 99);
        await Eventually.TrueAsync(() => b.Received.Contains(0x8063));
        await Eventually.TrueAsync(() => a.Selections > selections);
        a.Send(0x80, 100);
        await Eventually.TrueAsync(() => b.Received.Contains(0x8064));
    }

    private sealed class Side : IAsyncDisposable, IDatagramMachine
    {
        private Side? other;
        private int selections;

        public Side(bool isControlling, int? tcpPort) => Driver = new(
            new IceDriverOptions { WithLoopback = true, TcpPort = tcpPort, Ice = new IceOptions { IsControlling = isControlling, Pacing = 20_000 } },
            TimeProvider.System, Happened, this);

        public IceDriver Driver { get; }

        long IDatagramMachine.NextTimeout => long.MaxValue;

        public ConcurrentBag<int> Received { get; } = [];

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

        void IDatagramMachine.Handle(long now, ReadOnlySpan<byte> datagram) => Received.Add((datagram[0] << 8) | datagram[1]);

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
                    Tell(side => side.AddRemote(local.Candidate));
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
