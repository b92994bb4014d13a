namespace Alongside.Core.Relay;

/// <summary>
/// What happens in the room, as one member hears it. Calls come one at a time, in the order in which the server told them,
/// from the client's receive loop (a thread of the pool, not always the same one) with no lock held, so calling the client back
/// is fine. A call that blocks stops the receiving; one that throws ends the client with <see cref="Ended"/>.
/// </summary>
public interface IRelaySink
{
    /// <summary>The room is open and this member is in it. <paramref name="number"/> is null when none was asked for.</summary>
    void Opened(string room, ushort member, string? number, int seconds);

    /// <summary>This member has entered. <see cref="Arrived"/> follows for everybody who is here.</summary>
    void Joined(string room, ushort member);

    /// <summary>A new number, good for so many seconds.</summary>
    void Number(string number, int seconds);

    /// <summary>The number has lapsed. The room goes on.</summary>
    void NumberExpired();

    /// <summary>A member came in or came back; its window is full.</summary>
    void Arrived(ushort member, MemberRole role);

    /// <summary>A member's connection is gone. With <paramref name="gone"/> it will not come back; its id is never used again.</summary>
    void Left(ushort member, bool gone);

    /// <summary>Bytes from a member. The span is good during the call only.</summary>
    void Payload(ushort from, ReadOnlySpan<byte> payload);

    /// <summary>Bytes were given back: there is more room for this member than before, whether or not a send was refused.</summary>
    void WindowOpened(ushort member);

    /// <summary>The connection is lost; the client tries to come back by itself. What was underway either way may be lost.</summary>
    void Broken();

    /// <summary>The same place again after <see cref="Broken"/>. <see cref="Left"/> follows for those who went meanwhile,
    /// <see cref="Arrived"/> for everybody who is here; all windows are full.</summary>
    void Back();

    /// <summary>It is over and stays so. A close code of the server, or 1000 after an orderly end, or 1006 when there was no answer.</summary>
    void Ended(int code, string reason);
}
