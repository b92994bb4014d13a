using System.Data;
using Microsoft.EntityFrameworkCore;

namespace Alongside.Server.Storage;

/// <summary>
/// The tables, as numbered steps that both databases understand, and a table that says how far a database has come. Not EF's
/// migrations: those are generated for one provider each, so two providers would mean two sets to keep in step; the few types used here
/// (TEXT, INTEGER, BIGINT) are the same words in both. A step is never changed once released; a new one is added.
/// </summary>
public static class Schema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE rooms (id TEXT PRIMARY KEY, opener INTEGER NOT NULL, next_member INTEGER NOT NULL);
        CREATE TABLE members (
            room TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
            id INTEGER NOT NULL, role TEXT NOT NULL, token_hash TEXT NOT NULL, PRIMARY KEY (room, id));
        CREATE TABLE numbers (number TEXT PRIMARY KEY, room TEXT, lapses BIGINT NOT NULL, free BIGINT NOT NULL);
        """,
    ];

    public static int Version => Steps.Length;

    /// <summary>Brings a database to this program's version, in one transaction, so that a start that is killed halfway leaves it as it was.</summary>
    /// <exception cref="StorageException">The database belongs to a newer program.</exception>
    public static async Task UpgradeAsync(RoomDb db, CancellationToken cancel)
    {
        var postgres = db.Database.IsNpgsql();
        if (!postgres)
        {
            // Readers do not wait for the writer. Stays with the file. Each commit is still synced (synchronous = FULL, the default).
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancel);
        if (postgres)
        {
            // Two servers that start at once take turns.
            await db.Database.ExecuteSqlRawAsync("SELECT pg_advisory_xact_lock(4716283)", cancel);
        }

        await db.Database.ExecuteSqlRawAsync("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", cancel);
        var version = await db.Database.SqlQueryRaw<int>("SELECT COALESCE(MAX(version), 0) AS \"Value\" FROM schema_version").SingleAsync(cancel);
        if (version > Version)
        {
            throw new StorageException($"The database was used by a newer Alongside (version {version} of its tables; this program knows {Version}).");
        }

        for (var step = version; step < Version; step++)
        {
            await db.Database.ExecuteSqlRawAsync(Steps[step], cancel);
            await db.Database.ExecuteSqlRawAsync("INSERT INTO schema_version (version) VALUES ({0})", [step + 1], cancel);
        }

        await transaction.CommitAsync(cancel);
    }
}
