using Alongside.Core.Relay;
using Alongside.Server.Limits;
using Alongside.Server.Relay;
using Alongside.Server.Storage;

namespace Alongside.Server.Rooms;

/// <summary>A room's number: taken, renewed, given up.</summary>
public sealed partial class RoomKeeper
{
    /// <summary>A number that was out for so long stands on somebody's note.</summary>
    private static readonly TimeSpan Noted = TimeSpan.FromMinutes(1);

    /// <summary>Between two tries to get a number.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(32);

    /// <summary>Gives up the number and looks for another. Whoever asks again meanwhile asks for what is looked for.</summary>
    private void Renew(RelaySocket socket, Room room)
    {
        lock (gate)
        {
            room.WantsNumber = true;
            if (room.IsRenewing)
            {
                return;
            }

            room.IsRenewing = true;
            GiveUpNumber(room);
        }

        _ = RenewAsync(socket, room);
    }

    /// <summary>
    /// A new number in place of the old one. As long as the limits or the database do not let it be the room has none, its opener is told so once, and it is tried again:
    /// a seated socket is not closed for it. Nobody waits for this: a database that hangs holds up no frame.
    /// </summary>
    private async Task RenewAsync(RelaySocket socket, Room room)
    {
        var paid = false;
        for (var pause = ShortestPause; ; pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            List<RoomChange> changes = [];
            paid = paid || limits.TryTakeRoom(socket.Source);
            lock (gate)
            {
                if (!GoesOnRenewing(room))
                {
                    return;
                }

                if (paid)
                {
                    TakeNumber(room, socket.Source, changes);
                }
            }

            if (changes.Count > 0 && await IsSavedAsync(changes).ConfigureAwait(false) && TryTellNumber(room))
            {
                return;
            }

            if (pause == ShortestPause)
            {
                socket.Outbox.Say(new ServerSignal.Expired());
            }

            await Task.Delay(pause, time).ConfigureAwait(false);
        }
    }

    /// <summary>Under the lock. An opener that is away hears when it is back that it is to ask again.</summary>
    private bool GoesOnRenewing(Room room)
    {
        var isHere = room.Find(room.Opener)?.Socket is not null;
        if (room.WantsNumber && isHere && !room.Ended)
        {
            return true;
        }

        room.LapsedUntold |= room.WantsNumber && !isHere;
        room.WantsNumber = room.IsRenewing = false;
        GiveUpNumber(room);
        return false;
    }

    /// <summary>The number is stored. False: it was given up meanwhile, or nobody is here to hear of it.</summary>
    private bool TryTellNumber(Room room)
    {
        lock (gate)
        {
            if (room.Number is not { } number || !room.WantsNumber || room.Find(room.Opener)?.Socket is not { } opener)
            {
                return false;
            }

            room.WantsNumber = room.IsRenewing = false;
            opener.Outbox.Say(new ServerSignal.Number(number, SecondsLeft(room)));
            return true;
        }
    }

    private async Task<bool> IsSavedAsync(List<RoomChange> changes)
    {
        try
        {
            await store.SaveAsync([.. changes]).ConfigureAwait(false);
            return true;
        }
        catch (StorageException)
        {
            return false;
        }
    }

    /// <summary>Takes a number for the room, or has the one that nobody could be told of yet live from now on.</summary>
    private bool TakeNumber(Room room, Source source, List<RoomChange> changes)
    {
        var now = Now;
        var life = settings.NumberLife;
        if ((room.Number ?? numbers.Take(room, now + (life * 2), source, settings.NumbersPerSource)) is not { } number)
        {
            return false;
        }

        numbers.Put(number, room, now + (life * 2));
        room.Number = number;
        room.NumberSince = now;
        room.NumberLapses = now + life;
        room.NumberWasUsed = false;
        room.LapsedUntold = false;
        var date = time.GetUtcNow();
        changes.Add(new RoomChange.Number(number, room.Id, date + life, date + (life * 2)));
        return true;
    }

    /// <summary>It rests, unless nobody can have made much of it: given out a moment ago, and nobody came by it. Who takes one after the other would use them up otherwise.</summary>
    private void GiveUpNumber(Room room)
    {
        if (room.Number is { } number)
        {
            var rest = room.NumberWasUsed || Now - room.NumberSince >= Noted ? settings.NumberLife : TimeSpan.Zero;
            room.Number = null;
            numbers.Rest(number, Now + rest);
            var date = time.GetUtcNow();
            store.Save(new RoomChange.Number(number, null, date, date + rest));
        }
    }

    private int SecondsLeft(Room room) => (int)Math.Max(0, Math.Round((room.NumberLapses - Now).TotalSeconds));
}
