using System.Globalization;
using System.Text;

namespace Alongside.Launcher.Processes;

/// <summary>Finds the processes of a run by the mark in their environment, whoever their parent is by now.</summary>
public static class Leftovers
{
    public static List<int> Of(string run)
    {
        var mark = Encoding.UTF8.GetBytes($"{Starter.Mark}={run}\0");
        var found = new List<int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
                || process == Environment.ProcessId)
            {
                continue;
            }

            try
            {
                // A zombie's environment is empty: it is dead already.
                if (File.ReadAllBytes(Path.Combine(directory, "environ")).AsSpan().IndexOf(mark) >= 0)
                {
                    found.Add(process);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or somebody else's: either way not ours to end.
            }
        }

        return found;
    }
}
