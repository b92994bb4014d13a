using Alongside.Core.Relay;

namespace Alongside.Server.Health;

/// <summary>
/// Every message of the server's log. None holds a token, a number, a whole room id or anything a participant wrote; addresses stand only
/// where an operator has to act on them, once a minute for each (<see cref="Limits.SourceLimits.TryTell"/>).
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {Url}.")]
    public static partial void Listening(this ILogger log, string url);

    [LoggerMessage(2, LogLevel.Information, "Took up {Rooms} rooms with {Members} members from the database.")]
    public static partial void Loaded(this ILogger log, int rooms, int members);

    [LoggerMessage(3, LogLevel.Information, "Stopping; {Sockets} connections are told to come back.")]
    public static partial void Draining(this ILogger log, int sockets);

    [LoggerMessage(4, LogLevel.Information, "The certificate's fingerprint is {Fingerprint} (SHA-256, base64url).")]
    public static partial void Fingerprint(this ILogger log, string fingerprint);

    [LoggerMessage(5, LogLevel.Warning, "The certificate files cannot be read; the old certificate stays in use. {Reason}")]
    public static partial void CertificateStays(this ILogger log, string reason);

    [LoggerMessage(6, LogLevel.Warning, "There are no pages in {Directory}; the relay works without.")]
    public static partial void NoPages(this ILogger log, string directory);

    [LoggerMessage(7, LogLevel.Warning, "UDP port {Port} cannot be listened at, so nobody learns their address here; sessions work, relayed more often. {Reason}")]
    public static partial void NoStun(this ILogger log, int port, string reason);

    [LoggerMessage(10, LogLevel.Information, "Room {Room}: opened by a {Role}.")]
    public static partial void Opened(this ILogger log, string room, MemberRole role);

    [LoggerMessage(11, LogLevel.Information, "Room {Room}: member {Member} joined as {Role}.")]
    public static partial void Joined(this ILogger log, string room, ushort member, MemberRole role);

    [LoggerMessage(12, LogLevel.Information, "Room {Room}: member {Member} is back.")]
    public static partial void Rejoined(this ILogger log, string room, ushort member);

    [LoggerMessage(13, LogLevel.Information, "Room {Room}: ended.")]
    public static partial void Ended(this ILogger log, string room);

    [LoggerMessage(20, LogLevel.Warning, "A page of {Origin} tried to open a socket and was refused.")]
    public static partial void ForeignOrigin(this ILogger log, string origin);

    [LoggerMessage(21, LogLevel.Warning, "{Address} has too many connections open.")]
    public static partial void TooManySockets(this ILogger log, string address);

    [LoggerMessage(22, LogLevel.Warning, "{Address} was told to slow down.")]
    public static partial void SlowedDown(this ILogger log, string address);

    [LoggerMessage(23, LogLevel.Warning, "More than {Most} MB waited for receivers that read too slowly. Whoever answers for most of it, and holds {Held} kB, was dropped and may come back.")]
    public static partial void DroppedFull(this ILogger log, long most, long held);

    [LoggerMessage(24, LogLevel.Error, "All {Most} connections that this program has files for (LimitNOFILE) are open; further ones are closed.")]
    public static partial void Full(this ILogger log, int most);

    [LoggerMessage(30, LogLevel.Error, "Changes could not be stored.")]
    public static partial void NotStored(this ILogger log, Exception error);

    [LoggerMessage(31, LogLevel.Error, "Something gone could not be removed from the database. {Reason}")]
    public static partial void NotForgotten(this ILogger log, string reason);

    [LoggerMessage(32, LogLevel.Error, "A connection ended by our own mistake.")]
    public static partial void OurMistake(this ILogger log, Exception error);
}
