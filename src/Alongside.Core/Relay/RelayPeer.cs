using Alongside.Core.Wire;

namespace Alongside.Core.Relay;

/// <summary>
/// The client's side of the relay as a state machine: entering a room, who else is in it, what may be sent to whom, and whether
/// a lost connection is worth trying again. It owns no socket and no clock. Its driver calls it under one lock, sends
/// <see cref="FirstMessage"/> after every connect, and drains <see cref="TryPoll"/> after every call.
/// <code>
/// Entering -> Here &lt;-> Away -> Ended
/// </code>
/// Lost at a break: everything underway. Windows start full again on both sides.
/// </summary>
public sealed class RelayPeer
{
    private readonly MemberRole role;
    private readonly string? place;
    private readonly bool withNumber;
    private readonly Dictionary<ushort, Member> members = [];
    private readonly Queue<RelayEvent> events = new();
    private State state;
    private string room = "";
    private string token = "";
    private ushort self;
    private int window;
    private string? serverWords;

    private RelayPeer(MemberRole role, string? place, bool withNumber)
    {
        this.role = role;
        this.place = place;
        this.withNumber = withNumber;
    }

    private enum State
    {
        Entering,
        Here,
        Away,
        Ended,
    }

    public bool IsHere => state == State.Here;

    public bool HasEnded => state == State.Ended;

    /// <summary>
    /// Who sends is told of arrivals later than they come, and says by <see cref="HasHeardOf"/> when it has been: until then nothing is sent to who came in anew. What there is to be sent was meant
    /// for who was there before: an answer to a handshake of before would be taken for the answer to the next.
    /// </summary>
    public bool ArrivalsAreHeardLater { get; init; }

    /// <summary>The server asked for fewer tries when it last closed the connection.</summary>
    public bool SlowDown { get; private set; }

    /// <summary>The server's UDP port for STUN, as it last said; null: it has none.</summary>
    public int? StunPort { get; private set; }

    /// <summary>TURN servers that may be used, as the server last said, for as long as it said; null: none.</summary>
    public TurnOffer? Turn { get; private set; }

    public static RelayPeer ToOpen(MemberRole role, bool withNumber, bool arrivalsAreHeardLater = false) =>
        new(role, null, withNumber) { ArrivalsAreHeardLater = arrivalsAreHeardLater };

    /// <param name="role">What this member comes as.</param>
    /// <param name="place">A number of three to five digits, or a room's id of 22 characters.</param>
    /// <param name="arrivalsAreHeardLater">See <see cref="ArrivalsAreHeardLater"/>.</param>
    /// <exception cref="ArgumentException">Neither of the two.</exception>
    public static RelayPeer ToJoin(MemberRole role, string place, bool arrivalsAreHeardLater = false) =>
        SignalJson.IsNumber(place) || SignalJson.IsId(place)
            ? new RelayPeer(role, place, withNumber: false) { ArrivalsAreHeardLater = arrivalsAreHeardLater }
            : throw new ArgumentException("A room is named by its number of three to five digits or by its id of 22 characters.", nameof(place));

    /// <summary>What to say first on a new connection: open, join, or rejoin with the token.</summary>
    public ClientSignal FirstMessage() => state == State.Away ? new ClientSignal.Rejoin(RelayLimits.Version, room, self, token)
        : place is null ? new ClientSignal.Open(RelayLimits.Version, role, withNumber)
        : SignalJson.IsNumber(place) ? new ClientSignal.Join(RelayLimits.Version, role, Number: place)
        : new ClientSignal.Join(RelayLimits.Version, role, Room: place);

    /// <summary>Bytes that may be sent to a member now; 0 when it or this side is away.</summary>
    public int Window(ushort member) => state == State.Here && members.TryGetValue(member, out var other) && other.Here && other.Unheard == 0 ? other.Window : 0;

    /// <summary>One more of a member's arrivals is known to who sends.</summary>
    public void HasHeardOf(ushort member)
    {
        if (members.TryGetValue(member, out var known) && known.Unheard > 0)
        {
            known.Unheard--;
        }
    }

    /// <summary>Takes a payload's bytes out of the windows of all its receivers, or of none.</summary>
    public bool TryReserve(ReadOnlySpan<ushort> to, int bytes)
    {
        var all = true;
        foreach (var receiver in to)
        {
            if (Window(receiver) < bytes)
            {
                all = false;
                break;
            }
        }

        if (!all)
        {
            return false;
        }

        foreach (var receiver in to)
        {
            members[receiver].Window -= bytes;
        }

        return true;
    }

