using System.Text.Json;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Up;

/// <summary>What the host has opened: a code to read out and a link that joins.</summary>
public sealed record Opened(string Code, string Link)
{
    /// <summary>Where VNC viewers come in, if they do.</summary>
    public VncOpened? Vnc { get; init; }
}

/// <summary>Where VNC viewers come in, with a password if the host made one, and the SHA-256 of the certificate they are shown.</summary>
public sealed record VncOpened(string Address, string? Password, string? Fingerprint);

/// <summary>The host: opens a room on our server and shares one display in it. A new room, and so a new link, each time it starts.</summary>
/// <param name="options">What of them is the host's: --vnc and --source.</param>
/// <param name="display">Null: there is none, the desktop is a VNC server's.</param>
/// <param name="allow">What is answered in advance; null: the person is asked.</param>
/// <param name="name">What helpers read; null: the machine's own name.</param>
public sealed class HostProcess(Layout layout, Starter starter, ServerProcess server, UpOptions options, string? display, string? allow, string? name, Action<Opened> show)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Child? child;
    private VncOpened? vnc;
    private TaskCompletionSource first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts it and waits until it has opened a room.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        first = new(TaskCreationOptions.RunContinuationsAsynchronously);
        string[] arguments =
        [
            "--open", "--server", server.Address, "--json",
            .. allow is null ? (string[])[] : ["--allow", allow],
            .. name is null ? (string[])[] : ["--name", name],
            .. options.Vnc is null ? (string[])[] : ["--vnc", options.Vnc],
            .. server.Fingerprint is null ? (string[])[] : ["--fingerprint", server.Fingerprint],
        ];
        child = await starter.StartAsync(new Launch("host", layout.Host, arguments)
        {
            // The source may hold a password: an environment is read by its owner alone, a command line by everybody.
            Environment = new Dictionary<string, string?> { ["DISPLAY"] = display, ["ALONGSIDE_SOURCE"] = options.Source },
            Line = Hear,
        });
        await Task.WhenAny(first.Task, child.Exited, Task.Delay(Patience, stop));
        stop.ThrowIfCancellationRequested();
        if (!first.Task.IsCompleted)
        {
            throw new StartException($"The host did not start. Its last words, from {child.Log}:\n{child.Tail()}");
        }
    }

    public async Task SuperviseAsync(Terminal terminal, CancellationToken stop)
    {
        while (true)
        {
            await child!.Exited.WaitAsync(stop);
            terminal.Say("The host ended by itself. Starting it again, with a new link and code.");
            await Task.Delay(TimeSpan.FromSeconds(1), stop);
            await StartAsync(stop);
        }
    }

    public Task StopAsync() => child?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask;

    /// <summary>One line of the host's standard output is one JSON object; those that are not about a code are not for us.</summary>
    private void Hear(string line)
    {
        vnc = TryReadVnc(line) ?? vnc;
        if (TryRead(line) is { } opened)
        {
            show(opened with { Vnc = vnc });
            first.TrySetResult();
        }
    }

    internal static VncOpened? TryReadVnc(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<VncLine>(line, JsonSerializerOptions.Web)?.Vnc;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    internal static Opened? TryRead(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement is { ValueKind: JsonValueKind.Object } o
                && o.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                && o.TryGetProperty("join", out var link) && link.ValueKind == JsonValueKind.String
                    ? new Opened(code.GetString()!, link.GetString()!)
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record VncLine(VncOpened? Vnc);
}
