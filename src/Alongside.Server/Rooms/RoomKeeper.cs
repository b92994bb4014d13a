using Alongside.Core.Relay;
using Alongside.Core.Wire;
using Alongside.Server.Direct;
using Alongside.Server.Health;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Storage;

namespace Alongside.Server.Rooms;

/// <summary>
/// All rooms of this server: who may enter, who is here, which numbers lead where, and when something lapses. Memory is what counts while the
/// process runs; what must survive it is stored before anybody is told (docs/protocol/relay.md). Times are since the process began, as nobody is to lose a place when somebody sets the clock;
/// only the database has dates.
/// Changes happen under one lock, never while waiting for the database; the relay reads rooms without it.
/// </summary>
public sealed partial class RoomKeeper(ServerSettings settings, RoomStore store, SourceLimits limits, RelayCounters counters, TimeProvider time,
    StunPort stun, TurnOffers turn, ILogger<RoomKeeper> log)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Room> rooms = [];
    private readonly Numbers numbers = new();
    private readonly long began = time.GetTimestamp();

    public int RoomCount
    {
        get
        {
            lock (gate)
            {
                return rooms.Count;
            }
        }
    }

    public int NumbersTaken
    {
        get
        {
            lock (gate)
            {
                return numbers.Taken;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(began);

    /// <summary>Takes up what was stored. All members are away from this moment.</summary>
    public async Task LoadAsync(CancellationToken cancel)
    {
        var (roomRows, memberRows, numberRows) = await store.LoadAsync(cancel);
        var now = Now;
        lock (gate)
        {
            foreach (var row in roomRows)
            {
                rooms[row.Id] = new Room(row.Id, (ushort)row.Opener, new Budget(settings.JoinsPerRoom)) { NextMember = row.NextMember, OpenerAway = now };
            }

            foreach (var row in memberRows)
            {
                var role = row.Role == "host" ? MemberRole.Host : MemberRole.Viewer;
                rooms[row.Room].Add(new Seat((ushort)row.Id, role, Convert.FromHexString(row.TokenHash)) { AwaySince = now });
            }

            foreach (var row in numberRows)
            {
                var room = row.Room is null ? null : rooms.GetValueOrDefault(row.Room);
                numbers.Put(row.Number, room, now + Left(row.Free, settings.NumberLife * 2));
                if (room is not null)
                {
                    room.Number = row.Number;
                    room.NumberSince = now;
                    room.NumberLapses = now + Left(row.Lapses, settings.NumberLife);
                    room.NumberWasUsed = true;
                }
            }
        }

        log.Loaded(roomRows.Length, memberRows.Length);
    }

    /// <summary>A later message. Returns why the socket is to be closed, or null.</summary>
    public RelayClose? Handle(RelaySocket socket, ClientSignal signal)
    {
        var room = socket.Room!;
        var isOpener = socket.Seat!.Id == room.Opener;
        switch (signal)
        {
            case ClientSignal.Remove remove:
                return Remove(room, socket.Seat, remove.Member);
            case ClientSignal.Open or ClientSignal.Join or ClientSignal.Rejoin:
                throw new ProtocolException("It is in a room already.");
            case var _ when !isOpener:
                return RelayClose.NotYours;
            case ClientSignal.NewNumber:
                Renew(socket, room);
                return null;
            case ClientSignal.DropNumber:
                lock (gate)
                {
                    room.WantsNumber = false;
                    GiveUpNumber(room);
                }

                return null;
            case ClientSignal.Close:
                End(room);
                return null;
            default:
                throw new ProtocolException("A message was not understood.");
        }
    }

    /// <summary>A socket is gone; its member may come back unless it left in order.</summary>
    public void Leave(RelaySocket socket, bool orderly)
    {
        if (socket.Room is not { } room || socket.Seat is not { } seat)
        {
            return;
        }

        lock (gate)
        {
            if (seat.Socket != socket)
            {
                return;
            }

            seat.Socket = null;
            seat.AwaySince = Now;
            if (seat.Id == room.Opener)
            {
                room.OpenerAway = seat.AwaySince;
            }

            counters.MemberLeft();
            if (orderly)
            {
                Forget(room, seat);
            }

            TellOthers(room, seat, other => other.Outbox.SayLeft(socket, new ServerSignal.Left(seat.Id, orderly), drop: false));
        }
    }

    /// <summary>Lets lapse what has lapsed. Called every second.</summary>
    public void Sweep()
    {
        var now = Now;
        lock (gate)
        {
            foreach (var room in rooms.Values.ToArray())
            {
                if (room.OpenerAway is { } since && now - since >= settings.Away)
                {
                    EndLocked(room, RelayClose.NoRoom);
                    continue;
                }

                if (room.Number is not null && room.NumberLapses <= now)
                {
                    GiveUpNumber(room);
                    if (room.Find(room.Opener)?.Socket is { } opener)
                    {
                        opener.Outbox.Say(new ServerSignal.Expired());
                    }
                    else
                    {
                        room.LapsedUntold = true;
                    }
                }

                foreach (var seat in room.Seats)
                {
                    if (seat.Socket is { } socket && now - seat.LentAt >= TurnOffers.Renewal)
                    {
                        LendAnew(room, seat, socket, now);
                    }

                    if (seat.Socket is null && now - seat.AwaySince >= settings.Away)
                    {
                        Forget(room, seat);
                        TellOthers(room, seat, other => other.Outbox.SayLeft(null, new ServerSignal.Left(seat.Id, true), drop: false));
                    }
                }
            }

            if (numbers.Free(now) > 0)
            {
                store.Save(new RoomChange.Rested(time.GetUtcNow()));
            }
        }
    }

    /// <summary>A role is what somebody says of themselves: a host that came into a helper's room puts viewers out of it, and neither the helper nor another host.</summary>
    private RelayClose? Remove(Room room, Seat by, ushort member)
    {
        lock (gate)
        {
            if (member == room.Opener || (by.Id != room.Opener && by.Role != MemberRole.Host))
            {
                return RelayClose.NotYours;
            }

            if (room.Find(member) is not { } seat)
            {
                return null;
            }

            if (by.Id != room.Opener && seat.Role == MemberRole.Host)
            {
                return RelayClose.NotYours;
            }

            var socket = seat.Socket;
            if (socket is not null)
            {
                seat.Socket = null;
                counters.MemberLeft();
                socket.Close(RelayClose.Removed);
            }

            Forget(room, seat);
            TellOthers(room, seat, other => other.Outbox.SayLeft(socket, new ServerSignal.Left(seat.Id, true), drop: false));
        }

        return null;
    }

    private void End(Room room)
    {
        lock (gate)
        {
            EndLocked(room, RelayClose.Ended);
        }
    }

    /// <param name="why">Somebody closed it, or it has lapsed: those within may go on without it where they can.</param>
    private void EndLocked(Room room, RelayClose why)
    {
        if (room.Ended)
        {
            return;
        }

        GiveUpNumber(room);
        room.Ended = true;
        rooms.Remove(room.Id);
        foreach (var seat in room.Seats)
        {
            if (seat.Socket is { } socket)
            {
                seat.Socket = null;
                counters.MemberLeft();
                socket.Close(why);
            }
        }

        store.Save(new RoomChange.Ended(room.Id));
        log.Ended(Masked(room.Id));
    }

    private void Forget(Room room, Seat seat)
    {
        room.Remove(seat);
        store.Save(new RoomChange.Gone(room.Id, seat.Id));
        if (seat.Id == room.Opener)
        {
            GiveUpNumber(room);
        }
    }

    private void LendAnew(Room room, Seat seat, RelaySocket socket, TimeSpan now)
    {
        seat.LentAt = now;
        if (turn.For(room.Id, seat.Id) is { } offer)
        {
            socket.Outbox.Say(new ServerSignal.Lent(offer));
        }
    }

    private static void TellOthers(Room room, Seat seat, Action<RelaySocket> tell)
    {
        foreach (var other in room.Seats)
        {
            if (other != seat && other.Socket is { } socket)
            {
                tell(socket);
            }
        }
    }

    /// <summary>From a date in the database; never longer than it can be, whatever the clock did meanwhile.</summary>
    private TimeSpan Left(long milliseconds, TimeSpan most)
    {
        var left = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) - time.GetUtcNow();
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < most ? left : most;
    }

    /// <summary>Enough of an id to follow a room through the log, not enough to enter it.</summary>
    private static string Masked(string id) => id[..6];
}
