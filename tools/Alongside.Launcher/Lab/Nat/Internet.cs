using System.Text.Json;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>What all sides have in common: a switch with public addresses, and our server at one of them, on the port that firewalls let through.</summary>
internal sealed class Internet
{
    private const string TurnAddress = "198.51.100.2", TurnPort = "3480", TurnSecret = "known to both";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Space space;
    private readonly Child server;

    private readonly Child? turn;

    private Internet(Space space, Child server, Child? turn, string fingerprint) => (this.space, this.server, this.turn, Fingerprint) = (space, server, turn, fingerprint);

    /// <summary>Of the certificate that the server has made.</summary>
    public string Fingerprint { get; }

    /// <summary>The server as a side with or without IPv4 reaches it.</summary>
    public static string ServerFor(NatKind kind) => kind.HasV4 ? "https://198.51.100.1" : "https://[2001:db8:100::1]";

    /// <summary>Where a side's router is.</summary>
    public static string AddressOf(int side) => $"198.51.100.{side}0";

    /// <param name="withTurn">With a coturn beside the server, whose secret the server knows.</param>
    public static async Task<Internet> StartAsync(Starter starter, Layout layout, string data, bool withTurn, CancellationToken stop)
    {
        var space = await Space.CreateAsync(starter, "internet");
        await space.RunAsync(
            "ip link add name core type bridge; ip link set core up; ip addr add 198.51.100.1/24 dev core; ip -6 addr add 2001:db8:100::1/64 dev core nodad; "
            + $"sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1; ip addr add {TurnAddress}/24 dev core");
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var server = await space.StartAsync(new Launch("lab-server", layout.Server,
            ["--port", "443", "--tls", "--data", data, "--web", layout.Web, "--downloads", data, "--json", "--rooms-per-source", "1000", "--joins-per-source", "1000",
            .. withTurn ? (string[])["--turn", $"turn:{TurnAddress}:{TurnPort}", "--turn-secret", TurnSecret] : []])
        {
            Line = _ => ready.TrySetResult(),
        });
        await Task.WhenAny(ready.Task, server.Exited, Task.Delay(Patience, stop));
        stop.ThrowIfCancellationRequested();
        if (!ready.Task.IsCompleted)
        {
            throw new StartException($"The laboratory's server did not start. Its last words, from {server.Log}:\n{server.Tail()}");
        }

        using var http = Door.Client(space);
        using var facts = JsonDocument.Parse(await http.GetStringAsync(new Uri("https://127.0.0.1/api/server"), stop));
        var turn = withTurn ? await StartTurnAsync(space, data) : null;
        return new(space, server, turn, facts.RootElement.GetProperty("fingerprint").GetString()!);
    }

    /// <summary>A router's wire: its end is <c>wan</c>.</summary>
    /// <param name="network">What is public behind it; null: nothing.</param>
    /// <param name="network6">The same of IPv6.</param>
    public async Task AttachAsync(Space router, int side, string? network, string network6)
    {
        await space.WireAsync($"side{side}", router, "wan");

        // The same hardware address each time: the next router at this address is not to wait until the last one's is forgotten.
        await router.RunAsync(
            $"ip link set wan address 02:00:00:00:00:{side}0; ip link set wan up; ip addr add {AddressOf(side)}/24 dev wan; ip route add default via 198.51.100.1; "
            + $"ip -6 addr add 2001:db8:100::{side}0/64 dev wan nodad; ip -6 route add default via 2001:db8:100::1; "
            + "sysctl -q -w net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        await space.RunAsync(
            $"ip link set side{side} master core; ip -6 route add {network6} via 2001:db8:100::{side}0"
            + (network is null ? "" : $"; ip route add {network} via {AddressOf(side)}"));
    }

    public Task DetachAsync(int side) => space.RunAsync(
        $"ip link del side{side} 2>/dev/null || true; ip -6 route flush via 2001:db8:100::{side}0; ip route flush via {AddressOf(side)}");

    private static async Task<Child> StartTurnAsync(Space space, string folder)
    {
        var turn = await space.StartAsync(new Launch("lab-turn", "turnserver",
            ["-n", "-L", TurnAddress, "-E", TurnAddress, "-p", TurnPort, "--no-tls", "--no-dtls", "--no-cli", "--use-auth-secret", "--static-auth-secret", TurnSecret, "-r", "laboratory",
            "--log-file", "stdout", "--pidfile", Path.Combine(folder, "turn.pid"), "--userdb", Path.Combine(folder, "turn.db")]));

        // Ready when its TCP port is: what it takes by UDP it takes then too.
        for (int tries = 0; ; tries++)
        {
            var look = await space.StartAsync(new Launch("lab-look", "sh", ["-c", $"ss -ltnH 'src {TurnAddress} and sport = :{TurnPort}' | grep -q ."]));
            await look.Exited;
            if (look.ExitCode == 0)
            {
                return turn;
            }

            if (turn.HasExited || tries == 300)
            {
                throw new StartException($"The laboratory's TURN server did not start. Its last words, from {turn.Log}:\n{turn.Tail()}");
            }

            await Task.Delay(100);
        }
    }

    public async Task StopAsync()
    {
        await (turn?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask);
        await server.StopAsync(TimeSpan.FromSeconds(5));
        await space.StopAsync();
    }
}
