using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Server.Health;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Storage;

namespace Alongside.Server.Rooms;

/// <summary>How a socket comes into a room: open, join, rejoin. Room and place are stored before anybody hears of them.</summary>
public sealed partial class RoomKeeper
{
    /// <summary>A socket's first message. Returns why it may not enter, or null when it is in and has been told so.</summary>
    public Task<RelayClose?> EnterAsync(RelaySocket socket, ClientSignal first) => first switch
    {
        ClientSignal.Open open => OpenAsync(socket, open),
        ClientSignal.Join join => JoinAsync(socket, join),
        ClientSignal.Rejoin rejoin => Task.FromResult(Rejoin(socket, rejoin)),
        _ => throw new ProtocolException("The first message must be open, join or rejoin."),
    };

    private async Task<RelayClose?> OpenAsync(RelaySocket socket, ClientSignal.Open open)
    {
        if (!limits.TryTakeRoom(socket.Source))
        {
            return RelayClose.SlowDown;
        }

        var token = Tokens.New();
        var seat = new Seat(1, open.Role, Tokens.Hash(token));
        var now = Now;
        var room = new Room(Tokens.New(), seat.Id, new Budget(settings.JoinsPerRoom)) { NextMember = 2, OpenerAway = now };
        List<RoomChange> changes = [new RoomChange.Opened(room.Id, seat.Id), Entered(room, seat)];
        lock (gate)
        {
            if (open.Number && !TakeNumber(room, socket.Source, changes))
            {
                return RelayClose.SlowDown;
            }

            seat.AwaySince = now;
            room.Add(seat);
            rooms.Add(room.Id, room);
        }

        await SaveOrEndAsync(room, changes);
        lock (gate)
        {
            if (room.Ended)
            {
                return RelayClose.NoRoom;
            }

            SitDown(socket, room, seat, cameBack: false, new ServerSignal.Opened(
                room.Id, seat.Id, token, RelayLimits.Window, room.Number, open.Number ? SecondsLeft(room) : null, stun.Port, turn.For(room.Id, seat.Id)));
        }

        counters.Opened();
        log.Opened(Masked(room.Id), open.Role);
        return null;
    }

    private async Task<RelayClose?> JoinAsync(RelaySocket socket, ClientSignal.Join join)
    {
        if (!limits.TryTakeJoin(socket.Source))
        {
            return RelayClose.SlowDown;
        }

        Room? room;
        Seat seat;
        var token = Tokens.New();
        lock (gate)
        {
            room = join.Number is { } number ? numbers.Find(number) : rooms.GetValueOrDefault(join.Room!);
            if (room is null || room.Ended || (join.Number is not null && room.NumberLapses <= Now))
            {
                return RelayClose.NoRoom;
            }

            room.NumberWasUsed |= join.Number is not null;

            if (!room.Joins.TryTake(time))
            {
                return RelayClose.SlowDown;
            }

            if (room.Seats.Count >= settings.RoomMembers || room.NextMember > ushort.MaxValue || (join.Role == MemberRole.Host && !room.LacksHost))
            {
                return RelayClose.Full;
            }

            seat = new Seat((ushort)room.NextMember++, join.Role, Tokens.Hash(token)) { AwaySince = Now };
            room.Add(seat);
        }

        try
        {
            await store.SaveAsync(Entered(room, seat));
        }
        catch (StorageException)
        {
            lock (gate)
            {
                room.Remove(seat);
            }

            throw;
        }

        lock (gate)
        {
            if (room.Ended || room.Find(seat.Id) != seat)
            {
                return RelayClose.NoRoom;
            }

            SitDown(socket, room, seat, cameBack: false, Joined(room, seat, token));
            TellOthers(room, seat, other => other.Outbox.SayArrived(new ServerSignal.Arrived(seat.Id, seat.Role)));
        }

        counters.Joined();
        log.Joined(Masked(room.Id), seat.Id, join.Role);
        return null;
    }

    private RelayClose? Rejoin(RelaySocket socket, ClientSignal.Rejoin rejoin)
    {
        lock (gate)
        {
            var room = rooms.GetValueOrDefault(rejoin.Room);
            var seat = room?.Find(rejoin.Member);
            if (room is null || seat is null)
            {
                return limits.TryTakeJoin(socket.Source) ? RelayClose.NoRoom : RelayClose.SlowDown;
            }

            if (!Tokens.Matches(rejoin.Token, seat.TokenHash))
            {
                return limits.TryTakeJoin(socket.Source) ? RelayClose.Token : RelayClose.SlowDown;
            }

            if (seat.Socket is { } old)
            {
                seat.Socket = null;
                counters.MemberLeft();
                TellOthers(room, seat, other => other.Outbox.SayLeft(old, new ServerSignal.Left(seat.Id, false), drop: true));
                old.Close(RelayClose.Replaced);
            }

            SitDown(socket, room, seat, cameBack: true, Joined(room, seat, rejoin.Token));
            TellOthers(room, seat, other => other.Outbox.SayArrived(new ServerSignal.Arrived(seat.Id, seat.Role)));
            if (seat.Id == room.Opener && room.LapsedUntold)
            {
                room.LapsedUntold = false;
                socket.Outbox.Say(new ServerSignal.Expired());
            }

            counters.Rejoined();
            log.Rejoined(Masked(room.Id), seat.Id);
            return null;
        }
    }

    /// <summary>A room that could not be stored is not kept: after a restart its members could not come back.</summary>
    private async Task SaveOrEndAsync(Room room, List<RoomChange> changes)
    {
        try
        {
            await store.SaveAsync([.. changes]);
        }
        catch (StorageException)
        {
            End(room);
            throw;
        }
    }

    /// <param name="first">The first thing it hears: others send to it, without this lock, as soon as it has its seat.</param>
    private void SitDown(RelaySocket socket, Room room, Seat seat, bool cameBack, ServerSignal first)
    {
        socket.Enter(room, seat, cameBack);
        socket.Outbox.Say(first);
        seat.Socket = socket;
        seat.LentAt = Now;
        counters.MemberCame();
        if (seat.Id == room.Opener)
        {
            room.OpenerAway = null;
        }
    }

    private ServerSignal.Joined Joined(Room room, Seat seat, string token) => new(room.Id, seat.Id, token,
        [.. room.Seats.Where(other => other != seat).Select(other => new MemberState(other.Id, other.Role, other.Socket is not null))],
        RelayLimits.Window, stun.Port, turn.For(room.Id, seat.Id));

    private static RoomChange.Entered Entered(Room room, Seat seat) =>
        new(room.Id, seat.Id, seat.Role == MemberRole.Host ? "host" : "viewer", Convert.ToHexString(seat.TokenHash));
}
