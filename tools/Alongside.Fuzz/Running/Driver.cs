using System.Diagnostics;
using System.Globalization;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Targets;

namespace Alongside.Fuzz.Running;

/// <summary>
/// Runs one target in child processes, because what it looks for may kill one: a stack overflow, a library's own crash. A child that is stuck outside
/// code that counts steps, or takes the machine's memory, is ended here. A child that died is followed by another, which goes on with the same corpus.
/// </summary>
internal sealed class Driver(Target target, Folders folders, string program, Action<string> say)
{
    /// <summary>Processor time for one case, in seconds; the machine may have other things to do, so the clock on the wall does not count.</summary>
    private const double MostBusy = 10;

    /// <summary>What a child may take of the machine's memory, in bytes.</summary>
    private const long MostMemory = 2L << 30;

    /// <summary>A target whose children die again and again has been heard.</summary>
    private const int MostCrashes = 8;

    private readonly Dictionary<string, string> found = [];
    private (long Runs, int Edges, int Kept) at;
    private long runsBefore;

    public DriverResult Run(double seconds, int seed)
    {
        var clock = Stopwatch.StartNew();
        int crashes = 0;
        while (clock.Elapsed.TotalSeconds < seconds && crashes < MostCrashes)
        {
            var crash = RunChild(seconds - clock.Elapsed.TotalSeconds, seed + crashes);
            runsBefore += at.Runs;
            at = (0, at.Edges, at.Kept);
            if (crash is null)
            {
                break;
            }

            crashes++;
            Keep(crash);
        }

        return new(target.Name, runsBefore, at.Edges, at.Kept, clock.Elapsed, [.. found.Values]);
    }

    private Finding? RunChild(double seconds, int seed)
    {
        string file = folders.Heartbeat(target);
        using var heartbeat = Heartbeat.Create(file);
        try
        {
            using var child = Start("worker", target.Name, "--seconds", seconds.ToString("0.0", CultureInfo.InvariantCulture), "--seed", $"{seed}", "--heartbeat", file, "--folder", folders.Root);
            var errors = child.StandardError.ReadToEndAsync();
            var lines = Task.Run(() => Listen(child));
            string? ended = Watch(child, heartbeat);
            lines.Wait();
            string said = errors.Result;
            return ended is null && child.ExitCode == 0 ? null : Dead(ended, child.ExitCode, said, heartbeat.Last());
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(program);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private void Listen(Process child)
    {
        while (child.StandardOutput.ReadLine() is { } line)
        {
            string[] words = line.Split(' ', 3);
            if (words is ["found", var file, var what])
            {
                found.TryAdd(Path.GetFileNameWithoutExtension(file), $"{file}  {what}");
                say($"  {target.Name}: {what}");
            }
            else if (line.Split(' ') is ["at", var runs, var edges, var kept])
            {
                at = (long.Parse(runs, CultureInfo.InvariantCulture), int.Parse(edges, CultureInfo.InvariantCulture), int.Parse(kept, CultureInfo.InvariantCulture));
                say(string.Create(CultureInfo.InvariantCulture, $"\r  {target.Name,-24} {runsBefore + at.Runs,12:N0} runs {at.Edges,6} edges {at.Kept,5} kept {found.Count,3} found"));
            }
        }
    }

    /// <summary>Waits for the child's end; why it was ended, null if it ended by itself.</summary>
    private static string? Watch(Process child, Heartbeat heartbeat)
    {
        var (runs, since) = (-1L, 0.0);
        while (!child.WaitForExit(250))
        {
            if (!TryMeasure(child, out double busy, out long memory))
            {
                continue;
            }

            if (heartbeat.Runs != runs)
            {
                (runs, since) = (heartbeat.Runs, busy);
            }

            string? wrong = memory > MostMemory ? "took too much memory" : runs > 0 && busy - since > MostBusy ? "was stuck" : null;
            if (wrong is not null)
            {
                child.Kill();
                child.WaitForExit();
                return wrong;
            }
        }

        child.WaitForExit();
        return null;
    }

    private static bool TryMeasure(Process child, out double busy, out long memory)
    {
        try
        {
            child.Refresh();
            (busy, memory) = (child.TotalProcessorTime.TotalSeconds, child.WorkingSet64);
            return true;
        }
        catch (InvalidOperationException)
        {
            // It has just ended.
            (busy, memory) = (0, 0);
            return false;
        }
    }

    private static Finding Dead(string? ended, int exitCode, string said, Case last)
    {
        string place = said.Split('\n').FirstOrDefault(line => line.Contains("Alongside.", StringComparison.Ordinal) && !line.Contains("Alongside.Fuzz", StringComparison.Ordinal)) ?? "";
        string what = ended ?? $"died ({exitCode}): {said.Split('\n')[0]}";
        return new(ended == "was stuck" ? FindingKind.Hang : FindingKind.Crash, what, ended ?? place.Trim(), said, last);
    }

    private void Keep(Finding crash)
    {
        // Each try is a process of its own.
        var smaller = crash.Kind == FindingKind.Hang ? crash.Case : new Minimiser(given => Dies(given), tries: 150).Shrink(crash.Case);
        string file = folders.Write(target, crash with { Case = smaller });
        if (found.TryAdd(crash.Signature, $"{file}  {crash.What}"))
        {
            say($"  {target.Name}: {crash.What}");
        }
    }

    private bool Dies(Case given)
    {
        string file = folders.Heartbeat(target) + ".case";
        File.WriteAllBytes(file, given.ToFile());
        try
        {
            using var child = Start("replay", target.Name, file);
            var errors = child.StandardError.ReadToEndAsync();
            child.StandardOutput.ReadToEnd();
            errors.Wait();
            child.WaitForExit();
            return child.ExitCode is not (0 or 1);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

/// <summary>What a target's run came to.</summary>
internal sealed record DriverResult(string Target, long Runs, int Edges, int Kept, TimeSpan Time, IReadOnlyList<string> Found);
