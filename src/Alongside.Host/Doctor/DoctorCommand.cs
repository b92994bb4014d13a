using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Alongside.Net.Doctor;
using Alongside.Net.Settings;
using Alongside.Rtc.Ice;

namespace Alongside.Host.Doctor;

/// <summary>`alongside-host doctor`: 1. tries (NetworkProbe); 2. says what it means (Diagnosis), as lines or as JSON. Ends with 1 if there can be no session.</summary>
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
            if (!choice.Json)
            {
                await Console.Error.WriteLineAsync("Looking at the network. This takes up to sixteen seconds.");
            }

            var found = await NetworkProbe.RunAsync(choice.Probe, stop.Token);
            var diagnosis = Diagnosis.Of(found);
            Write(Console.Out, choice.Json, found, diagnosis);
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

    internal static void Write(TextWriter output, bool json, NetworkFindings found, Diagnosis diagnosis)
    {
        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(Report(found, diagnosis), DoctorJson.Default.DoctorReport));
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

    private static DoctorReport Report(NetworkFindings found, Diagnosis diagnosis) => new(
        found.Server.ToString(), diagnosis.Works, found.ServerTook, found.ServerTrouble, found.RelayTrouble,
        found.Nat is NatKind.Blocked ? "blocked" : found.AskedStun && found.Nat is not NatKind.Unknown ? "open" : "unknown",
        found.Nat switch
        {
            NatKind.None => "none",
            NatKind.EndpointIndependent => "endpoint-independent",
            NatKind.Symmetric => "symmetric",
            NatKind.OneAnswer => "some",
            _ => "unknown",
        },
        found.HasMapping,
        [.. found.Routers],
        [.. found.Candidates.Select(candidate => new DoctorAddress(candidate.Address.ToString(), candidate.Type.ToString()))],
        diagnosis.Reach,
        diagnosis.Conclusion,
        [.. diagnosis.Advice],
        found.RelayIs?.RoundTrip,
        found.RelayIs?.Rate,
        found.UdpIs?.RoundTrip,
        found.UdpIs?.Loss);
}

/// <summary>What `--json` says. <c>udp</c>: open, blocked, unknown; <c>nat</c>: none, endpoint-independent, symmetric, some, unknown. Rates in bits a second, loss from 0 to 1.</summary>
internal sealed record DoctorReport(
    string Server, bool Works, double? ServerMs, string? ServerTrouble, string? RelayTrouble, string Udp, string Nat, bool Mapped, string[] Routers, DoctorAddress[] Addresses,
    Reach Direct, string Conclusion, string[] Advice, double? RelayMs, double? RelayRate, double? UdpMs, double? UdpLoss);

internal sealed record DoctorAddress(string Address, string Kind);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
