using Alongside.Server.Storage;

namespace Alongside.Server.Health;

/// <summary>
/// `GET /healthz`: whether the database answers. Everybody may ask, so the answer is remembered for two seconds, and whoever asks while it is looked for waits for the same.
/// </summary>
public sealed class HealthCheck(RoomStore store, TimeProvider time)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private Task<string?>? last;
    private long since;
    private int asked;

    /// <summary>Times that the database was asked.</summary>
    public int Asked => Volatile.Read(ref asked);

    /// <summary>Null, or what is wrong.</summary>
    public Task<string?> AskAsync()
    {
        lock (gate)
        {
            if (last is null || (last.IsCompleted && time.GetElapsedTime(since) >= Remembered))
            {
                since = time.GetTimestamp();
                asked++;
                last = LookAsync();
            }

            return last;
        }
    }

    private async Task<string?> LookAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await store.CheckAsync(limit.Token);
    }
}
