using System.Globalization;
using Alongside.Bench.Screens;

namespace Alongside.Bench.Click;

/// <summary>What server and host cost while a desktop is shared and nothing happens on it: <c>idle [--seconds 30]</c>.</summary>
public static class IdleBench
{
    private const double TicksPerSecond = 100;

    public static int Run(string[] args)
    {
        int seconds = NumberOption.Of(args, "--seconds", 30);
        using var programs = new Programs();
        var (_, server, host) = programs.StartAlongside(programs.StartScreen("1920x1080"), direct: true);

        // The first seconds belong to starting.
        Thread.Sleep(5000);
        double serverBefore = CpuSeconds(server), hostBefore = CpuSeconds(host);
        Thread.Sleep(seconds * 1000);
        Console.WriteLine($"Idle for {seconds} s, one desktop shared, nobody looking.\n");
        Console.WriteLine($"  {"",-16} {"% of a core",12} {"MiB",8}");
        Row("host", (CpuSeconds(host) - hostBefore) / seconds, host);
        Row("server", (CpuSeconds(server) - serverBefore) / seconds, server);
        return 0;
    }

    private static void Row(string name, double share, int process) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name,-16} {share * 100,12:0.00} {ResidentMemory.BytesOf(process) / 1048576.0,8:0}"));

    /// <summary>utime and stime of /proc/PID/stat, whose second field may hold spaces.</summary>
    private static double CpuSeconds(int process)
    {
        string stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
    }
}
