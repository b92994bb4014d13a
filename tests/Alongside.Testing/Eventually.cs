namespace Alongside.Testing;

/// <summary>Waits for a condition with a deadline, for what happens on other threads.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <exception cref="TimeoutException">It did not come true in half a minute.</exception>
    public static async Task TrueAsync(Func<bool> condition, string? what = null)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
            {
                throw new TimeoutException(what ?? "What was waited for did not happen.");
            }

            await ticks.WaitForNextTickAsync();
        }
    }
}
