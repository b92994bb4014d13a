using System.Net;
using Alongside.Net.Relay;

namespace Alongside.Net.Tests.Relay;

/// <summary>Whether an address is this machine's, and that a connection hears when it no longer is.</summary>
public sealed class OwnAddresses
{
    // RFC 5737: nobody's.
    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.77", false)]
    public void An_address_is_here_when_a_socket_can_have_it(string address, bool isHere) => Assert.Equal(isHere, OwnAddress.IsHere(IPAddress.Parse(address)));

    [Fact]
    public async Task What_is_gone_is_told_once()
    {
        var told = new TaskCompletionSource();
        int count = 0;
        using var own = new OwnAddress(IPAddress.Parse("192.0.2.77"), () =>
        {
            Interlocked.Increment(ref count);
            told.TrySetResult();
        });
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, count);
    }
}
