namespace Alongside.Host.Tests.Linux;

/// <summary>Waits for a condition, with a deadline that only a failure reaches.</summary>
internal static class Until
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static Task True(Func<bool> condition, string what) => True(condition, () => what);

    /// <param name="condition">What has to become true.</param>
    /// <param name="what">Says what was waited for and what there was instead, when it is over.</param>
    public static async Task True(Func<bool> condition, Func<string> what)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            Assert.False(deadline.IsCancellationRequested, $"Waited in vain: {what()}.");
            await Task.Delay(2);
        }
    }
}
