using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Alongside.Host.Tests.Linux;

namespace Alongside.Host.Tests.Vnc;

/// <summary>A VNC server that others wrote, on a port of the loopback: TigerVNC's with a display of its own, or one that shows another X server's.</summary>
internal sealed class RealVncServer : IDisposable
{
    private readonly Process process;

    private RealVncServer(Process process, int port, string display)
    {
        this.process = process;
        Port = port;
        Display = display;
    }

    public int Port { get; }

    public string Display { get; }

    /// <summary>TigerVNC's Xtigervnc: X server and VNC server in one.</summary>
    /// <param name="port">0: a free one.</param>
    /// <param name="options">Such as -SecurityTypes None.</param>
    public static RealVncServer StartTiger(int port, params string[] options) => StartTiger(port, [], options);

    /// <summary>The same, whose PAM asks only what these rules say: the folder lies over the system's own for this process alone.</summary>
    /// <param name="rules">A folder with a file "vnc", PAM's name of the service.</param>
    public static RealVncServer StartTigerWithPam(string rules, params string[] options) => StartTiger(
        0,
        ["unshare", "--map-root-user", "--mount", "sh", "-c", "mount --bind \"$0\" /etc/pam.d && exec \"$@\"", rules],
        options);

    private static RealVncServer StartTiger(int port, string[] within, string[] options)
    {
        port = port == 0 ? FreePort() : port;
        int first = Random.Shared.Next(100);
        for (int i = 0; i < 20; i++)
        {
            string[] command = [.. within, "Xtigervnc", $":{200 + ((first + i) % 100)}", "-displayfd", "1", "-rfbport", $"{port}", "-localhost", "-depth", "24", "-geometry", "640x480", "-desktop", "Tiger", .. options];
            var process = Process.Start(Info(command[0], command[1..]))!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            if (process.StandardOutput.ReadLine() is { } number)
            {
                return new(process, port, $":{number}");
            }

            process.WaitForExit();
            process.Dispose();
        }

        throw new InvalidOperationException("Xtigervnc does not start: is tigervnc-standalone-server installed?");
    }

    /// <summary>TigerVNC's X0tigervnc or x11vnc, which show a display that is there.</summary>
    public static async Task<RealVncServer> StartScraperAsync(string program, XServer x)
    {
        int port = FreePort();
        string[] arguments = program == "x11vnc"
            ? ["-display", x.Display, "-rfbport", $"{port}", "-localhost", "-forever", "-shared", "-nopw", "-quiet", "-cursor", "most", "-noxrecord"]
            : ["-display", x.Display, "-rfbport", $"{port}", "-localhost", "-SecurityTypes", "None"];
        var info = Info(program, arguments);
        var process = Process.Start(info)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Until.True(() => process.HasExited || Answers(port), $"{program} listens");
        Assert.False(process.HasExited, $"{program} ended at once.");
        return new(process, port, x.Display);
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Runs a program on its display to its end; what it wrote.</summary>
    public string Run(string program, params string[] arguments)
    {
        using var run = Launch(program, arguments);
        return Programs.Run(run);
    }

    public Process Launch(string program, params string[] arguments)
    {
        var info = Info(program, arguments);
        info.Environment["DISPLAY"] = Display;
        return Process.Start(info)!;
    }

    public void Dispose() => Programs.End(process);

    private static ProcessStartInfo Info(string program, string[] arguments) =>
        new(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

    private static bool Answers(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
