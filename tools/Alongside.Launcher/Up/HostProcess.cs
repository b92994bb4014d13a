using System.Text.Json;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Up;

/// <summary>What the host has opened: a code to read out and a link that joins.</summary>
public sealed record Opened(string Code, string Link);

/// <summary>The host: opens a room on our server and shares one display in it. A new room, and so a new link, each time it starts.</summary>
/// <param name="allow">What is answered in advance; null: the person is asked.</param>
/// <param name="name">What helpers read; null: the machine's own name.</param>
public sealed class HostProcess(Layout layout, Starter starter, ServerProcess server, string display, string? allow, string? name, Action<Opened> show)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Child? child;
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
            .. server.Fingerprint is null ? (string[])[] : ["--fingerprint", server.Fingerprint],
        ];
        child = await starter.StartAsync(new Launch("host", layout.Host, arguments)
        {
            Environment = new Dictionary<string, string?> { ["DISPLAY"] = display },
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
        if (TryRead(line) is { } opened)
        {
            show(opened);
            first.TrySetResult();
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
}
