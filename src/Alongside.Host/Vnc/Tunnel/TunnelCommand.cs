using System.Runtime.InteropServices;
using Alongside.Core.Relay;
using Alongside.Host.Loop;
using Alongside.Net;
using Alongside.Net.Relay;
using Alongside.Net.Settings;

namespace Alongside.Host.Vnc.Tunnel;

/// <summary>
/// `alongside-host tunnel`, from one end to the other:
/// 1. the address for VNC viewers is taken, so that nobody is asked for a tunnel that cannot be (VncDoor);
/// 2. the room is joined as a viewer, and the person at the desktop is asked (TunnelRoom, Core: ViewerSession);
/// 3. once they have let us in, VNC viewers may come in here (a TunnelViewer each);
/// 4. what the room shows goes to them, what they do goes to the room, until either ends.
/// </summary>
internal static class TunnelCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (!TunnelChoice.Table.TryRead(args, out var given, out int exitCode))
        {
            return exitCode;
        }

        var stop = new TaskCompletionSource<(ExitCode, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        try
        {
            return (int)await RunAsync(TunnelChoice.From(given), Console.Out, Console.Error, stop);
        }
        catch (SettingsException wrong)
        {
            await Console.Error.WriteLineAsync($"alongside-host: {wrong.Message}");
            return (int)ExitCode.Usage;
        }

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult((ExitCode.Done, ""));
        }
    }

    /// <param name="over">Completes when it is over, with why; or is completed to end it.</param>
    /// <exception cref="SettingsException">VNC viewers can't be let in where they should be.</exception>
    internal static async Task<ExitCode> RunAsync(TunnelChoice choice, TextWriter output, TextWriter log, TaskCompletionSource<(ExitCode Code, string Why)> over)
    {
        var inbox = new Inbox();
        var room = new TunnelRoom(choice, inbox, over);
        await using var client = new RelayClient(choice.Server, new() { Fingerprint = choice.Fingerprint }, room);
        room.Client = client;
        var thread = new Thread(room.Run) { Name = "tunnel", IsBackground = true };
        thread.Start();
        try
        {
            await using var door = new VncDoor(choice.Vnc, inbox, SystemRandomSource.Instance, error => log.WriteLine($"alongside-host: something went wrong with a VNC viewer, which is sent away: {error}"), room.Arrived);
            door.Open();
            await AskAsync(choice, client, log, over);
            if (await Task.WhenAny(room.LetIn, over.Task) == room.LetIn)
            {
                door.Start(await room.LetIn);
                VncSigns.Write(output, choice.Json, door.Address, door.NewPassword, door.Fingerprint);
                await over.Task;
            }
        }
        finally
        {
            // Whatever happened here: the room is left, and its viewers are told.
            await room.StopAsync();
            thread.Join(TimeSpan.FromSeconds(2));
        }

        var (code, why) = await over.Task;
        if (why.Length > 0)
        {
            await log.WriteLineAsync(why);
        }

        return code;
    }

    private static async Task AskAsync(TunnelChoice choice, RelayClient client, TextWriter log, TaskCompletionSource<(ExitCode Code, string Why)> over)
    {
        try
        {
            await client.JoinAsync(MemberRole.Viewer, choice.Join.Credential.Place);
        }
        catch (RelayException refused)
        {
            over.TrySetResult(refused.Code == (int)RelayClose.NoRoom
                ? (ExitCode.NoRoom, "There is no such room: the number or link is wrong, or its time is over.")
                : (ExitCode.Failed, refused.Message));
        }

        await log.WriteLineAsync($"Asking to be let in as {choice.Name}. They see your question now.");
    }
}
