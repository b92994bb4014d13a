using System.Data.Common;
using System.Threading.Channels;
using Alongside.Server.Health;
using Microsoft.EntityFrameworkCore;

namespace Alongside.Server.Storage;

/// <summary>
/// Writes changes to the database in their order, many in one transaction when many wait: a commit costs a sync of the disk, and
/// a thousand hosts that come at once should not queue for a thousand. A change is safe when its task completes. The relay's
/// frames never come here.
/// </summary>
public sealed class RoomStore : IAsyncDisposable
{
    private const int MostInOne = 256;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private readonly DbContextOptions<RoomDb> options;
    private readonly ILogger log;
    private readonly Channel<(RoomChange[] Changes, TaskCompletionSource Done)> waiting =
        Channel.CreateUnbounded<(RoomChange[], TaskCompletionSource)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task writing;

    public RoomStore(ServerSettings settings, ILogger<RoomStore> log)
    {
        options = Options(settings);
        this.log = log;
        writing = Task.Run(WriteAsync);
    }

    /// <exception cref="StorageException">It is not stored.</exception>
    public Task SaveAsync(params RoomChange[] changes)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!waiting.Writer.TryWrite((changes, done)))
        {
            done.SetException(new StorageException("The server is stopping."));
        }

        return done.Task;
    }

    /// <summary>Stores what nobody waits for: something is gone. Tried again for two minutes; if a restart comes first, what is gone is taken for
    /// away, and lapses again.</summary>
    public void Save(params RoomChange[] changes)
    {
        _ = SaveQuietlyAsync(changes);
    }

    /// <summary>Makes or upgrades the tables and reads everything.</summary>
    public async Task<(RoomRow[] Rooms, MemberRow[] Members, NumberRow[] Numbers)> LoadAsync(CancellationToken cancel)
    {
        await using var db = new RoomDb(options);
        try
        {
            await Schema.UpgradeAsync(db, cancel);
            return (await db.Rooms.AsNoTracking().ToArrayAsync(cancel), await db.Members.AsNoTracking().ToArrayAsync(cancel),
                await db.Numbers.AsNoTracking().ToArrayAsync(cancel));
        }
        catch (Exception error) when (IsTheDatabases(error))
        {
            // The innermost says what it was; those around it say that it may pass.
            throw new StorageException($"The database cannot be used: {error.GetBaseException().Message}", error);
        }
    }

    /// <summary>Whether the database answers; null, or what is wrong.</summary>
    public async Task<string?> CheckAsync(CancellationToken cancel)
    {
        try
        {
            await using var db = new RoomDb(options);
            await db.Database.SqlQueryRaw<int>("SELECT MAX(version) AS \"Value\" FROM schema_version").SingleAsync(cancel);
            return null;
        }
        catch (Exception error) when (IsTheDatabases(error) || error is OperationCanceledException)
        {
            return "The database does not answer.";
        }
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await writing;
    }

    /// <summary>One that is not reached is an InvalidOperationException of EF's.</summary>
    private static bool IsTheDatabases(Exception error) => error is DbException or InvalidOperationException or TimeoutException;

    private static DbContextOptions<RoomDb> Options(ServerSettings settings)
    {
        var builder = new DbContextOptionsBuilder<RoomDb>();
        if (settings.Database is { } connection && !connection.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase))
        {
            return builder.UseNpgsql(connection).Options;
        }

        Directory.CreateDirectory(settings.Data);
        return builder.UseSqlite(settings.Database ?? $"Data Source={Path.Combine(settings.Data, "alongside.db")}").Options;
    }

    private async Task SaveQuietlyAsync(RoomChange[] changes)
    {
        for (var wait = TimeSpan.FromSeconds(1); ; wait *= 2)
        {
            try
            {
                await SaveAsync(changes);
                return;
            }
            catch (StorageException error) when (wait > LongestWait || waiting.Reader.Completion.IsCompleted)
            {
                log.NotForgotten(error.Message);
                return;
            }
            catch (StorageException)
            {
                await Task.Delay(wait);
            }
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<(RoomChange[] Changes, TaskCompletionSource Done)>();
        while (await waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MostInOne && waiting.Reader.TryRead(out var next))
            {
                batch.Add(next);
            }

            try
            {
                await WriteBatchAsync(batch);
                batch.ForEach(item => item.Done.SetResult());
            }
            catch (Exception error)
            {
                // Whatever the provider throws: these are not stored, the next ones may be.
                log.NotStored(error);
                batch.ForEach(item => item.Done.SetException(new StorageException("The server cannot store this now. Try again in a minute.", error)));
            }
        }
    }

    private async Task WriteBatchAsync(List<(RoomChange[] Changes, TaskCompletionSource Done)> batch)
    {
        await using var db = new RoomDb(options);
        await using var transaction = await db.Database.BeginTransactionAsync();
        foreach (var (changes, _) in batch)
        {
            foreach (var change in changes)
            {
                await change.ApplyAsync(db);
            }
        }

        await transaction.CommitAsync();
    }
}
