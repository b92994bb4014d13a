using System.Net;
using System.Text.Json;
using Alongside.Core.Secure;
using Alongside.Core.Session;
using Alongside.Host.Tests.Linux;
using Alongside.Host.Vnc;
using Alongside.Host.Vnc.Tunnel;
using Alongside.Vnc.Security;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A tunnel into a room, on a free port of the loopback, with the password "sesame".</summary>
internal sealed class TunnelRun
{
    private readonly TaskCompletionSource<(ExitCode, string)> over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringWriter output = new();

    private TunnelRun(Uri server, Invitation invitation, Grant asks, int port = 0, TextWriter? says = null)
    {
        var vnc = new VncChoice(new(IPAddress.Loopback, port), [SecurityType.VncAuth], "sesame", IsGenerated: false, Certificate: null);
        Ended = TunnelCommand.RunAsync(new(server, invitation, asks, "Anna", null, vnc, Json: true), TextWriter.Synchronized(says ?? output), TextWriter.Synchronized(Log), over);
    }

    /// <summary>Completes when it is over.</summary>
    public Task<ExitCode> Ended { get; }

    /// <summary>What it says to whoever started it.</summary>
    public StringWriter Log { get; } = new();

    /// <summary>What it says of where viewers come in; empty while none may.</summary>
    public string Output => output.ToString();

    public int Port { get; private set; }

    /// <summary>Started, and perhaps never let in.</summary>
    /// <param name="port">0: a free one.</param>
    /// <param name="says">Where it says where viewers come in, in place of <see cref="Output"/>.</param>
    public static TunnelRun Start(Uri server, Invitation invitation, Grant asks, int port = 0, TextWriter? says = null) => new(server, invitation, asks, port, says);

    /// <summary>Started and let in.</summary>
    public static async Task<TunnelRun> OpenAsync(Uri server, Invitation invitation, Grant asks)
    {
        var run = new TunnelRun(server, invitation, asks);
        await Until.True(() => run.Output.Contains('\n', StringComparison.Ordinal) || run.Ended.IsCompleted, "the tunnel is open");
        using var line = JsonDocument.Parse(run.Output);
        run.Port = IPEndPoint.Parse(line.RootElement.GetProperty("vnc").GetProperty("address").GetString()!).Port;
        return run;
    }

    public async Task EndAsync()
    {
        over.TrySetResult((ExitCode.Done, ""));
        Assert.Equal(ExitCode.Done, await Ended.WaitAsync(Until.Deadline));
    }
}
