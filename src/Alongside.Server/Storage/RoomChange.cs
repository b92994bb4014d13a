using Microsoft.EntityFrameworkCore;

namespace Alongside.Server.Storage;

/// <summary>
/// One change to what is stored. Applied in the order in which the changes were made. Each is a statement or two that both databases read
/// alike, written out: nothing has to be loaded and tracked to change one row. Values are parameters.
/// </summary>
public abstract record RoomChange
{
    private RoomChange()
    {
    }

    internal abstract Task ApplyAsync(RoomDb db);

    public sealed record Opened(string Room, int Opener) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db) =>
            db.Database.ExecuteSqlAsync($"INSERT INTO rooms (id, opener, next_member) VALUES ({Room}, {Opener}, {Opener + 1})");
    }

    public sealed record Entered(string Room, int Member, string Role, string TokenHash) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            // The room may have ended in the meantime; its members went with it.
            if (await db.Database.ExecuteSqlAsync($"UPDATE rooms SET next_member = {Member + 1} WHERE id = {Room}") == 1)
            {
                await db.Database.ExecuteSqlAsync($"INSERT INTO members (room, id, role, token_hash) VALUES ({Room}, {Member}, {Role}, {TokenHash})");
            }
        }
    }

    public sealed record Gone(string Room, int Member) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db) => db.Database.ExecuteSqlAsync($"DELETE FROM members WHERE room = {Room} AND id = {Member}");
    }

    public sealed record Ended(string Room) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM members WHERE room = {Room}");
            await db.Database.ExecuteSqlAsync($"DELETE FROM rooms WHERE id = {Room}");
        }
    }

    /// <summary>A number is given out, or put to rest when there is no room.</summary>
    public sealed record Number(string Digits, string? Room, DateTimeOffset Lapses, DateTimeOffset Free) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            await db.Database.ExecuteSqlAsync($"DELETE FROM numbers WHERE number = {Digits}");
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO numbers (number, room, lapses, free) VALUES ({Digits}, {Room}, {Lapses.ToUnixTimeMilliseconds()}, {Free.ToUnixTimeMilliseconds()})");
        }
    }

    /// <summary>Numbers that have rested are forgotten.</summary>
    public sealed record Rested(DateTimeOffset Now) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db) => db.Database.ExecuteSqlAsync($"DELETE FROM numbers WHERE free <= {Now.ToUnixTimeMilliseconds()}");
    }
}
