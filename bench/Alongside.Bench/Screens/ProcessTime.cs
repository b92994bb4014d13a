using System.Globalization;

namespace Alongside.Bench.Screens;

/// <summary>Processor time of processes that are not ours, in milliseconds, to the nanosecond the scheduler counts.</summary>
internal static class ProcessTime
{
    public static double Of(int process)
    {
        long nanoseconds = 0;
        foreach (string task in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
        {
            try
            {
                nanoseconds += long.Parse(File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // A thread may end while it is read.
            }
        }

        return nanoseconds / 1e6;
    }
}
