using System.Diagnostics;
using System.Text.Json;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Server;
using Alongside.Testing;
using Microsoft.AspNetCore.Builder;

namespace Alongside.Host.Tests.Linux;

/// <summary>The program itself, with somebody in, asked by the program itself: `alongside-host doctor`.</summary>
[Collection(XServer.Tests)]
public sealed class DoctorDuringSession : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string data = Directory.CreateTempSubdirectory("alongside-doctor").FullName;
    private readonly XServer x = XServer.Start();
    private readonly List<Process> launched = [];
    private WebApplication? server;
    private string address = "";

    public async Task InitializeAsync()
    {
        var settings = new ServerSettings { Port = 0, Data = data, Listen = System.Net.IPAddress.Loopback };
        server = Server.Program.Build(settings, TimeProvider.System);
        address = await Server.Program.StartAsync(server, settings);
    }

    public async Task DisposeAsync()
    {
        foreach (var one in launched)
        {
            one.Kill();
            one.Dispose();
        }

        await server!.DisposeAsync();
        x.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task The_doctor_says_who_is_in_by_which_path_and_nothing_secret_and_takes_away_what_a_killed_host_left()
    {
        var (code, none) = await RunAsync("doctor", "--sessions", "--json");
        Assert.Equal((1, "{\"hosts\":[]}"), (code, none.Trim()));

        var host = Launch("--server", address, "--allow", "view,control", "--name", "Front desk", "--direct", "no", "--display", x.Display, "--consent", "terminal", "--json");
        string ready = await host.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? "";
        using var line = JsonDocument.Parse(ready);
        string link = line.RootElement.GetProperty("join").GetString()!;
        string digits = line.RootElement.GetProperty("code").GetString()!;
        Assert.True(RoomCode.TryParse(link, out var invitation, out _));
        await using (var viewer = new LiveViewer(new(address), invitation, "Anna", Grant.All))
        {
            await viewer.JoinAsync();
            viewer.Await("the picture is there", (s, _) => s.IsLive && s.Picture is not null, (int)Patience.TotalSeconds);
            var (done, said) = await RunAsync("doctor", "--json");
            Assert.Equal(0, done);
            using var json = JsonDocument.Parse(said);
            var report = Assert.Single(json.RootElement.GetProperty("hosts").EnumerateArray());
            Assert.Equal(host.Id, report.GetProperty("process").GetInt32());
            Assert.Equal("Front desk", report.GetProperty("name").GetString());
            Assert.True(report.GetProperty("hasServer").GetBoolean());
            var guest = Assert.Single(report.GetProperty("guests").EnumerateArray());
            Assert.Equal(("Anna", "live", "relay"), (guest.GetProperty("name").GetString(), guest.GetProperty("state").GetString(), guest.GetProperty("path").GetString()));
            Assert.Contains("--direct no", guest.GetProperty("why").GetString(), StringComparison.Ordinal);
            Assert.Equal(["view", "control"], guest.GetProperty("may").EnumerateArray().Select(power => power.GetString()));
            Assert.DoesNotContain(link.Split('.')[^1], said, StringComparison.Ordinal);
            Assert.DoesNotContain(digits.Replace(" ", "", StringComparison.Ordinal), said.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.DoesNotContain(digits, said, StringComparison.Ordinal);

            var (_, words) = await RunAsync("doctor");
            Assert.Contains($"\"Front desk\" of {x.Display}, shared by process {host.Id}", words, StringComparison.Ordinal);
            Assert.Contains("Anna: in for ", words, StringComparison.Ordinal);
            Assert.Contains("by the server", words, StringComparison.Ordinal);
        }

        string socket = Assert.Single(Directory.GetFiles(Path.Combine(data, "alongside")));
        host.Kill();
        await host.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(File.Exists(socket));
        var (afterwards, nobody) = await RunAsync("doctor");
        Assert.Equal(1, afterwards);
        Assert.Contains("No host of", nobody, StringComparison.Ordinal);
        Assert.False(File.Exists(socket));
    }

    private async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        var run = Launch(arguments);
        var errors = run.StandardError.ReadToEndAsync();
        string said = await run.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
        await run.WaitForExitAsync().WaitAsync(Patience);
        return (run.ExitCode, said + await errors);
    }

    private Process Launch(params string[] arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "alongside-host.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Folders of a user's that nothing else on this machine looks into.
        info.Environment["XDG_RUNTIME_DIR"] = data;
        info.Environment["TMPDIR"] = data;
        info.Environment.Remove("ALONGSIDE_SERVER");
        var process = Process.Start(info)!;
        launched.Add(process);
        return process;
    }
}
