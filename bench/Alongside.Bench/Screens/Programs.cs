using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Alongside.Core.Pixels;

namespace Alongside.Bench.Screens;

/// <summary>
/// The programs of one measurement, or of one side of it, in a network namespace of their own when one is named. However we end, the kernel ends them.
/// </summary>
internal sealed class Programs(string? space = null) : IDisposable
{
    private readonly List<Process> running = [];
    private readonly string folder = Directory.CreateTempSubdirectory("alongside-bench-").FullName;

    /// <summary>For files of this measurement; removed at its end.</summary>
    public string Folder => folder;

    public Process Start(string program, IReadOnlyList<string> arguments, string? display = null)
    {
        string[] line = [.. InSpace, "setpriv", "--pdeathsig", "KILL", "--", program, .. arguments];
        var info = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["DISPLAY"] = display;
        if (display is not null)
        {
            // What programs on a display remember is neither the person's nor the last run's.
            info.Environment["HOME"] = folder;
        }

        var process = StartingThread.Start(info);
        process.ErrorDataReceived += (_, line) => File.AppendAllText(Path.Combine(folder, $"{process.Id}.log"), line.Data + "\n");
        process.BeginErrorReadLine();
        running.Add(process);
        return process;
    }

    private string[] InSpace => space is null ? [] : ["ip", "netns", "exec", space];

    /// <summary>The programs that run, without those they started.</summary>
    public IEnumerable<int> Ids => running.Where(process => !process.HasExited).Select(process => process.Id);

    /// <summary>Runs a program to its end where these programs are; what it wrote.</summary>
    public string Ask(params string[] line)
    {
        string[] all = [.. InSpace, .. line];
        return Run(all[0], all[1..]);
    }

    /// <summary>Until one of these programs accepts connections there.</summary>
    public void WaitToListen(int port)
    {
        for (int i = 0; i < 400; i++)
        {
            if (Ask("ss", "-ltnH", $"sport = :{port}").Length > 0)
            {
                return;
            }

            Thread.Sleep(50);
        }

        throw new InvalidOperationException($"Nobody listens on port {port}.");
    }

    /// <summary>A virtual screen on the first free number.</summary>
    public string StartScreen(string size)
    {
        var screen = Start("Xvfb", ["-displayfd", "1", "-noreset", "-nolisten", "tcp", "-screen", "0", size + "x24"]);
        return ":" + (screen.StandardOutput.ReadLine() ?? throw new InvalidOperationException("Xvfb did not start."));
    }

    /// <summary>The window manager of whoever looks: a viewer's window has no frame and lies where the display begins.</summary>
    public void StartBareManager(Screen screen)
    {
        string settings = Path.Combine(folder, "rc.xml");
        File.WriteAllText(settings, """
            <?xml version="1.0" encoding="UTF-8"?>
            <openbox_config xmlns="http://openbox.org/3.4/rc">
              <theme><keepBorder>no</keepBorder></theme>
              <applications>
                <application class="*"><decor>no</decor><position force="yes"><x>0</x><y>0</y></position></application>
              </applications>
            </openbox_config>
            """);
        Start("openbox", ["--sm-disable", "--config-file", settings], screen.Name);
        screen.WaitForManager();
    }

    /// <summary>The last lines that these programs complained in, for a failure's words.</summary>
    public string Complaints()
    {
        var text = new StringBuilder();
        foreach (string log in Directory.EnumerateFiles(folder, "*.log").Order())
        {
            foreach (string line in ReadLog(log).TakeLast(3))
            {
                text.Append("\n    ").Append(line);
            }
        }

        return text.ToString();
    }

    /// <summary>A server of this clone with more settings.</summary>
    public (Uri Url, int Id) StartServer(params string[] more)
    {
        var server = Start(Built(Root(), "Alongside.Server", "alongside-server"), ["--port", "0", "--json", "--data", folder, .. more]);
        return (new Uri(Field(server, "url").Replace("localhost", "127.0.0.1", StringComparison.Ordinal)), server.Id);
    }

    /// <summary>Server and host of this clone, sharing a display; consent answered.</summary>
    /// <param name="direct">False: everything stays on the relay, where bytes can be counted.</param>
    public (string Link, int Server, int Host) StartAlongside(string display, bool direct, params string[] more) => StartAlongside(display, direct, [], more);

    /// <summary>The same on the relay, whose host shares the desktop of a VNC server on this machine: its link.</summary>
    public string StartGateway(int vnc, string display, params string[] more) => StartAlongside(display, direct: false, ["--source", $"vnc://127.0.0.1:{vnc}"], more).Link;

