namespace Alongside.Host.Room;

/// <summary>What the person in front of the desktop is told about room and code, in one place.</summary>
internal static class RoomWords
{
    public const string WrongCode = "Somebody typed a wrong code. This is your new one.";
    public const string Lapsed = "The old code has lapsed. This is your new one.";
    public const string WrongCodeJoined = "The code did not match, and can't be tried again. Ask your helper for a new one.";
    public const string RoomEnded = "The room has ended.";
    public const string RoomLost = "The server has ended the room. A new one is being opened.";
    public const string Broken = "The connection to the server is lost. It is tried again; nothing has to be done.";
    public const string Back = "The server is there again.";
    public const string HelperLeft = "Your helper has left.";
    public const string NoSuchRoom = "There is no such room: the number is wrong, or its ten minutes are over. Ask your helper for a new code.";

    public static string Guessed(TimeSpan pause) =>
        $"Somebody types one wrong code after the other. Your next one comes in {pause.TotalSeconds:0} seconds; the link works meanwhile.";

    public static string Away(Uri server, string reason) => $"{server.GetLeftPart(UriPartial.Authority)} does not answer ({reason.TrimEnd('.')}). It is tried again.";
}
