using System.Globalization;
using System.Net;
using Alongside.Server.Health;
using Microsoft.AspNetCore.Connections;

namespace Alongside.Server.Limits;

/// <summary>
/// Connections of every kind, counted where they are accepted: before TLS, before a request. Each takes one of the files that the process may have open, also one on which nobody says
/// anything. A proxy's are not counted for it, as it is many people; it counts them itself.
/// </summary>
public sealed class Connections(ServerSettings settings, SourceLimits limits, RelayCounters counters, ILogger<Connections> log)
{
    /// <summary>Files that are kept for everything else: the database, pages, downloads.</summary>
    private const int Kept = 256;

    private int open;

    /// <summary>Connections that may be open in all.</summary>
    public int Most { get; init; } = MostOf(OpenFiles());

    /// <summary>Those that are.</summary>
    public int Open => Volatile.Read(ref open);

    /// <summary>A middleware of each port.</summary>
    public ConnectionDelegate Count(ConnectionDelegate next) => async connection =>
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var source = Source.Of(address);
        var counts = address is null || !settings.IsProxy(address);
        if (Interlocked.Increment(ref open) > Most)
        {
            counters.ConnectionRefused();
            if (limits.TryTell(default))
            {
                log.Full(Most);
            }

            connection.Abort();
        }
        else if (counts && !limits.TryOpenConnection(source))
        {
            counters.ConnectionRefused();
            if (limits.TryTell(source))
            {
                log.TooManySockets($"{address}");
            }

            connection.Abort();
        }
        else
        {
            try
            {
                await next(connection);
            }
            finally
            {
                if (counts)
                {
                    limits.CloseConnection(source);
                }
            }
        }

        Interlocked.Decrement(ref open);
    };

    /// <summary>A sixteenth of the files, and a few at least, are kept for everything else.</summary>
    internal static int MostOf(long files) => (int)Math.Clamp(files - Math.Max(Kept, files / 16), 64, int.MaxValue);

    /// <summary>As many files as this process may have open: the runtime has raised the soft limit to the hard one.</summary>
    private static long OpenFiles()
    {
        const string Name = "Max open files";
        var line = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        var words = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is [_, var hard, ..] && long.TryParse(hard, CultureInfo.InvariantCulture, out var most) ? most : int.MaxValue;
    }
}
