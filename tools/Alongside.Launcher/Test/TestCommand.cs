using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Alongside.Launcher.Processes;
using Alongside.Launcher.Publish;

namespace Alongside.Launcher.Test;

/// <summary>
/// <c>./alongside test</c>: every suite, one after the other (a desktop and a browser in each of two would measure the machine),
/// with results read from their result files. A few tests that fail are run once more, and both results are printed: who passes then counts as
/// passed, and is named as unsteady, which is a fault of its own. The last line of standard output is <c>N passed, N failed</c>.
/// </summary>
public static class TestCommand
{
    /// <summary>No test of a suite has begun or ended for so long: they are stuck. Several times what the longest takes on a machine that is busy.</summary>
    private const string StuckAfter = "4min";

    /// <summary>Of a suite, whatever it does.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static async Task<int> RunAsync(Layout layout, TestOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var starter = new Starter(layout.Logs);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        string results = Path.Combine(layout.Work, "test-results");
        if (Directory.Exists(results))
        {
            Directory.Delete(results, recursive: true);
        }

        Directory.CreateDirectory(results);
        int passed = 0, failed = 0;
        try
        {
            // At the lowest priority beside what is not timed, and done before the end-to-end tests, which it would slow.
            var download = options.Wants("e2e") ? HostDownload.MakeAsync(layout, starter, Console.WriteLine, stop.Token) : Task.CompletedTask;
            foreach (var suite in Suites(layout, results).Where(suite => options.Wants(suite.Name)))
            {
                if (suite.Name == "e2e")
                {
                    await download;
                }

                var clock = Stopwatch.StartNew();
                var first = await RunAsync(suite, starter, stop.Token);
                var result = first.IsWorthAnother && suite.Again(first) is { } again ? first.Then(await RunAsync(again, starter, stop.Token)) : first;
                passed += result.Passed;
                failed += result.Failures.Count;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {suite.Name,-28} {result.Passed,5} passed {result.Failures.Count,4} failed {clock.Elapsed.TotalSeconds,7:0.0} s"));
                foreach (var failure in first.Failures.Except(result.Failures))
                {
                    Console.WriteLine("    unsteady, at first: " + failure.ReplaceLineEndings("\n      "));
                }

                foreach (var failure in result.Failures)
                {
                    Console.WriteLine("    " + failure.ReplaceLineEndings("\n      "));
                }

                if (result.Failures.Count > 0)
                {
                    Console.WriteLine($"    All of its output: .alongside/logs/test-{suite.Name}.log");
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            failed++;
            Console.WriteLine("  Interrupted.");
        }
        finally
        {
            await starter.SweepAsync();
        }

        Console.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static IEnumerable<Suite> Suites(Layout layout, string results)
    {
        foreach (var project in Directory.EnumerateDirectories(Path.Combine(layout.Root, "tests"), "*.Tests").Order())
        {
            string name = Path.GetFileName(project);
            Suite Tests(string run, params string[] more)
            {
                string folder = Path.Combine(results, run), file = folder + ".trx";
                string[] patience = ["--blame-hang", "--blame-hang-timeout", StuckAfter, "--blame-hang-dump-type", "none", "--results-directory", folder];
                return new(
                    name,
                    new Launch($"test-{run}", "dotnet", ["test", project, "-c", "Release", "--no-build", "--logger", $"trx;LogFileName={file}", .. patience, .. more]),
                    () => TrxResults.Read(file, folder),
                    first => first.IsCutShort ? Tests(name + "-again") : Tests(name + "-again", "--filter", TrxResults.FilterOf(first.Failures)));
            }

            yield return Tests(name);
        }

        foreach (var (name, directory) in ((string, string)[])[("web", "web"), ("e2e", "tests/e2e")])
        {
            string path = Path.Combine(layout.Root, directory);
            Suite Tests(string run, params string[] files)
            {
                string file = Path.Combine(results, run + ".json");
                return new(
                    name,
                    new Launch($"test-{run}", "npx", ["vitest", "run", .. files, "--reporter=default", "--reporter=json", $"--outputFile.json={file}"]) { Directory = path },
                    () => VitestResults.Read(file),
                    first => Tests(name + "-again", VitestResults.FilesOf(first.Failures)));
            }

            yield return new Suite($"{name}-types", new Launch($"test-{name}-types", "npm", ["run", "check"]) { Directory = path }, () => new SuiteResult(0, []), _ => null);
            yield return Tests(name);
        }
    }

    private static async Task<SuiteResult> RunAsync(Suite suite, Starter starter, CancellationToken stop)
    {
        var child = await starter.StartAsync(suite.Launch);
        await using var ended = stop.Register(() => Signals.Send(child.Id, Signals.Terminate));
        try
        {
            await child.Exited.WaitAsync(Longest, stop);
        }
        catch (TimeoutException)
        {
            await child.StopAsync(TimeSpan.FromSeconds(10));
            return SuiteResult.Broken(string.Create(CultureInfo.InvariantCulture, $"It did not end within {Longest.TotalMinutes} minutes, and was ended."));
        }

        return suite.Read().WithExitCode(child.ExitCode);
    }

    /// <param name="Again">The same, but of the tests that failed alone; null: there is no such thing.</param>
    private sealed record Suite(string Name, Launch Launch, Func<SuiteResult> Read, Func<SuiteResult, Suite?> Again);
}