    /// <exception cref="ProtocolException">The server said something wrong or at the wrong time.</exception>
    public void HandleText(ReadOnlySpan<byte> utf8)
    {
        switch (SignalJson.ReadServer(utf8))
        {
            case ServerSignal.Opened opened when state == State.Entering && place is null:
                Enter(opened.Room, opened.Member, opened.Token, opened.Window, opened.Stun, opened.Turn);
                events.Enqueue(new(RelayEventKind.Opened, self, Room: room, Text: opened.Digits, Number: opened.Seconds ?? 0));
                break;
            case ServerSignal.Joined joined when state == State.Entering && place is not null:
                Enter(joined.Room, joined.Member, joined.Token, joined.Window, joined.Stun, joined.Turn);
                events.Enqueue(new(RelayEventKind.Joined, self, Room: room));
                Meet(joined.Members);
                break;
            case ServerSignal.Joined joined when state == State.Away && joined.Room == room && joined.Member == self:
                Enter(joined.Room, joined.Member, joined.Token, joined.Window, joined.Stun, joined.Turn);
                events.Enqueue(new(RelayEventKind.Back));
                Meet(joined.Members);
                break;
            case ServerSignal.Error error:
                serverWords = error.Message;
                break;
            case ServerSignal.Opened or ServerSignal.Joined:
                throw new ProtocolException("The server answered what was not asked.");
            case null:
                break;
            case var signal when state == State.Here:
                HandleInRoom(signal);
                break;
            default:
                throw new ProtocolException("The server spoke of a room before there was one.");
        }
    }

    /// <summary>A binary message. Returns a payload and who sent it; empty when it was a window update, or came before we were told that we are in: who sent it did not know that
    /// we are here, and it is lost as what comes to somebody who is away.</summary>
    /// <exception cref="ProtocolException">Malformed.</exception>
    public ReadOnlySpan<byte> HandleBinary(ReadOnlySpan<byte> message, out ushort from)
    {
        if (state != State.Here)
        {
            from = 0;
            return default;
        }

        RelayFrames.ReadFromServer(message, out from, out var payload, out var bytes);
        if (payload.IsEmpty && members.TryGetValue(from, out var other))
        {
            // Bytes from before a break may still be given back after it; there is never more than the whole window.
            other.Window = (int)Math.Min(window, other.Window + (long)bytes);
            events.Enqueue(new(RelayEventKind.WindowOpened, from));
        }

        return payload;
    }

    /// <summary>The connection is gone, or there was no connecting at all.</summary>
    /// <param name="code">The server's close code; null when it closed without one.</param>
    /// <param name="reason">Words for the case that this is the end.</param>
    public void HandleClosed(int? code, string reason)
    {
        if (state == State.Ended)
        {
            return;
        }

        var close = (RelayClose)(code ?? 1006);
        SlowDown = close == RelayClose.SlowDown;
        if (state == State.Entering || close.LosesPlace())
        {
            End((int)close, serverWords ?? reason);
            return;
        }

        serverWords = null;
        if (state == State.Here)
        {
            state = State.Away;
            events.Enqueue(new(RelayEventKind.Broken));
        }
    }

    /// <summary>This side wants no more. Nothing is tried again.</summary>
    public void End(int code, string reason)
    {
        if (state != State.Ended)
        {
            state = State.Ended;
            events.Enqueue(new(RelayEventKind.Ended, Number: code, Text: reason));
        }
    }

    public bool TryPoll(out RelayEvent happened) => events.TryDequeue(out happened);

    private void Enter(string inRoom, ushort member, string withToken, int withWindow, int? stun, TurnOffer? turn)
    {
        StunPort = stun;
        Turn = turn;
        state = State.Here;
        room = inRoom;
        self = member;
        token = withToken;
        window = withWindow;
        SlowDown = false;
    }

    private void Meet(MemberState[] present)
    {
        foreach (var id in members.Keys.Where(id => !Array.Exists(present, member => member.Member == id)).ToArray())
        {
            members.Remove(id);
            events.Enqueue(new(RelayEventKind.Left, id, Gone: true));
        }

        foreach (var member in present)
        {
            var known = members.TryGetValue(member.Member, out var other);
            int unheard = known ? other!.Unheard : 0;
            members[member.Member] = new Member(window, member.Here) { Unheard = unheard };
            if (member.Here)
            {
                Arrive(members[member.Member]);
                events.Enqueue(new(RelayEventKind.Arrived, member.Member, member.Role));
            }
            else if (known && other!.Here)
            {
                events.Enqueue(new(RelayEventKind.Left, member.Member));
            }
        }
    }

    private void HandleInRoom(ServerSignal signal)
    {
        switch (signal)
        {
            case ServerSignal.Number number:
                events.Enqueue(new(RelayEventKind.Number, Text: number.Digits, Number: number.Seconds));
                break;
            case ServerSignal.Lent lent:
                Turn = lent.Offer;
                break;
            case ServerSignal.Expired:
                events.Enqueue(new(RelayEventKind.NumberExpired));
                break;
            case ServerSignal.Arrived arrived:
                members[arrived.Member] = new Member(window, here: true) { Unheard = members.GetValueOrDefault(arrived.Member)?.Unheard ?? 0 };
                Arrive(members[arrived.Member]);
                events.Enqueue(new(RelayEventKind.Arrived, arrived.Member, arrived.Role));
                break;
            case ServerSignal.Left left when members.TryGetValue(left.Member, out var other):
                other.Here = false;
                if (left.Gone)
                {
                    members.Remove(left.Member);
                }

                events.Enqueue(new(RelayEventKind.Left, left.Member, Gone: left.Gone));
                break;
        }
    }

    private void Arrive(Member member) => member.Unheard += ArrivalsAreHeardLater ? 1 : 0;

    private sealed class Member(int window, bool here)
    {
        /// <summary>Arrivals that who sends does not know of yet.</summary>
        public int Unheard { get; set; }

        public int Window { get; set; } = window;

        public bool Here { get; set; } = here;
    }
}
