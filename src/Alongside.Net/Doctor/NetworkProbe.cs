using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Alongside.Core.Relay;
using Alongside.Net.Rtc;
using Alongside.Net.Tls;
using Alongside.Rtc.Ice;
using Alongside.Rtc.Wire;

namespace Alongside.Net.Doctor;

/// <summary>What the doctor is to look at.</summary>
/// <param name="Fingerprint">Of the server's certificate; null: one that the system trusts.</param>
/// <param name="MoreStun">STUN servers of others, to compare with.</param>
/// <param name="PortMapping">Whether the router may be asked for a port.</param>
public sealed record ProbeOptions(Uri Server, string? Fingerprint, IReadOnlyList<DnsEndPoint> MoreStun, bool PortMapping);

/// <summary>
/// Tries, one after another, what a session would need: 1. the server's pages; 2. its relay, and what that gives; 3. STUN, from a socket at each address, at two ports of the
/// server or more servers; 4. the router, meanwhile; 5. where there were answers, how many of many questions are lost.
/// </summary>
public static class NetworkProbe
{
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(10);

    /// <summary>STUN's tries and those of a router are over by then.</summary>
    private static readonly TimeSpan GatherPatience = TimeSpan.FromSeconds(12), Look = TimeSpan.FromMilliseconds(50);

    public static async Task<NetworkFindings> RunAsync(ProbeOptions options, CancellationToken cancel)
    {
        var found = await AskServerAsync(options, cancel);
        if (found.ServerTrouble is null)
        {
            found = found with { RelayTrouble = await AskRelayAsync(options, cancel) };
        }

        if (found is { ServerTrouble: null, RelayTrouble: null })
        {
            found = found with { RelayIs = await RelayTrial.RunAsync(options.Server, options.Fingerprint, cancel) };
        }

        return await GatherAsync(options, found, cancel);
    }

    private static async Task<NetworkFindings> AskServerAsync(ProbeOptions options, CancellationToken cancel)
    {
        var found = new NetworkFindings { Server = options.Server };
        using var handler = new SocketsHttpHandler();
        if (options.Fingerprint is { } fingerprint)
        {
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificateFingerprint.Matches(certificate, fingerprint);
        }

        using var http = new HttpClient(handler) { Timeout = AnswerPatience };
        var clock = Stopwatch.StartNew();
        try
        {
            using var facts = JsonDocument.Parse(await http.GetStringAsync(new Uri(options.Server, "/api/server"), cancel));
            return found with { ServerTook = clock.Elapsed.TotalMilliseconds, StunPorts = ReadPorts(facts.RootElement) };
        }
        catch (Exception wrong) when (wrong is HttpRequestException or JsonException or TaskCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return found with { ServerTrouble = wrong is TaskCanceledException ? "It did not answer." : (wrong.InnerException ?? wrong).Message };
        }
    }

    private static int[] ReadPorts(JsonElement facts) =>
        facts.ValueKind == JsonValueKind.Object && facts.TryGetProperty("stun", out var ports) && ports.ValueKind == JsonValueKind.Array
            ? [.. ports.EnumerateArray().Take(4).Where(port => port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out _)).Select(port => port.GetInt32()).Where(port => port is > 0 and <= 65535)]
            : [];

    private static async Task<string?> AskRelayAsync(ProbeOptions options, CancellationToken cancel)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(RelayLimits.Subprotocol);
        if (options.Fingerprint is { } fingerprint)
        {
            socket.Options.RemoteCertificateValidationCallback = (_, certificate, _, _) => CertificateFingerprint.Matches(certificate, fingerprint);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(AnswerPatience);
        try
        {
            await socket.ConnectAsync(new UriBuilder(options.Server) { Scheme = options.Server.Scheme == "https" ? "wss" : "ws", Path = RelayLimits.Path }.Uri, patience.Token);
            return null;
        }
        catch (Exception wrong) when (wrong is WebSocketException or OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return wrong is OperationCanceledException ? "It did not answer." : (wrong.InnerException ?? wrong).Message;
        }
    }

    private static async Task<NetworkFindings> GatherAsync(ProbeOptions options, NetworkFindings found, CancellationToken cancel)
    {
        var servers = new List<TransportAddress>();
        foreach (var (host, port) in found.StunPorts.Select(port => (options.Server.IdnHost, port)).Concat(options.MoreStun.Select(server => (server.Host, server.Port))))
        {
            servers.AddRange((await ResolveAsync(host, cancel)).Select(address => new TransportAddress(address, (ushort)port)));
        }

        await using var driver = new IceDriver(
            new IceDriverOptions { Servers = new(servers, []), PortMapping = options.PortMapping }, TimeProvider.System, _ => { }, new Nothing());
        driver.Start();
        var end = Stopwatch.StartNew();
        do
        {
            await Task.Delay(Look, cancel);
        }
        while (end.Elapsed < GatherPatience && (IsAsking(driver, servers.Count) || driver.Routers.Any(router => !router.HasAnswered)));

        // After so long an answer does not come any more, though it is still asked for.
        var (routers, candidates, nat) = (driver.Routers, driver.Report().Local, driver.Nat());
        var first = servers.Find(server => candidates.Any(candidate => candidate.Type == CandidateType.Host && candidate.Address.IsV4 == server.IsV4));
        bool isSilent = nat is NatKind.Unknown && servers.Count > 0 && candidates.Count > 0;
        return found with
        {
            AskedStun = servers.Count > 0,
            Nat = isSilent ? NatKind.Blocked : nat,
            Candidates = candidates,
            Routers = [.. routers.Select(router => router.Said).Distinct()],
            HasMapping = routers.Any(router => router.HasMapping),
            UdpIs = isSilent || first.Port == 0 ? null : await UdpTrial.RunAsync(first, cancel),
        };
    }

    private static bool IsAsking(IceDriver driver, int servers) =>
        servers > 0 && driver.Nat() is NatKind.Unknown || (servers > 1 && driver.Nat() is NatKind.OneAnswer);

    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancel)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(host, cancel)).DistinctBy(address => address.AddressFamily)];
        }
        catch (Exception unknown) when (unknown is SocketException or ArgumentException)
        {
            return [];
        }
    }

    /// <summary>Nothing runs over what is only looked at.</summary>
    private sealed class Nothing : IDatagramMachine
    {
        public long NextTimeout => long.MaxValue;

        public void Handle(long now, ReadOnlySpan<byte> datagram)
        {
        }

        public int Poll(long now, Span<byte> datagram) => 0;

        public void Tell(long now)
        {
        }
    }
}
