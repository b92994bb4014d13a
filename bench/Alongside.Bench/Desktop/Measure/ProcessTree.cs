using System.Globalization;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>Processor time of programs and of all they started.</summary>
internal static class ProcessTree
{
    private const double TickMs = 10;

    /// <summary>The processes and their descendants.</summary>
    public static HashSet<int> Of(IEnumerable<int> roots)
    {
        var children = new Dictionary<int, List<int>>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int process) && Fields(process) is [_, var parent, ..])
            {
                int above = int.Parse(parent, CultureInfo.InvariantCulture);
                (children.TryGetValue(above, out var known) ? known : children[above] = []).Add(process);
            }
        }

        var found = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out int next))
        {
            if (found.Add(next) && children.TryGetValue(next, out var below))
            {
                below.ForEach(open.Push);
            }
        }

        return found;
    }

    /// <summary>User and system time in milliseconds, with that of threads that have ended.</summary>
    public static double CpuMs(IEnumerable<int> processes) => processes.Sum(process => Fields(process) is { Length: > 12 } fields
        ? (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) * TickMs
        : 0);

    /// <summary>/proc/PID/stat from its third field on: the second, a name, may hold spaces. Null when the process has gone.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
