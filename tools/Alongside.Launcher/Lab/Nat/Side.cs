using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>
/// One machine and what is between it and the internet.
/// <code>
/// machine ── lan, router, wan ── the internet
/// machine ── lan, router, wan ── lan, the provider's router, wan ── the internet        (double)
/// </code>
/// </summary>
/// <param name="number">1 for the host's side, 2 for the viewer's: its addresses.</param>
internal sealed class Side(Starter starter, Internet internet, NatKind kind, int number)
{
    private readonly List<Space> spaces = [];
    private Space inner = null!;
    private Space machine = null!;

    private string Prefix => kind == NatKind.Open ? $"198.51.10{number}" : $"10.{number}.0";

    private string Prefix6 => $"2001:db8:{number}:";

    /// <summary>The router that the machine sees.</summary>
    public Space Router => inner;

    /// <summary>Builds it; gives where the program runs.</summary>
    public async Task<Space> BuildAsync()
    {
        var outer = inner = await AddAsync("router");
        await internet.AttachAsync(outer, number, kind == NatKind.Open ? $"{Prefix}.0/24" : null, $"{Prefix6}:/64");
        if (kind == NatKind.Double)
        {
            string between = $"100.64.{number}";
            inner = await AddAsync("home");
            await BeginLanAsync(outer, between);
            await JoinLanAsync(outer, between, inner, "wan", 2);
            await inner.RunAsync($"sysctl -q -w net.ipv4.ip_forward=1; {kind.Rules}");
        }

        await BeginLanAsync(inner, Prefix);
        machine = await AddMachineAsync(2);
        await outer.RunAsync($"wan={Internet.AddressOf(number)}; host={Prefix}.2; {kind.Rules}");
        return machine;
    }

    /// <summary>The machine gets another IPv4 address, and has the old one no longer.</summary>
    public Task MoveAsync() => machine.RunAsync(
        $"sysctl -q -w net.ipv4.conf.all.promote_secondaries=1 net.ipv4.conf.eth0.promote_secondaries=1; ip addr add {Prefix}.9/24 dev eth0; ip addr del {Prefix}.2/24 dev eth0; ip route replace default via {Prefix}.1");

    /// <summary>Another machine on the same network.</summary>
    public Task<Space> AddNeighbourAsync() => AddMachineAsync(3);

    public async Task StopAsync()
    {
        await internet.DetachAsync(number);
        foreach (var space in spaces)
        {
            await space.StopAsync();
        }
    }

    private async Task<Space> AddMachineAsync(int place)
    {
        var machine = await AddAsync("machine");
        await JoinLanAsync(inner, Prefix, machine, "eth0", place);
        return machine;
    }

    private async Task<Space> AddAsync(string what)
    {
        var space = await Space.CreateAsync(starter, $"{what}-{number}");
        spaces.Add(space);
        return space;
    }

    private Task BeginLanAsync(Space router, string prefix) => router.RunAsync(
        $"ip link add name lan type bridge; ip link set lan up; ip addr add {prefix}.1/24 dev lan; ip -6 addr add {Prefix6}:1/64 dev lan nodad");

    private async Task JoinLanAsync(Space router, string prefix, Space space, string device, int place)
    {
        await router.WireAsync($"port{place}", space, device);
        await router.RunAsync($"ip link set port{place} master lan");
        await space.RunAsync($"ip link set {device} up; " + (kind.HasV4
            ? $"ip addr add {prefix}.{place}/24 dev {device}; ip route add default via {prefix}.1"
            : $"ip -6 addr add {Prefix6}:{place}/64 dev {device} nodad; ip -6 route add default via {Prefix6}:1"));
    }
}
