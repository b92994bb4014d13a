using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Alongside.Launcher.Processes;

namespace Alongside.Launcher.Lab.Nat;

/// <summary>A headless Chromium on a machine of the laboratory, asked over its DevTools protocol: one page, and what an expression in it gives.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Child program;
    private readonly HttpClient door;
    private readonly ClientWebSocket socket = new();
    private string? session;
    private int last;

    private Browser(Child program, HttpClient door) => (this.program, this.door) = (program, door);

    public static async Task<Browser> StartAsync(Space machine, string profile, CancellationToken stop)
    {
        string[] switches =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--force-color-profile=srgb", "--ignore-certificate-errors", "--window-size=1280,720", "--remote-debugging-port=0", $"--user-data-dir={profile}", "about:blank",
        ];
        string path = Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named ? named : "chromium";
        var browser = new Browser(await machine.StartAsync(new Launch("lab-browser", path, switches)), Door.Client(machine));
        try
        {
            await browser.ConnectAsync(Path.Combine(profile, "DevToolsActivePort"), stop);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Child Program => program;

    public async Task OpenAsync(string address, CancellationToken stop)
    {
        var target = await AskAsync("Target.createTarget", new() { ["url"] = address }, stop);
        var attached = await AskAsync("Target.attachToTarget", new() { ["targetId"] = (string)target["targetId"]!, ["flatten"] = true }, stop);
        session = (string)attached["sessionId"]!;
    }

    /// <summary>The value of an expression in the page; null: none yet.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression, CancellationToken stop)
    {
        // An error is a page that is not there yet.
        var answer = await ExchangeAsync("Runtime.evaluate", new() { ["expression"] = expression, ["returnByValue"] = true }, stop);
        return answer["result"]?["result"]?["value"];
    }

    /// <summary>The page has this size, pixel for pixel.</summary>
    public Task SizeAsync(int width, int height, CancellationToken stop) =>
        AskAsync("Emulation.setDeviceMetricsOverride", new() { ["width"] = width, ["height"] = height, ["deviceScaleFactor"] = 1, ["mobile"] = false }, stop);

    /// <summary>A piece of what the page shows, as PNG.</summary>
    public async Task<byte[]> LookAsync(int x, int y, int width, int height, CancellationToken stop)
    {
        var clip = new JsonObject { ["x"] = x, ["y"] = y, ["width"] = width, ["height"] = height, ["scale"] = 1 };
        var answer = await AskAsync("Page.captureScreenshot", new() { ["format"] = "png", ["clip"] = clip }, stop);
        return Convert.FromBase64String((string)answer["data"]!);
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        door.Dispose();
        await program.StopAsync(TimeSpan.FromSeconds(3));
    }

    /// <summary>It writes a file with its port and the path of the socket when it listens.</summary>
    private async Task ConnectAsync(string file, CancellationToken stop)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(stop);
        late.CancelAfter(Patience);
        string[] lines = [];
        while (lines.Length < 2)
        {
            if (program.HasExited)
            {
                throw new StartException($"The laboratory's browser did not start. Its last words, from {program.Log}:\n{program.Tail()}");
            }

            await Task.Delay(50, late.Token);
            lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, late.Token) : [];
        }

        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"), door, late.Token);
    }

    private async Task<JsonObject> AskAsync(string method, JsonObject parameters, CancellationToken stop)
    {
        var answer = await ExchangeAsync(method, parameters, stop);
        return answer["result"] as JsonObject ?? throw new StartException($"The laboratory's browser refused {method}: {answer["error"]}");
    }

    private async Task<JsonObject> ExchangeAsync(string method, JsonObject parameters, CancellationToken stop)
    {
        int id = ++last;
        var question = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null && !method.StartsWith("Target.", StringComparison.Ordinal))
        {
            question["sessionId"] = session;
        }

        await socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(question), WebSocketMessageType.Text, endOfMessage: true, stop);
        while (true)
        {
            // What it tells of its own accord is not for us.
            if (await ReadAsync(stop) is { } message && (int?)message["id"] == id)
            {
                return message;
            }
        }
    }

    private async Task<JsonObject?> ReadAsync(CancellationToken stop)
    {
        using var whole = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(part.AsMemory(), stop);
            if (read.MessageType == WebSocketMessageType.Close)
            {
                throw new StartException("The laboratory's browser ended.");
            }

            whole.Write(part, 0, read.Count);
            if (read.EndOfMessage)
            {
                whole.Position = 0;
                return JsonNode.Parse(whole) as JsonObject;
            }
        }
    }
}
