using System.Globalization;
using System.Text.Json;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Up;

/// <summary>The server, with its data in a SQLite file. Rooms live in that file, so a restart is a pause for everybody, not an end.</summary>
public sealed class ServerProcess(Layout layout, UpOptions options, Starter starter, int port)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private Child? child;

    public string Address { get; } = $"{(options.Tls ? "https" : "http")}://localhost:{port}";

    /// <summary>Of a certificate that the server made itself, for the host to trust; null without --tls.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        string data = options.Data ?? layout.DataFor(port);
        Directory.CreateDirectory(data);
        Directory.CreateDirectory(layout.Downloads);
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture),
            "--data", data,
            "--web", layout.Web,
            "--downloads", layout.Downloads,
            .. options.Tls ? (string[])["--tls"] : [],
        ];
        child = await starter.StartAsync(new Launch("server", layout.Server, arguments));
        await AnswersAsync(child, stop);
    }

    /// <summary>Starts it again whenever it dies, on the same port, until stopped. Waits longer after each death in a row.</summary>
    public async Task SuperviseAsync(Terminal terminal, CancellationToken stop)
    {
        var pause = TimeSpan.FromMilliseconds(100);
        while (true)
        {
            var started = DateTime.UtcNow;
            await child!.Exited.WaitAsync(stop);
            pause = DateTime.UtcNow - started > TimeSpan.FromMinutes(1) ? TimeSpan.FromMilliseconds(100) : pause;
            terminal.Say("The server ended by itself. Starting it again.");
            await Task.Delay(pause, stop);
            pause = TimeSpan.FromMilliseconds(Math.Min(pause.TotalMilliseconds * 2, 10_000));
            try
            {
                await StartAsync(stop);
                terminal.Say("The server is back. Sessions go on.");
            }
            catch (StartException failure)
            {
                terminal.Say(failure.Message);
            }
        }
    }

    public Task StopAsync() => child?.StopAsync(TimeSpan.FromSeconds(5)) ?? Task.CompletedTask;

    private static string? ReadFingerprint(string facts)
    {
        using var json = JsonDocument.Parse(facts);
        return json.RootElement.TryGetProperty("fingerprint", out var fingerprint) ? fingerprint.GetString() : null;
    }

    private async Task AnswersAsync(Child server, CancellationToken stop)
    {
        // Only for this question, to a server we started ourselves a moment ago: its certificate may be its own.
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            UseProxy = false,
        };
        using var http = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(2) };
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(Patience);
        while (!server.HasExited && !late.IsCancellationRequested)
        {
            try
            {
                using var answer = await http.GetAsync(new Uri($"{Address}/healthz"), late.Token);
                if (answer.IsSuccessStatusCode)
                {
                    Fingerprint = options.Tls ? ReadFingerprint(await http.GetStringAsync(new Uri($"{Address}/api/server"), late.Token)) : null;
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not listening yet.
            }

            await Task.WhenAny(server.Exited, Task.Delay(50, stop));
        }

        stop.ThrowIfCancellationRequested();
        throw new StartException($"The server did not start. Its last words, from {server.Log}:\n{server.Tail()}");
    }
}
