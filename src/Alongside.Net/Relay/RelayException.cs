namespace Alongside.Net.Relay;

/// <summary>A room could not be entered: the close code and the reason in words.</summary>
public sealed class RelayException(int code, string reason) : Exception(reason)
{
    /// <summary>A code of docs/protocol/relay.md, or 1006 when there was no answer.</summary>
    public int Code { get; } = code;
}
