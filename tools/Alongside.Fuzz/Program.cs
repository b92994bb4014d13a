using System.Diagnostics;
using System.Globalization;
using Alongside.Fuzz;
using Alongside.Fuzz.Cases;
using Alongside.Fuzz.Coverage;
using Alongside.Fuzz.Running;
using Alongside.Fuzz.Targets;

// The driver makes an instrumented copy of this program and starts it again as `worker`, `replay` and `check`; what they do is in Running/.
//
//   driver ── worker TARGET ──> cases ──> Runner ──> decoder
//     │                          ^          │
//     └─ findings, crashes       └─ Corpus ─┘ Footprint
try
{
    if (args is ["help" or "--help" or "-h", ..])
    {
        Console.WriteLine(Options.Help);
        return 0;
    }

    var options = Options.Parse(args);
    var folders = new Folders(options.Folder ?? Path.Combine(Vectors.Root, ".alongside", "fuzz"));
    bool isInstrumented = File.Exists(Path.Combine(AppContext.BaseDirectory, InstrumentedProgram.LexiconFile));
    switch (options.Words)
    {
        case ["list"]:
            foreach (var target in Target.All)
            {
                Console.WriteLine(target.Name);
            }

            return 0;
        case ["worker", var name]:
            return new Worker(Find(name), folders, options.Seed).Run(options.Seconds, options.Heartbeat ?? throw new FormatException("A worker has a heartbeat."));
        case ["replay", var name, var file]:
            var finding = Runner.Run(Find(name), Case.Read(File.ReadAllBytes(file)));
            Console.WriteLine(finding is null ? $"{name}: survived." : $"{name}: {finding.What}{Environment.NewLine}{finding.Detail}");
            return finding is null ? 0 : 1;
        case ["check", .. var names]:
            // In the instrumented program, which counts steps.
            return isInstrumented
                ? Check.Run(names.Length == 0 ? Target.All : [.. names.Select(Find)], options.Runs, Console.Out)
                : Start(InstrumentedProgram.Make(folders.Programs, Console.Error.WriteLine), args);
        case var names:
            return Fuzz(names.Length == 0 ? Target.All : [.. names.Select(Find)], options, folders);
    }
}
catch (FormatException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}

static Target Find(string name) => Target.All.FirstOrDefault(target => target.Name == name)
    ?? throw new FormatException($"There is no target \"{name}\". There are: {string.Join(", ", Target.All.Select(target => target.Name))}.");

// The same command, in the instrumented program.
static int Start(string program, string[] arguments)
{
    using var child = Process.Start("dotnet", [program, .. arguments]);
    child.WaitForExit();
    return child.ExitCode;
}

static int Fuzz(IReadOnlyList<Target> targets, Options options, Folders folders)
{
    bool isTerminal = !Console.IsErrorRedirected;
    string program = InstrumentedProgram.Make(folders.Programs, Console.Error.WriteLine);
    var found = new List<string>();
    long runs = 0;
    foreach (var target in targets)
    {
        if (options.Fresh)
        {
            Directory.Delete(folders.Corpus(target), recursive: true);
        }

        var result = new Driver(target, folders, program, Progress).Run(options.Seconds, options.Seed);
        runs += result.Runs;
        found.AddRange(result.Found);
        Console.Error.Write(isTerminal ? "\r" : "");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {result.Target,-24} {result.Runs,12:N0} runs {result.Edges,6} edges {result.Kept,5} kept {result.Found.Count,3} found {result.Time.TotalSeconds,7:0.0} s"));
    }

    foreach (string each in found)
    {
        Console.WriteLine(each);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runs:N0} runs of {targets.Count} targets, {found.Count} found"));
    return found.Count == 0 ? 0 : 1;

    void Progress(string line)
    {
        // On a terminal the counts are written over each other; elsewhere only what was found is worth a line.
        bool isCount = line.StartsWith('\r');
        if (isTerminal || !isCount)
        {
            Console.Error.Write(isCount ? line : Environment.NewLine + line + Environment.NewLine);
        }
    }
}
