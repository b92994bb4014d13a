using System.Diagnostics;

namespace Alongside.Launcher.Processes;

/// <summary>A program we started. Its output goes to a log that holds its last start only.</summary>
public sealed class Child
{
    private const int TailLines = 12;
    private readonly Process process;
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Child(string name, Process process, string log)
    {
        Name = name;
        this.process = process;
        Log = log;
        process.Exited += (_, _) => exited.TrySetResult();
        process.EnableRaisingEvents = true;
    }

    public string Name { get; }

    /// <summary>The path of its log.</summary>
    public string Log { get; }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    /// <summary>Of one that has ended; 128 and the signal's number when one ended it.</summary>
    public int ExitCode => process.ExitCode;

    /// <summary>Completes when it has ended; programs it started itself may still hold its output.</summary>
    public Task Exited => exited.Task;

    /// <summary>The last lines it wrote, for a message about its end.</summary>
    public string Tail()
    {
        try
        {
            return string.Join('\n', File.ReadLines(Log).TakeLast(TailLines));
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    /// <summary>Asks it to end; after <paramref name="patience"/> it is killed. Safe on one that has ended.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (process.HasExited)
        {
            return;
        }

        Signals.Send(process.Id, Signals.Terminate);
        try
        {
            await Exited.WaitAsync(patience);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            await Exited;
        }
    }

    internal static Child Follow(Launch launch, Process process, string log)
    {
        process.StandardInput.Close();
        var writer = TextWriter.Synchronized(new StreamWriter(log, append: false) { AutoFlush = true });
        process.OutputDataReceived += (_, line) => Hear(line.Data, launch.Line ?? writer.WriteLine);
        process.ErrorDataReceived += (_, line) => Hear(line.Data, writer.WriteLine);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new Child(launch.Name, process, log);
    }

    private static void Hear(string? line, Action<string> hear)
    {
        if (line is not null)
        {
            hear(line);
        }
    }
}
