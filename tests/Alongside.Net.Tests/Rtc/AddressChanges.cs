using System.Net;
using Alongside.Net.Rtc;
using Alongside.Rtc.Ice;
using Alongside.Testing;

namespace Alongside.Net.Tests.Rtc;

/// <summary>A driver whose machine gets and loses addresses, and what goes wrong on threads where nobody would take an exception.</summary>
public sealed class AddressChanges : IDatagramMachine
{
    private readonly ManualTime time = new();
    private readonly List<IceEvent> said = [];
    private IReadOnlyList<LocalAddress>? addresses = [At("127.0.0.1")];

    private IceDriverOptions Options => new()
    {
        WithLoopback = true,
        Addresses = _ => addresses ?? throw new InvalidOperationException("They cannot be looked up."),
    };

    private int Restarts => said.Count(e => e is IceEvent.Restarted);

    long IDatagramMachine.NextTimeout => long.MaxValue;

    [Fact]
    public async Task Addresses_that_change_one_after_another_are_one_restart()
    {
        await using var driver = Start(Options);
        foreach (int last in (int[])[2, 3, 4])
        {
            addresses = [.. addresses!, At($"127.0.0.{last}")];
            driver.AddressesChanged(null, EventArgs.Empty);
            time.Advance(IceDriver.Settling / 5);
        }

        Assert.Equal(0, Restarts);
        time.Advance(IceDriver.Settling);
        Assert.Equal(1, Restarts);
        Assert.Equal(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"], driver.Report().Local.Select(candidate => candidate.Address.ToIPAddress().ToString()).Order());

        // And one that goes, later.
        addresses = [.. addresses!.Skip(1)];
        driver.AddressesChanged(null, EventArgs.Empty);
        time.Advance(IceDriver.Settling);
        Assert.Equal(2, Restarts);
        Assert.DoesNotContain(driver.Report().Local, candidate => candidate.Address.ToIPAddress().Equals(IPAddress.Loopback));

        // That they are the same is no change.
        driver.AddressesChanged(null, EventArgs.Empty);
        time.Advance(IceDriver.Settling);
        Assert.Equal(2, Restarts);
    }

    [Fact]
    public async Task Addresses_that_cannot_be_looked_up_are_looked_up_again()
    {
        await using var driver = Start(Options);
        addresses = null;
        driver.AddressesChanged(null, EventArgs.Empty);
        time.Advance(IceDriver.Settling);
        Assert.Equal(0, Restarts);
        addresses = [At("127.0.0.2")];
        time.Advance(IceDriver.Settling);
        Assert.Equal(1, Restarts);
    }

    [Fact]
    public async Task A_fault_while_sockets_are_opened_ends_the_driver_alone()
    {
        await using var driver = Start(Options);
        addresses = [null!];
        driver.AddressesChanged(null, EventArgs.Empty);
        time.Advance(IceDriver.Settling);
        Assert.Equal(new IceEvent.StateChanged(IceState.Failed), said[^1]);

        // Nothing more is done, and nothing that is asked for throws.
        addresses = [At("127.0.0.2")];
        driver.Restart();
        driver.AddressesChanged(null, EventArgs.Empty);
        time.Advance(IceDriver.Settling);
        Assert.Equal(0, Restarts);
    }

    [Fact]
    public async Task A_fault_when_the_timer_rings_ends_the_driver_alone()
    {
        var clock = new Clock(time);
        await using var driver = Start(Options with { Servers = new([new([127, 0, 0, 1], 9)], []) }, clock);
        time.Advance(TimeSpan.FromMilliseconds(1));
        clock.IsBroken = true;
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new IceEvent.StateChanged(IceState.Failed), said[^1]);
    }

    void IDatagramMachine.Handle(long now, ReadOnlySpan<byte> datagram)
    {
    }

    int IDatagramMachine.Poll(long now, Span<byte> datagram) => 0;

    void IDatagramMachine.Tell(long now)
    {
    }

    private static LocalAddress At(string address) => new(IPAddress.Parse(address), 1000, null, IsInner: false);

    private IceDriver Start(IceDriverOptions options, TimeProvider? clock = null)
    {
        var driver = new IceDriver(options, clock ?? time, said.Add, this);
        driver.Start();
        return driver;
    }

    /// <summary>Timers that ring, and a time that cannot be read any more.</summary>
    private sealed class Clock(ManualTime time) : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => IsBroken ? throw new InvalidOperationException("The clock is broken.") : time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => time.CreateTimer(callback, state, dueTime, period);
    }
}
