using System.Diagnostics;
using System.Text.Json;

namespace Alongside.Server.Tests.Running;

/// <summary>The built server as a process of its own, which can be killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly Task<string> errors;

    private ServerProcess(Process process, Task<string> errors, Uri url)
    {
        this.process = process;
        this.errors = errors;
        Url = url;
    }

    public Uri Url { get; }

    public static async Task<ServerProcess> StartAsync(string data, int port, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var arg in new[] { typeof(Program).Assembly.Location, "--data", data, "--port", $"{port}", "--json" }.Concat(more))
        {
            start.ArgumentList.Add(arg);
        }

        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60));
        if (line is null)
        {
            throw new InvalidOperationException($"The server did not start: {await errors}");
        }

        using var ready = JsonDocument.Parse(line);
        Assert.True(ready.RootElement.GetProperty("ready").GetBoolean());
        return new ServerProcess(process, errors, new Uri(ready.RootElement.GetProperty("url").GetString()!.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)));
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Asks it to stop, and returns all it wrote to its log.</summary>
    public async Task<string> StopAsync()
    {
        using var kill = Process.Start("kill", [$"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return await errors;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }
}
