using System.Net;
using System.Net.Sockets;
using Alongside.Net.Rtc;

namespace Alongside.Net.Tests.Rtc;

/// <summary>Which of a machine's addresses are used, when it has more than are.</summary>
public sealed class InterfaceAddressTests
{
    [Fact]
    public void Temporary_addresses_do_not_push_out_others()
    {
        var found = new List<InterfaceAddresses.Found>();
        for (int i = 0; i < 20; i++)
        {
            found.Add(Of("eth0", 0, $"2001:db8::{i + 1:x}", isLeaving: i < 18));
        }

        found.Add(Of("eth0", 0, "fd00::1"));
        found.Add(Of("eth0", 0, "192.0.2.1"));
        found.Add(Of("wlan0", 1, "2001:db8:1::1"));
        found.Add(Of("wlan0", 1, "192.0.2.2"));
        Assert.Equal(["2001:db8::13", "2001:db8::14", "fd00::1", "192.0.2.1", "2001:db8:1::1", "192.0.2.2"], Chosen(found));
    }

    [Fact]
    public void What_is_deprecated_is_used_when_there_is_nothing_else() =>
        Assert.Equal(["2001:db8::1"], Chosen([Of("eth0", 0, "2001:db8::1", isLeaving: true)]));

    /// <summary>Many networks of containers: the likeliest interfaces keep theirs, and each family its half.</summary>
    [Theory]
    [InlineData(20, 0)]
    [InlineData(20, 20)]
    [InlineData(3, 20)]
    [InlineData(20, 3)]
    public void No_family_pushes_out_the_other(int ofV4, int ofV6)
    {
        var found = new List<InterfaceAddresses.Found>();
        for (int i = 0; i < ofV4; i++)
        {
            found.Add(Of($"v4-{i}", i == 0 ? 0 : 3, $"10.0.{i}.1"));
        }

        for (int i = 0; i < ofV6; i++)
        {
            found.Add(Of($"v6-{i}", i == 0 ? 0 : 3, $"2001:db8:{i + 1:x}::1"));
        }

        var chosen = InterfaceAddresses.Choose(found, withLoopback: false);
        int four = chosen.Count(address => address.Address.AddressFamily == AddressFamily.InterNetwork);
        Assert.Equal(16, chosen.Count);
        Assert.True(four >= Math.Min(8, ofV4) && chosen.Count - four >= Math.Min(8, ofV6), $"{four} of IPv4");
        Assert.Equal(chosen.Count, chosen.Select(address => address.Preference).Distinct().Count());
        Assert.Contains(chosen, address => address.Address.Equals(IPAddress.Parse("10.0.0.1")));
        Assert.True(ofV6 == 0 || chosen.Any(address => address.Address.Equals(IPAddress.Parse("2001:db8:1::1"))));
    }

    [Fact]
    public void A_bridge_is_inner_only_beside_another_interface()
    {
        var bridge = Of("docker0", 3, "172.17.0.1");
        Assert.False(Assert.Single(InterfaceAddresses.Choose([bridge, Of("lo", 4, "127.0.0.1")], withLoopback: false)).IsInner);
        Assert.Equal([false, true], InterfaceAddresses.Choose([bridge, Of("eth0", 0, "192.0.2.1")], withLoopback: false).Select(address => address.IsInner));
    }

    [Fact]
    public void What_a_peer_cannot_use_is_left_out() =>
        Assert.Equal(["192.0.2.1"], Chosen([Of("lo", 4, "127.0.0.1"), Of("lo", 4, "::1"), Of("eth0", 0, "fe80::1"), Of("eth0", 0, "192.0.2.1"), Of("eth1", 0, "192.0.2.1")]));

    [Fact]
    public void Linux_says_which_are_deprecated()
    {
        Assert.True(DeprecatedAddresses.TryRead("20010db8000000000000000000000007 02 40 00 21     eth0", out var address));
        Assert.Equal(IPAddress.Parse("2001:db8::7"), address);
        Assert.False(DeprecatedAddresses.TryRead("20010db8000000000000000000000007 02 40 00 81     eth0", out _));
        Assert.False(DeprecatedAddresses.TryRead("2001:db8::7 02 40 00 20 eth0", out _));
        Assert.False(DeprecatedAddresses.TryRead("20010db80000000000000000000000zz 02 40 00 20 eth0", out _));
        Assert.False(DeprecatedAddresses.TryRead("", out _));
    }

    private static InterfaceAddresses.Found Of(string nic, int rank, string address, bool isLeaving = false) => new(nic, rank, IPAddress.Parse(address), isLeaving);

    private static IEnumerable<string> Chosen(IEnumerable<InterfaceAddresses.Found> found) =>
        InterfaceAddresses.Choose(found, withLoopback: false).Select(address => address.Address.ToString());
}
