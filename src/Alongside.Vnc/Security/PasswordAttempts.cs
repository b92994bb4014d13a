namespace Alongside.Vnc.Security;

/// <summary>
/// Slows down who guesses: after some wrong passwords an address waits, each further one twice as long; and so do all together, because addresses
/// are cheap. Shared by all connections of a listener; one thread. Times in microseconds.
/// </summary>
public sealed class PasswordAttempts
{
    /// <summary>Wrong passwords in a row that cost an address nothing.</summary>
    public const int Free = 5;

    /// <summary>Wrong passwords of all addresses in <see cref="Window"/> that cost nothing.</summary>
    public const int FreeInAll = 50;

    /// <summary>After the first wrong password that costs something: ten seconds.</summary>
    public const long FirstWait = 10_000_000;

    /// <summary>An hour: no address waits longer.</summary>
    public const long LongestWait = 3_600_000_000;

    /// <summary>A minute.</summary>
    public const long Window = 60_000_000;
    private const int MaxSources = 1024;

    private readonly Dictionary<string, Source> sources = [];
    private long windowEnds;
    private int inWindow;

    /// <summary>How long this address has to wait before it may try; 0: it may.</summary>
    public long Wait(long now, string source)
    {
        long inAll = inWindow >= FreeInAll ? windowEnds - now : 0;
        long own = sources.TryGetValue(source, out var known) ? known.Until - now : 0;
        return Math.Max(0, Math.Max(inAll, own));
    }

    /// <summary>This address gave a wrong password.</summary>
    public void Failed(long now, string source)
    {
        if (now >= windowEnds)
        {
            (windowEnds, inWindow) = (now + Window, 0);
        }

        inWindow++;
        int failures = sources.GetValueOrDefault(source).Failures + 1;
        long wait = failures < Free ? 0 : Math.Min(LongestWait, FirstWait << Math.Min(20, failures - Free));
        if (!sources.ContainsKey(source) && sources.Count == MaxSources)
        {
            Forget(now);
        }

        sources[source] = new(failures, now + wait, now);
    }

    /// <summary>It gave the right one: its wrong ones are forgotten.</summary>
    public void Succeeded(string source) => sources.Remove(source);

    /// <summary>Makes room: who waits no more goes, and if all wait, who failed longest ago.</summary>
    private void Forget(long now)
    {
        foreach (var (name, source) in sources)
        {
            if (source.Until <= now)
            {
                sources.Remove(name);
            }
        }

        if (sources.Count == MaxSources)
        {
            sources.Remove(sources.MinBy(source => source.Value.FailedAt).Key);
        }
    }

    private readonly record struct Source(int Failures, long Until, long FailedAt);
}
