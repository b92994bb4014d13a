using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Tests.Rtc;

/// <summary>The sockets packets leave through.</summary>
public sealed class Legs
{
    /// <summary>Who sends holds the lock that everything waits for; who receives has nothing else to do.</summary>
    [Fact]
    public async Task A_socket_waits_to_receive_and_never_to_send()
    {
        using var from = UdpLeg.TryOpen(IPAddress.Loopback, 65_536)!;
        using var to = UdpLeg.TryOpen(IPAddress.Loopback, 65_536)!;
        Assert.False(from.Socket.Blocking);
        var packet = new byte[64];
        Assert.False(to.TryReceive(packet, out _));
        var waiting = to.Socket.ReceiveFromAsync(packet, SocketFlags.None, to.From).AsTask();
        Assert.False(waiting.IsCompleted);
        Assert.True(from.TrySend(TransportAddress.From(to.Address), "hello"u8));
        Assert.Equal(5, await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(TransportAddress.From(from.Address), SocketAddresses.Read(to.From));
    }

    [Fact]
    public void An_address_that_is_not_here_has_no_socket() => Assert.Null(UdpLeg.TryOpen(IPAddress.Parse("192.0.2.77"), 65_536));
}
