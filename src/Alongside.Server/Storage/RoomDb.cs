using Microsoft.EntityFrameworkCore;

namespace Alongside.Server.Storage;

/// <summary>What outlives the process (docs/protocol/relay.md, "Rooms, numbers, members"). Times are milliseconds since 1970, UTC; hashes are hex.</summary>
public sealed class RoomDb(DbContextOptions<RoomDb> options) : DbContext(options)
{
    public DbSet<RoomRow> Rooms => Set<RoomRow>();

    public DbSet<MemberRow> Members => Set<MemberRow>();

    public DbSet<NumberRow> Numbers => Set<NumberRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<RoomRow>(room =>
        {
            room.ToTable("rooms").HasKey(row => row.Id);
            room.Property(row => row.Id).HasColumnName("id");
            room.Property(row => row.Opener).HasColumnName("opener");
            room.Property(row => row.NextMember).HasColumnName("next_member");
        });
        modelBuilder.Entity<MemberRow>(member =>
        {
            member.ToTable("members").HasKey(row => new { row.Room, row.Id });
            member.Property(row => row.Room).HasColumnName("room");
            member.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            member.Property(row => row.Role).HasColumnName("role");
            member.Property(row => row.TokenHash).HasColumnName("token_hash");
        });
        modelBuilder.Entity<NumberRow>(number =>
        {
            number.ToTable("numbers").HasKey(row => row.Number);
            number.Property(row => row.Number).HasColumnName("number");
            number.Property(row => row.Room).HasColumnName("room");
            number.Property(row => row.Lapses).HasColumnName("lapses");
            number.Property(row => row.Free).HasColumnName("free");
        });
    }
}

public sealed class RoomRow
{
    public required string Id { get; set; }

    public int Opener { get; set; }

    public int NextMember { get; set; }
}

public sealed class MemberRow
{
    public required string Room { get; set; }

    public int Id { get; set; }

    /// <summary>`host` or `viewer`.</summary>
    public required string Role { get; set; }

    public required string TokenHash { get; set; }
}

public sealed class NumberRow
{
    public required string Number { get; set; }

    /// <summary>Null while the number rests.</summary>
    public string? Room { get; set; }

    public long Lapses { get; set; }

    /// <summary>When it may be given out again.</summary>
    public long Free { get; set; }
}
