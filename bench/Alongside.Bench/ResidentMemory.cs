using System.Globalization;

namespace Alongside.Bench;

/// <summary>What of a process lies in memory, as the system counts it.</summary>
internal static class ResidentMemory
{
    /// <param name="process">Its number.</param>
    public static long BytesOf(int process)
    {
        string line = File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
