namespace Alongside.Core.Session;

/// <summary>
/// Where a session's payloads go: the relay now, a direct path later. Keeps the order of what one receiver is sent, and never holds more than a
/// window for each.
/// </summary>
public interface IPath
{
    /// <summary>Payload bytes that may be sent to a member now; 0 when it is away.</summary>
    int Window(ushort member);

    /// <summary>Sends one payload to all of these members or, when one has no room for it, to none. The bytes are copied.</summary>
    bool TrySend(ReadOnlySpan<ushort> to, ReadOnlySpan<byte> payload);
}
