using Microsoft.EntityFrameworkCore;

namespace Alongside.Server.Storage;

/// <summary>One change to what is stored. Applied in the order in which the changes were made.</summary>
public abstract record RoomChange
{
    private RoomChange()
    {
    }

    internal abstract Task ApplyAsync(RoomDb db);

    public sealed record Opened(string Room, ushort Opener) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db) => Insert(db, new RoomRow { Id = Room, Opener = Opener, NextMember = Opener + 1 });
    }

    public sealed record Entered(string Room, ushort Member, string Role, string TokenHash) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            // The room may have ended in the meantime; its members went with it.
            if (await db.Rooms.Where(row => row.Id == Room).ExecuteUpdateAsync(set => set.SetProperty(row => row.NextMember, Member + 1)) == 1)
            {
                await Insert(db, new MemberRow { Room = Room, Id = Member, Role = Role, TokenHash = TokenHash });
            }
        }
    }

    /// <param name="Member">An int, as the column: not every provider has a ushort.</param>
    public sealed record Gone(string Room, int Member) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db) => db.Members.Where(row => row.Room == Room && row.Id == Member).ExecuteDeleteAsync();
    }

    public sealed record Ended(string Room) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            await db.Members.Where(row => row.Room == Room).ExecuteDeleteAsync();
            await db.Rooms.Where(row => row.Id == Room).ExecuteDeleteAsync();
        }
    }

    /// <summary>A number is given out, or put to rest when there is no room.</summary>
    public sealed record Number(string Digits, string? Room, DateTimeOffset Lapses, DateTimeOffset Free) : RoomChange
    {
        internal override async Task ApplyAsync(RoomDb db)
        {
            await db.Numbers.Where(row => row.Number == Digits).ExecuteDeleteAsync();
            await Insert(db, new NumberRow
            {
                Number = Digits,
                Room = Room,
                Lapses = Lapses.ToUnixTimeMilliseconds(),
                Free = Free.ToUnixTimeMilliseconds(),
            });
        }
    }

    /// <summary>Numbers that have rested are forgotten.</summary>
    public sealed record Rested(DateTimeOffset Now) : RoomChange
    {
        internal override Task ApplyAsync(RoomDb db)
        {
            var now = Now.ToUnixTimeMilliseconds();
            return db.Numbers.Where(row => row.Free <= now).ExecuteDeleteAsync();
        }
    }

    private static async Task Insert(RoomDb db, object row)
    {
        db.Add(row);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
    }
}