    private (string Link, int Server, int Host) StartAlongside(string display, bool direct, string[] source, string[] more)
    {
        string root = Root();
        var server = Start(Built(root, "Alongside.Server", "alongside-server"),
            ["--port", "0", "--json", "--data", folder, "--web", Path.Combine(root, "web", "dist"), .. more]);
        string url = Field(server, "url");
        var host = Start(Built(root, "Alongside.Host", "alongside-host"),
            ["--open", "--json", "--server", url, "--allow", "view,control,clipboard", "--direct", direct ? "yes" : "no", .. source], display);
        return (Field(host, "join"), server.Id, host.Id);
    }

    /// <summary>A file with the password of <see cref="StartVnc"/>, as TigerVNC's viewer wants it.</summary>
    public string VncPassword => Path.Combine(folder, "vnc.viewer");

    /// <summary>The host of this clone for VNC viewers alone: its own server is nowhere.</summary>
    public void StartVnc(string display, int port)
    {
        string password = Path.Combine(folder, "vnc.password");
        File.WriteAllText(password, "measured\n");
        Run("sh", "-c", $"tigervncpasswd -f < '{password}' > '{VncPassword}'");
        Start(Built(Root(), "Alongside.Host", "alongside-host"),
        [
            "--json", "--server", "http://127.0.0.1:1", "--allow", "view,control,clipboard", "--consent", "terminal",
            "--vnc", $"0.0.0.0:{port}", "--vnc-security", "vnc", "--vnc-force-weak", "--vnc-password-file", password,
        ], display);
    }

    /// <summary>Chromium as a program that is shared: a window without tabs, or (kiosk) the whole display.</summary>
    public void StartBrowser(string page, string display, PixelRect area, bool kiosk, params string[] more) => Start("chromium",
    [
        .. kiosk ? (string[])["--kiosk", page] : ["--app=" + page], $"--window-position={area.X},{area.Y}", $"--window-size={area.Width},{area.Height}", $"--user-data-dir={Path.Combine(folder, "browser" + running.Count)}",
        .. ChromiumBasics, "--autoplay-policy=no-user-gesture-required", .. more,
    ], display);

    public void StartChromium(string link, string display, string size, params string[] more) => Start("chromium",
    [
        "--kiosk", link, "--window-position=0,0", $"--window-size={size.Replace('x', ',')}", $"--user-data-dir={Path.Combine(folder, "chromium" + display[1..])}",
        .. ChromiumBasics, .. more,
    ], display);

    /// <summary>Chromium without a display, at a page.</summary>
    public void StartHeadless(string page) => Start("chromium",
        ["--headless", page, $"--user-data-dir={Path.Combine(folder, "headless")}", .. ChromiumBasics]);

    private static readonly string[] ChromiumBasics =
    [
        "--test-type", "--no-first-run", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-extensions", "--password-store=basic", .. Environment.UserName == "root" ? (string[])["--no-sandbox"] : [],
    ];

    /// <summary>Runs a program to its end; what it wrote.</summary>
    public static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    public static void WaitForPort(int port)
    {
        for (int i = 0; i < 200; i++)
        {
            try
            {
                using var client = new TcpClient("127.0.0.1", port);
                return;
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        throw new InvalidOperationException($"Nobody listens on port {port}.");
    }

    private static IEnumerable<string> ReadLog(string log)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n').Where(line => line.Trim().Length > 0)];
    }

    public void Dispose()
    {
        foreach (var process in Enumerable.Reverse(running))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Reads lines of JSON until one has this member.</summary>
    private string Field(Process process, string name)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty(name, out var value))
            {
                // Whatever it says later is read, so that it never waits for a reader.
                string found = value.GetString()!;
                _ = process.StandardOutput.ReadToEndAsync();
                return found;
            }
        }

        string log = Path.Combine(folder, $"{process.Id}.log");
        throw new InvalidOperationException($"{Path.GetFileName(process.StartInfo.ArgumentList.First(argument => argument.Contains("alongside-", StringComparison.Ordinal)))} did not start. {(File.Exists(log) ? File.ReadAllText(log) : "")}");
    }

    private static string Built(string root, string project, string program) =>
        Path.Combine(root, "src", project, "bin", "Release", "net10.0", program);

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Alongside.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The clone can't be found from here.");
        }

        return folder.FullName;
    }
}
