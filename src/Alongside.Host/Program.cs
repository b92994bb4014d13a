using System.Runtime.InteropServices;
using Alongside.Host;
using Alongside.Host.Doctor;
using Alongside.Host.Doctor.Running;
using Alongside.Host.Native;
using Alongside.Host.Vnc.Source;
using Alongside.Host.Vnc.Tunnel;
using Alongside.Net.Settings;

if (args is ["tunnel", .. var rest])
{
    return await TunnelCommand.RunAsync(rest);
}

if (args is ["doctor", .. var questions])
{
    return await DoctorCommand.RunAsync(questions);
}

if (!CommandLine.Table.TryRead(args, out var given, out int exitCode))
{
    return exitCode;
}

CommandLine options;
try
{
    options = CommandLine.From(given);
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine($"alongside-host: {wrong.Message}");
    return (int)ExitCode.Usage;
}

IDesktop desktop;
try
{
    desktop = options.Source is { } source ? await VncDesktop.OpenAsync(source) : Systems.Open(options.Display, options.Consent);
}
catch (DisplayException away)
{
    Console.Error.WriteLine($"alongside-host: {away.Message}");
    return (int)ExitCode.Failed;
}

var stop = new TaskCompletionSource<ExitCode>(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
await using var pipeline = new Pipeline(options, desktop, Console.Out, Console.Error);
try
{
    pipeline.Start();
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine($"alongside-host: {wrong.Message}");
    return (int)ExitCode.Usage;
}

await using var asked = Systems.OwnPlaces() is { } places ? RunningSocket.TryOpen(places, pipeline.ReportAsync, Console.Error) : null;
return (int)await await Task.WhenAny(stop.Task, pipeline.Over);

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult(ExitCode.Done);
}
