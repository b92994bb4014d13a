using System.Globalization;
using System.Text.RegularExpressions;

namespace Alongside.Bench.Desktop.Measure;

/// <summary>Reads what <c>ss -tinpH</c> says of connections.</summary>
internal static partial class SocketBytes
{
    /// <summary>Bytes that these processes have received over connections to <paramref name="port"/>: the payload of TCP, nothing twice.</summary>
    public static long Received(string listing, int port, IReadOnlySet<int> processes)
    {
        long sum = 0;
        bool ours = false;
        foreach (string line in listing.Split('\n'))
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                var owners = Process().Matches(line).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
                string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                ours = words.Length > 4 && words[4].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port}"), StringComparison.Ordinal) && owners.Any(processes.Contains);
            }
            else if (ours && Bytes().Match(line) is { Success: true } match)
            {
                sum += long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }

        return sum;
    }

    [GeneratedRegex(@"pid=(\d+)")]
    private static partial Regex Process();

    [GeneratedRegex(@"bytes_received:(\d+)")]
    private static partial Regex Bytes();
}
