using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Host.Doctor.Running;
using Alongside.Net.Doctor;
using Alongside.Net.Settings;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor;

/// <summary>
/// `alongside-host doctor`: 1. asks the hosts that run here (Running/RunningHosts); 2. with a server, tries the network (NetworkProbe); 3. says what it means (Running/RunningWords, Diagnosis), as
/// lines or as JSON. Ends with 1 if there can be no session; without a server, if no host runs here.
/// </summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (!DoctorChoice.Table.TryRead(args, out var given, out int exitCode))
        {
            return exitCode;
        }

        using var stop = new CancellationTokenSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            var choice = DoctorChoice.From(given);
            var hosts = Systems.OwnPlaces() is { } places ? await RunningHosts.AskAsync(places, stop.Token) : [];
            if (choice.Probe is not { } probe)
            {
                WriteHosts(Console.Out, choice.Json, hosts);
                return (int)(hosts.Length > 0 ? ExitCode.Done : ExitCode.Failed);
            }

            if (!choice.Json)
            {
                if (hosts.Length > 0)
                {
                    WriteLines(Console.Out, hosts);
                    Console.Out.WriteLine();
                }

                await Console.Error.WriteLineAsync("Looking at the network. This takes up to sixteen seconds.");
            }

            var found = await NetworkProbe.RunAsync(probe, stop.Token);
            var diagnosis = Diagnosis.Of(found);
            Write(Console.Out, choice.Json, hosts, found, diagnosis);
            return (int)(diagnosis.Works ? ExitCode.Done : ExitCode.Failed);
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync($"alongside-host: {wrong.Message}");
            return (int)ExitCode.Usage;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (int)ExitCode.Failed;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>What is said when only hosts were asked.</summary>
    internal static void WriteHosts(TextWriter output, bool json, HostReport[] hosts)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new HostReports(hosts), RunningJson.Default.HostReports));
            return;
        }

        if (hosts.Length == 0)
        {
            output.WriteLine($"""
                No host of {Environment.UserName} runs on this computer, or none that can be asked.
                  - A host answers only the user who runs it: sudo -u WHO alongside-host doctor
                  - To try the network from here: alongside-host doctor --server URL
                """);
            return;
        }

        WriteLines(output, hosts);
        if (Array.Find(hosts, host => host.Trouble is null) is { } first)
        {
            output.WriteLine($"\nTo try the network from here as well: alongside-host doctor --server {Core.Session.Label.Of(first.Server)}");
        }
    }

    private static void WriteLines(TextWriter output, HostReport[] hosts)
    {
        for (int i = 0; i < hosts.Length; i++)
        {
            if (i > 0)
            {
                output.WriteLine();
            }

            RunningWords.Write(output, hosts[i]);
        }
    }

    internal static void Write(TextWriter output, bool json, HostReport[] hosts, NetworkFindings found, Diagnosis diagnosis)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(Report(hosts, found, diagnosis), DoctorJson.Default.DoctorReport));
            return;
        }

        foreach (var (name, isWell, words) in diagnosis.Checks)
        {
            output.WriteLine($"  {(isWell switch { true => "ok", false => "bad", null => "?" }),-4} {name,-10} {words}");
        }

        output.WriteLine($"\n{diagnosis.Conclusion}");
        foreach (string advice in diagnosis.Advice)
        {
            output.WriteLine($"  - {advice}");
        }
    }

    private static DoctorReport Report(HostReport[] hosts, NetworkFindings found, Diagnosis diagnosis) => new(
        found.Server.ToString(), diagnosis.Works, found.ServerTook, found.ServerTrouble, found.RelayTrouble,
        found.Nat is NatKind.Blocked ? "blocked" : found.AskedStun && found.Nat is not NatKind.Unknown ? "open" : "unknown",
        Diagnosis.NameOf(found.Nat is NatKind.Blocked ? NatKind.Unknown : found.Nat),
        found.HasMapping,
        [.. found.Routers],
        [.. found.Candidates.Select(candidate => new DoctorAddress(candidate.Address.ToString(), candidate.Type.ToString()))],
        diagnosis.Reach,
        diagnosis.Conclusion,
        [.. diagnosis.Advice],
        found.RelayIs?.RoundTrip,
        found.RelayIs?.Rate,
        found.UdpIs?.RoundTrip,
        found.UdpIs?.Loss,
        hosts);
}

/// <summary>What `--json` says. <c>udp</c>: open, blocked, unknown; <c>nat</c>: none, endpoint-independent, symmetric, some, unknown. Rates in bits a second, loss from 0 to 1. <c>hosts</c>: those that run here.</summary>
internal sealed record DoctorReport(
    string Server, bool Works, double? ServerMs, string? ServerTrouble, string? RelayTrouble, string Udp, string Nat, bool Mapped, string[] Routers, DoctorAddress[] Addresses,
    Reach Direct, string Conclusion, string[] Advice, double? RelayMs, double? RelayRate, double? UdpMs, double? UdpLoss, HostReport[] Hosts);

internal sealed record DoctorAddress(string Address, string Kind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
